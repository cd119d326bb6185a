//! What goes into a scorer and what comes out of it.
//!
//! How a value is found is left to the scorers, one file each.

use super::forms::Forms;
use super::meteor::Synonyms;
use serde::{Deserialize, Serialize};

/// What a scorer sees of one answer. Scorers that are given the same evidence share the work that they have in common.
#[derive(Debug, Clone, Default)]
pub struct Evidence<'a> {
    /// The text the model answered.
    pub response: &'a str,
    /// Acceptable answers, none of them required to exist.
    pub references: &'a [String],
    /// The right class labels, as the dataset's author wrote them.
    pub labels: &'a [String],
    /// The class labels that may be answered.
    pub valid_labels: &'a [String],
    /// Which words may stand for each other.
    pub synonyms: Option<&'a Synonyms>,
    /// The cosine of the embeddings of response and each reference, or why there is none.
    pub similarities: Option<Result<&'a [f64], &'a str>>,
    /// What scorers have worked out already, for the next ones. Evidence of another response or of other references
    /// starts with [`Forms::default`].
    pub forms: Forms,
}

impl<'a> Evidence<'a> {
    /// A response and the acceptable answers.
    pub fn new(response: &'a str, references: &'a [String]) -> Self {
        Self { response, references, ..Self::default() }
    }

    /// The acceptable answers, references with `<OR>` inside taken apart. Parts keep their whitespace.
    pub(super) fn targets(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.references.iter().flat_map(|reference| reference.split("<OR>"))
    }
}

/// The result of one scorer for one answer: a number, or the reason why there is none.
///
/// Written as `{"value": 0.5}` or `{"unscored": "no reference"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// A finite number on the scorer's scale.
    Value(f64),
    /// Missing is not zero: the answer does not count towards the mean, but towards the unscored.
    Unscored(String),
}

impl Score {
    /// The number, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Unscored(_) => None,
        }
    }

    /// For a scorer that needs an expected answer and has none.
    pub(super) fn no_reference() -> Self {
        Self::Unscored("no reference".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_exactly_one_known_key() {
        let value: Score = serde_json::from_str(r#"{"value": 0.5}"#).unwrap();
        assert_eq!(value, Score::Value(0.5));
        assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"value":0.5}"#);
        let unscored: Score = serde_json::from_str(r#"{"unscored": "no reference"}"#).unwrap();
        assert_eq!(unscored, Score::no_reference());
        let refused = [r#"{}"#, r#"{"value": 1, "unscored": "x"}"#, r#"{"value": null}"#, r#"{"score": 1}"#];
        for text in refused {
            assert!(serde_json::from_str::<Score>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn targets_are_split_without_trimming() {
        let references = ["a <OR> b".to_owned(), "c<or>d".to_owned(), String::new()];
        let evidence = Evidence::new("", &references);
        assert_eq!(evidence.targets().collect::<Vec<_>>(), ["a ", " b", "c<or>d", ""]);
    }
}
