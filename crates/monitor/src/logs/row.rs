//! Rows of Logs Insights: fields and values, all of them text. Pure.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// A row. A field that a record does not have is not there; an empty value counts as not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row(BTreeMap<String, String>);

impl Row {
    /// The row of these fields and values.
    pub fn new(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(fields.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The text of a field.
    pub fn text(&self, field: &str) -> Option<String> {
        self.0.get(field).cloned()
    }

    /// A number that is not below 0; none for what is no number. The service also writes numbers as `1.5E7`.
    pub fn number(&self, field: &str) -> Option<f64> {
        let number: f64 = self.0.get(field)?.trim().parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    }

    /// A whole number that is not below 0.
    pub fn count(&self, field: &str) -> Option<u64> {
        let text = self.0.get(field)?.trim();
        // Whole numbers are read as such: beyond 2^53 a floating point number would lose digits.
        text.parse()
            .ok()
            .or_else(|| self.number(field).filter(|number| *number < 2f64.powi(63)).map(|n| n.round() as u64))
    }

    /// A time: `2026-11-24 06:00:00.000` in UTC as the service writes it, or a timestamp with a zone.
    pub fn time(&self, field: &str) -> Option<Timestamp> {
        let text = self.0.get(field)?.trim();
        if let Ok(at) = text.parse() {
            return Some(at);
        }
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: &str) -> Row {
        Row::new([("x".to_owned(), value.to_owned())])
    }

    #[test]
    fn numbers_come_as_text_of_many_forms() {
        for (text, number, count) in [
            ("0", Some(0.0), Some(0)),
            ("12345", Some(12345.0), Some(12345)),
            ("1.5E7", Some(1.5e7), Some(15_000_000)),
            ("12.0", Some(12.0), Some(12)),
            (" 7 ", Some(7.0), Some(7)),
            ("9007199254740993", Some(9_007_199_254_740_992.0), Some(9_007_199_254_740_993)),
            ("-1", None, None),
            ("NaN", None, None),
            ("inf", None, None),
            ("", None, None),
            ("many", None, None),
            ("1e300", Some(1e300), None),
        ] {
            assert_eq!((row(text).number("x"), row(text).count("x")), (number, count), "{text}");
        }
        assert_eq!((row("1").number("y"), row("1").count("y"), row("").text("x")), (None, None, None));
    }

    #[test]
    fn times_are_read_as_the_service_writes_them() {
        // 2026-11-24T06:00:00Z is 1,795,500,000 seconds after 1970, as `date -d 2026-11-24T06:00:00Z +%s` says.
        for (text, second) in [
            ("2026-11-24 06:00:00.000", Some(1_795_500_000)),
            ("2026-11-24T06:00:00Z", Some(1_795_500_000)),
            ("2026-11-24T08:00:00+02:00", Some(1_795_500_000)),
            ("yesterday", None),
        ] {
            assert_eq!(row(text).time("x").map(Timestamp::as_second), second, "{text}");
        }
    }
}
