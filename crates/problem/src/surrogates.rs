//! JSON in which a text was cut in the middle of a character, as some programs write it and no strict reader takes it.

use std::borrow::Cow;

/// Replaces the escape of half a surrogate pair (`\ud83d` alone) by that of U+FFFD, so that the rest of a JSON text can be read.
///
/// Nothing else is touched, so what is broken in another way stays so. A text in which nothing is replaced is borrowed.
pub fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let (mut mended, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(step) = text[at..].find('\\') {
        at += step;
        let escape = &text[at..];
        let length = match unit(escape) {
            Some(0xd800..=0xdbff) if matches!(escape.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => 12,
            Some(0xd800..=0xdfff) => {
                mended.push_str(&text[kept..at]);
                mended.push_str("\\ufffd");
                kept = at + 6;
                6
            }
            Some(_) => 6,
            // The escape of one character, maybe of a backslash; after a backslash at the very end there is nothing.
            None => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        at += length;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[kept..]);
    Cow::Owned(mended)
}

/// The number in an escape `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_replaced_and_whole_ones_stay() {
        for (text, expected) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\ude00 x""#, r#""\ufffd x""#),
            (r#""\ud83d\u0041""#, r#""\ufffd\u0041""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#"{"\uDC00":"\uD83D ä \uD83D"}"#, r#"{"\ufffd":"\ufffd ä \ufffd"}"#),
        ] {
            assert_eq!(mend_surrogates(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            r#"{"a":"\ud83d\ude00","b":"\\ud83d"}"#,
            r#""\"#,
            r#""\u12"#,
            "\"\\ä\" ä",
            "\"\\u00ä0\"",
            r#""\u+d83""#,
            "",
        ] {
            let found = mend_surrogates(text);
            assert!(matches!(found, Cow::Borrowed(_)), "{text}: {found}");
        }
    }
}
