//! Reading values that may be anything: what is not there or of another kind is none, never an error.

use assay_problem::mend_surrogates;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The JSON that `text` holds, where it holds an object or a list.
///
/// More is read than the letter of the standard allows: a byte order mark is passed over, and half a surrogate pair becomes
/// the replacement character. Of a key that comes twice, the last counts. What is nested deeper than the parser goes is text.
pub(super) fn parse(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mended = || match mend_surrogates(text) {
        Cow::Owned(mended) => serde_json::from_str(&mended).ok(),
        Cow::Borrowed(_) => None,
    };
    serde_json::from_str(text).ok().or_else(mended)
}

/// The value under `key`, whose first letter may be small or capital: topics write `AlarmName`, events `alarmName`.
pub(super) fn pick<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    let capital = || key.get(..1).zip(key.get(1..)).map(|(first, rest)| first.to_ascii_uppercase() + rest);
    let found = object.get(key).or_else(|| object.get(&capital()?))?;
    (!found.is_null()).then_some(found)
}

/// What is reached by one key after the other.
pub(super) fn path<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| pick(value, key))
}

/// The text under `key`, without spaces around it; none where it is empty. A number or a truth value is its text.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    pick(value, key).and_then(as_text)
}

/// A value as a text, where it is a text, a number or a truth value, and not empty.
pub(super) fn as_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The number under `key`, also where it is written as a text.
pub(super) fn number(value: &Value, key: &str) -> Option<f64> {
    pick(value, key).and_then(as_number)
}

/// A value as a finite number.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// The whole number under `key`.
pub(super) fn whole(value: &Value, key: &str) -> Option<u64> {
    let number = number(value, key)?;
    (number.fract() == 0.0 && (0.0..1e15).contains(&number)).then_some(number as u64)
}

/// The list under `key`; empty where there is none.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    pick(value, key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The object under `key`.
pub(super) fn object<'a>(value: &'a Value, key: &str) -> Option<&'a Map<String, Value>> {
    pick(value, key).and_then(Value::as_object)
}

/// The time under `key`.
pub(super) fn time(value: &Value, key: &str) -> Option<Timestamp> {
    text(value, key).and_then(|text| as_time(&text))
}

/// A time, as CloudWatch (`2026-11-20T08:15:42.123+0000`), other services, or e-mail write it. Documented samples of CloudWatch
/// have stray spaces in their times.
pub(super) fn as_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let rfc2822 = || jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let without_spaces = || text.replace(' ', "").parse().ok();
    text.parse().ok().or_else(rfc2822).or_else(without_spaces)
}

/// Pairs of names and values: an object, or a list of objects such as `{"name": ..., "value": ...}` or `{"Key": ..., "Value": ...}`.
pub(super) fn pairs(value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(object) => {
            object.iter().filter_map(|(name, value)| Some((name.clone(), as_text(value)?))).collect()
        }
        Value::Array(list) => list
            .iter()
            .filter_map(|pair| Some((text(pair, "name").or_else(|| text(pair, "key"))?, text(pair, "value")?)))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn half_a_pair_a_mark_and_keys_that_come_twice_are_read() {
        let lone = "{\"a\":\"x\\ud83dy\",\"b\":\"\\ud83d\\ude00\",\"c\":\"\\\\ud83d\",\"d\":\"\\udc00\"}";
        assert_eq!(parse(lone), Some(json!({"a": "x\u{fffd}y", "b": "😀", "c": "\\ud83d", "d": "\u{fffd}"})));
        assert_eq!(parse("\u{feff} {\"a\": 1, \"a\": 2}"), Some(json!({"a": 2})));
        assert_eq!(parse("{\"a\": \"\\ud8"), None);
        assert_eq!(parse("{\"é\\"), None);
        assert_eq!(parse("\"AlarmName\""), None);
        assert_eq!(parse(&format!("{}{}", "[".repeat(200), "]".repeat(200))), None);
    }

    #[test]
    fn times_are_read_in_every_form_that_services_write() {
        // 2026-11-20T08:15:42Z is 1,795,162,542 seconds after 1970: 20,777 days, 8 hours, 15 minutes and 42 seconds.
        let second = 20_777 * 86_400 + 8 * 3600 + 15 * 60 + 42;
        for text in [
            "2026-11-20T08:15:42.000+0000",
            "2026-11-20T08:15:42Z",
            "2026-11-20T09:15:42+01:00",
            "2026-11-20T08:15: 42.000 +0000",
            " Fri, 20 Nov 2026 08:15:42 GMT",
        ] {
            assert_eq!(as_time(text).map(Timestamp::as_second), Some(second), "{text}");
        }
        assert_eq!(as_time("yesterday"), None);
    }

    #[test]
    fn pairs_come_as_a_map_or_as_a_list() {
        let expected = vec![("team".to_owned(), "a".to_owned())];
        for value in
            [json!({"team": "a"}), json!([{"Key": "team", "Value": "a"}]), json!([{"value": "a", "name": "team"}])]
        {
            assert_eq!(pairs(&value), expected);
        }
        assert_eq!(pairs(&json!(["team", {"key": "team"}])), []);
    }
}
