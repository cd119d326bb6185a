//! The result of a score or a rating, in whichever type it comes.
//!
//! Which number a metric or a method makes of it is left to `evaluations` and `human`.

use super::context::Unreadable;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// What stands under `result`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Outcome {
    /// Nothing, `null` or an empty text: not applicable, or not understood by the job itself.
    #[default]
    Missing,
    /// A number; yes and no are 1 and 0. A text that is a number is that number, since custom scales of texts may hold
    /// such.
    Number(f64),
    /// A point of a scale of words.
    Word(String),
    /// A list or an object, which no score is.
    Other,
}

impl Outcome {
    /// The number and the word, of which there is at most one.
    pub(super) fn value_and_label(self) -> Result<(Option<f64>, Option<String>), Unreadable> {
        match self {
            Self::Missing => Ok((None, None)),
            Self::Number(value) => Ok((Some(value), None)),
            Self::Word(word) => Ok((None, Some(word))),
            Self::Other => Err(Unreadable::ScoreIsNoNumber),
        }
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OutcomeVisitor)
    }
}

struct OutcomeVisitor;

impl<'de> Visitor<'de> for OutcomeVisitor {
    type Value = Outcome;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a result")
    }

    fn visit_unit<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Missing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Outcome, E> {
        Ok(Outcome::Number(f64::from(u8::from(value))))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Outcome, E> {
        Ok(Outcome::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Outcome, E> {
        Ok(Outcome::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Outcome, E> {
        Ok(Outcome::Number(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Outcome, E> {
        let text = text.trim();
        Ok(match text.parse::<f64>() {
            _ if text.is_empty() => Outcome::Missing,
            Ok(value) if value.is_finite() => Outcome::Number(value),
            _ => Outcome::Word(text.to_owned()),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcome, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Outcome::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Outcome, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Outcome::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_as_numbers_truth_values_and_words() {
        for (json, expected) in [
            ("null", Outcome::Missing),
            (r#""""#, Outcome::Missing),
            ("1", Outcome::Number(1.0)),
            ("-2", Outcome::Number(-2.0)),
            ("17.878787878787882", Outcome::Number(17.878787878787882)),
            ("6.3e-05", Outcome::Number(0.000063)),
            ("123456789012345678901234567890", Outcome::Number(1.2345678901234568e29)),
            ("true", Outcome::Number(1.0)),
            ("false", Outcome::Number(0.0)),
            (r#""0.75""#, Outcome::Number(0.75)),
            (r#"" Very good ""#, Outcome::Word("Very good".to_owned())),
            (r#""infinity""#, Outcome::Word("infinity".to_owned())),
            (r#"{"a":[1]}"#, Outcome::Other),
            ("[1,2]", Outcome::Other),
        ] {
            assert_eq!(serde_json::from_str::<Outcome>(json).unwrap(), expected, "{json}");
        }
        assert_eq!(Outcome::Other.value_and_label(), Err(Unreadable::ScoreIsNoNumber));
    }
}
