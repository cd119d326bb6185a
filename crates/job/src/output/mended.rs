//! What Python writes as JSON and JSON does not know.
//!
//! Whether a line has to be mended at all is left to `line`.

use std::borrow::Cow;

/// Replaces, so that the rest of a line can be read:
///
/// - outside of texts `NaN`, `Infinity`, `-Infinity` and numbers beyond the range of `f64` by `null`: there is no number.
/// - in texts the escape of one half of a character (`\ud83d` alone, where a text was cut) by that of U+FFFD.
///
/// Nothing else is touched, so what is broken in another way stays so.
pub(super) fn mended(text: &str) -> Cow<'_, str> {
    let mut whole = String::new();
    let (mut kept, mut place) = (0, 0);
    let bytes = text.as_bytes();
    let mut in_text = false;
    while place < bytes.len() {
        let (length, replacement) = match bytes[place] {
            b'"' => {
                in_text = !in_text;
                (1, None)
            }
            b'\\' if in_text => escape(&text[place..]),
            byte if !in_text && is_of_token(byte) => {
                let length = bytes[place..].iter().take_while(|byte| is_of_token(**byte)).count();
                (length, is_no_number(&text[place..place + length]).then_some("null"))
            }
            _ => (1, None),
        };
        if let Some(replacement) = replacement {
            whole.push_str(&text[kept..place]);
            whole.push_str(replacement);
            kept = place + length;
        }
        place += length;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    whole.push_str(&text[kept..]);
    Cow::Owned(whole)
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// Whether a token is what Python writes in place of a number, or a number without end.
fn is_no_number(token: &str) -> bool {
    let python = matches!(token, "NaN" | "Infinity" | "-Infinity");
    let digits = token.bytes().any(|byte| byte.is_ascii_digit());
    python || (digits && token.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// How long the escape is at the beginning of `text`, and what has to stand in its place, if it is half a character.
fn escape(text: &str) -> (usize, Option<&'static str>) {
    match unit(text) {
        Some(0xD800..=0xDBFF) => match text.get(6..).and_then(unit) {
            Some(0xDC00..=0xDFFF) => (12, None),
            _ => (6, Some("\\ufffd")),
        },
        Some(0xDC00..=0xDFFF) => (6, Some("\\ufffd")),
        Some(_) => (6, None),
        // A backslash and what follows it; after a backslash at the very end there is nothing.
        None => (1 + text[1..].chars().next().map_or(0, char::len_utf8), None),
    }
}

/// The number in an escape `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_of_python_become_null_outside_of_texts() {
        for (text, expected) in [
            (r#"{"a":NaN}"#, r#"{"a":null}"#),
            (r#"{"a": -Infinity , "b":[Infinity,1]}"#, r#"{"a": null , "b":[null,1]}"#),
            (r#"{"NaN":"NaN \" NaN","b":NaN}"#, r#"{"NaN":"NaN \" NaN","b":null}"#),
            (r#"{"a":1e999,"b":-1e999}"#, r#"{"a":null,"b":null}"#),
            ("NaN", "null"),
        ] {
            assert_eq!(mended(text), expected);
        }
    }

    #[test]
    fn halves_of_characters_are_replaced_and_whole_ones_stay() {
        for (text, expected) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\ude00 x""#, r#""\ufffd x""#),
            (r#""\ud83d\u0041""#, r#""\ufffd\u0041""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
        ] {
            assert_eq!(mended(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            r#"{"a":"\ud83d\ude00","b":"\\ud83d","c":[true,false,null,-1.5e-7,0]}"#,
            r#"{"a":nan,"b":NaNa,"c":inf,"d":1.2.3}"#,
            r#""\"#,
            r#""\u12"#,
            "\"\\ä\" ä",
            "\"\\u00ä0\"",
        ] {
            let found = mended(text);
            assert!(matches!(found, Cow::Borrowed(_)), "{text}: {found}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_mended_once(text in r#"(NaN|-Infinity|\\ud83d|\\ude00|["\\,:1e9 ä]|\PC){0,40}"#) {
            let once = mended(&text).into_owned();
            prop_assert_eq!(&mended(&once), &once);
        }
    }
}
