//! A number that is not negative, exact to nine digits after the point: a price, a factor, a budget.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Digits after the point.
const DIGITS: usize = 9;

/// A decimal number from 0 to some 18 billion, exact to nine digits after the point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    billionths: u64,
}

/// A text that is no such number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no number of at least 0 with at most nine digits after the point")]
pub struct NoDecimal(String);

impl Decimal {
    /// One.
    pub const ONE: Self = Self { billionths: 1_000_000_000 };

    /// The number in billionths.
    pub fn billionths(self) -> u64 {
        self.billionths
    }
}

impl FromStr for Decimal {
    type Err = NoDecimal;

    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let wrong = || NoDecimal(text.chars().take(40).collect());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > DIGITS {
            return Err(wrong());
        }
        let billionths = format!("{whole}{fraction:0<DIGITS$}").parse().map_err(|_| wrong())?;
        Ok(Self { billionths })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.billionths / Self::ONE.billionths, self.billionths % Self::ONE.billionths);
        let fraction = format!("{fraction:0DIGITS$}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.billionths % Self::ONE.billionths {
            0 => serializer.serialize_u64(self.billionths / Self::ONE.billionths),
            // The nearest floating point number is written as the shortest text that reads as it: these digits again.
            _ => serializer.serialize_f64(self.to_string().parse().unwrap_or(f64::NAN)),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of at least 0 with at most nine digits after the point")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Decimal, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Decimal, E> {
                self.visit_str(&value.to_string())
            }

            // Its shortest text is what somebody has written.
            fn visit_f64<E: Error>(self, value: f64) -> Result<Decimal, E> {
                value.to_string().parse().map_err(|_| E::invalid_value(Unexpected::Float(value), &self))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Decimal, E> {
                value.parse().map_err(|_| E::invalid_value(Unexpected::Str(value), &self))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["number", "string"], "minimum": 0, "maximum": 1_000_000_000, "pattern": "^[0-9]+([.][0-9]{1,9})?$"})
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn decimals_are_read_to_the_last_digit_and_written_as_they_were() {
        for (text, billionths) in
            [("0.035", 35_000_000), ("3", 3_000_000_000), ("0.000000001", 1), ("1.1", 1_100_000_000), ("0", 0)]
        {
            let decimal: Decimal = serde_json::from_str(text).unwrap();
            assert_eq!(decimal.billionths(), billionths, "{text}");
            assert_eq!(serde_json::to_string(&decimal).unwrap(), if text == "0.000000001" { "1e-9" } else { text });
            assert_eq!(decimal.to_string(), text);
        }
        assert_eq!(serde_json::from_str::<Decimal>("\"0.10\"").unwrap().billionths(), 100_000_000);
        for text in ["-1", "-0.5", "1e300", "0.0000000001", "\"1,5\"", "\"\"", "\".5\"", "\"+1\"", "true", "[]"] {
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
        }
    }
}
