//! What a text, a number, bytes or a time must keep to.
//!
//! Where the value stands is known to the walk in `check`.

use serde_json::Value;

use super::check::Check;
use super::shape::{Bounds, Text};

impl Check<'_> {
    pub(super) fn text(&mut self, text: &Text, value: &Value) {
        let Value::String(given) = value else {
            return self.wrong_type("a string", value);
        };
        let bounds = Bounds { min: text.min, max: text.max };
        if bounds.min.is_some() || bounds.max.is_some() {
            self.length(bounds, given.chars().count());
        }
        if let Some(pattern) = &text.pattern
            && !pattern.matches(given)
        {
            self.violation(format!("Member must satisfy regular expression pattern: {}", pattern.source));
        }
        if !text.allowed.is_empty() && !text.allowed.contains(given) {
            self.violation(format!("Member must satisfy enum value set: [{}]", text.allowed.join(", ")));
        }
    }

    pub(super) fn integer(&mut self, bounds: Bounds, fits: std::ops::RangeInclusive<i64>, value: &Value) {
        match value.as_i64() {
            Some(number) if fits.contains(&number) => self.range(bounds, number as f64),
            _ => self.wrong_type("an integer of this size", value),
        }
    }

    pub(super) fn float(&mut self, bounds: Bounds, value: &Value) {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            // The protocol writes what JSON cannot as texts.
            Value::String(text) => match text.as_str() {
                "NaN" => Some(f64::NAN),
                "Infinity" => Some(f64::INFINITY),
                "-Infinity" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => None,
        };
        match number {
            Some(number) => self.range(bounds, number),
            None => self.wrong_type("a number", value),
        }
    }

    fn range(&mut self, bounds: Bounds, number: f64) {
        if let Some(min) = bounds.min
            && (number < min || number.is_nan())
        {
            self.violation(format!("Member must have value greater than or equal to {min}"));
        }
        if let Some(max) = bounds.max
            && (number > max || number.is_nan())
        {
            self.violation(format!("Member must have value less than or equal to {max}"));
        }
    }

    pub(super) fn blob(&mut self, bounds: Bounds, value: &Value) {
        match value.as_str().and_then(decoded_length) {
            Some(length) => self.length(bounds, length),
            None => self.wrong_type("a base64 text", value),
        }
    }

    pub(super) fn timestamp(&mut self, format: Option<&str>, value: &Value) {
        match format {
            Some("iso8601" | "rfc822") if !value.is_string() => {
                self.wrong_type("a date as text", value);
            }
            None | Some("unixTimestamp") if !value.is_number() => {
                self.wrong_type("a number of seconds", value);
            }
            _ => {}
        }
    }
}

/// The number of bytes that a base64 text stands for; nothing when it is not base64.
fn decoded_length(text: &str) -> Option<usize> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let whole = text.len().is_multiple_of(4) && padding <= 2 && body.bytes().all(alphabet);
    whole.then(|| body.len() * 3 / 4)
}
