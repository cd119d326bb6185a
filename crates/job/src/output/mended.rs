//! What Python writes as JSON and JSON does not know.
//!
//! Whether a line has to be mended at all is left to `line`.

use assay_problem::mend_surrogates;
use std::borrow::Cow;

/// Replaces, so that the rest of a line can be read:
///
/// - outside of texts `NaN`, `Infinity`, `-Infinity` and numbers beyond the range of `f64` by `null`: there is no number.
/// - in texts the escape of one half of a character (`\ud83d` alone, where a text was cut) by that of U+FFFD.
///
/// Nothing else is touched, so what is broken in another way stays so.
pub(super) fn mended(text: &str) -> Cow<'_, str> {
    match mend_surrogates(text) {
        Cow::Borrowed(text) => without_non_numbers(text),
        Cow::Owned(text) => Cow::Owned(without_non_numbers(&text).into_owned()),
    }
}

fn without_non_numbers(text: &str) -> Cow<'_, str> {
    let mut whole = String::new();
    let (mut kept, mut place) = (0, 0);
    let bytes = text.as_bytes();
    let mut in_text = false;
    while place < bytes.len() {
        place += match bytes[place] {
            b'"' => {
                in_text = !in_text;
                1
            }
            // Of what follows only a quote matters, which this one does not end the text.
            b'\\' if in_text => 2,
            byte if !in_text && is_of_token(byte) => {
                let length = bytes[place..].iter().take_while(|byte| is_of_token(**byte)).count();
                if is_no_number(&text[place..place + length]) {
                    whole.push_str(&text[kept..place]);
                    whole.push_str("null");
                    kept = place + length;
                }
                length
            }
            _ => 1,
        };
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
    fn halves_of_characters_are_replaced_beside_them() {
        assert_eq!(mended(r#"{"a":NaN,"b":"\ud83d NaN"}"#), r#"{"a":null,"b":"\ufffd NaN"}"#);
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
