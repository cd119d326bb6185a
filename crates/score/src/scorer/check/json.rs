//! Whether a text is JSON, and whether two JSON values are equal, as JavaScript answers.
//!
//! serde_json, when it makes a value, refuses some texts that are JSON: escapes of half a surrogate pair, numbers beyond a
//! double's range and deep nesting. When it ignores a value it takes all of them, without recursion.

use serde::de::IgnoredAny;
use serde_json::Value;

/// The byte from which on the text is not JSON, as far as serde_json has come: its end, where it ends too early. `None` for a
/// text that is JSON.
pub(super) fn fault(text: &str) -> Option<usize> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    if error.is_eof() {
        return Some(text.len());
    }
    // Lines count from 1, and so does the column of the byte that does not fit; column 0 is the line break before the line.
    let before: usize = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
    let place = (before + error.column()).saturating_sub(1);
    // A broken `\u` is noticed at the last of its four bytes, which may be in the middle of a character.
    Some(text.floor_char_boundary(place))
}

/// Deep equality: the order of keys does not matter, and numbers are doubles, so that `1` equals `1.0`.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(key, left): (&String, &Value)| right.get(key).is_some_and(|right| equal(left, right));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fault_is_located() {
        for (text, place) in [
            ("", 0),
            ("[1,]", 3),
            ("{\"a\":1", 6),
            ("[1] 2", 4),
            ("{\"a\" 1}", 5),
            ("01", 1),
            ("[}", 1),
            ("[1,\n2,\n\u{e9}]", 7),
            ("\"\\ud8\u{e9}\"", 5),
            ("t\nrue", 1),
            ("nul\n", 3),
        ] {
            assert_eq!(fault(text), Some(place), "{text:?}");
        }
    }

    #[test]
    fn nesting_and_length_have_no_limit() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(fault(&deep), None);
        assert_eq!(fault(&deep[1..]), Some(deep.len() - 2));
        for text in ["[\"\\ud800\", 1e999]", "\"\\udc00\\ud800\"", "-1e-99999", "9".repeat(999).as_str()] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn equality_is_javascripts() {
        let equal = |left: &str, right: &str| {
            equal(&serde_json::from_str(left).unwrap(), &serde_json::from_str(right).unwrap())
        };
        assert!(equal(r#"{"a":1,"b":[2.0]}"#, r#"{"b":[2],"a":1e0}"#));
        assert!(!equal("[1,2]", "[2,1]"));
        assert!(!equal("[1]", "[1,1]"));
        assert!(!equal(r#"{"a":1}"#, r#"{"a":1,"b":1}"#));
        assert!(!equal("1", r#""1""#));
        assert!(!equal("0", "false"));
    }

    proptest! {
        /// A text that serde_json makes a value of is JSON; a fault lies within the text, between two characters.
        #[test]
        fn a_fault_lies_within_the_text(text in r#"([\[\]{},:"0-9.eE+\-truefalsn \\a\n\t\x00é]|"a":|\\u|\\ud8|null|true){0,12}"#) {
            let fault = fault(&text);
            if serde_json::from_str::<Value>(&text).is_ok() {
                prop_assert_eq!(fault, None, "{:?}", text);
            }
            if let Some(place) = fault {
                prop_assert!(text.is_char_boundary(place), "{:?} {}", text, place);
            }
        }

        /// Texts that are JSON are rare among random ones; these all are.
        #[test]
        fn what_serde_json_writes_is_json(words in prop::collection::vec("[a-z\"\\\\\n\u{e9}]{0,4}", 0..5), number in any::<i32>()) {
            let value = serde_json::json!({"words": words, "more": [number, {"x": null, "y": [true, []]}], "z": {}});
            prop_assert_eq!(fault(&serde_json::to_string_pretty(&value).unwrap()), None);
        }
    }
}
