//! Classification accuracy: whether the label found in the response is the right one.
//!
//! - Definition: the response is split at single U+0020; the first piece that equals a valid label, both lower-cased and
//!   stripped, is the answer, and the answer is `unknown` if there is none. The score is 1 when the answer equals a
//!   right label, else 0. Right are the sample's labels, or without any its first reference.
//! - Range: 0 or 1; higher is better.
//! - Source: `classification_accuracy_score` of fmeval 1.2.3 with its default converter, kept to the letter. That
//!   includes a trap: the answer is lower-cased and the right label is not, so that a right label with a capital or
//!   with whitespace around it is never met. Write right labels in lower case.
//! - Edge cases: punctuation belongs to its piece, so `positive.` is no label, and a label with a space inside is never
//!   found; a line break joins words to one piece. Without valid labels, or without a right one, the answer is
//!   unscored.

mod report;

use super::score::{Evidence, Score};
use super::words::strip;

pub use report::{ClassificationFigures, ClassificationReport, ConfusionTable, LabelFigures};

/// What is taken for the answer when the response has no valid label.
const UNKNOWN: &str = "unknown";

/// Scores one answer.
pub(super) fn accuracy(evidence: &Evidence<'_>) -> Score {
    if evidence.valid_labels.is_empty() {
        return Score::Unscored("no valid labels: list the labels that may be answered in the spec".to_owned());
    }
    let right = match evidence.labels {
        [] => evidence.references.get(..1).unwrap_or_default(),
        labels => labels,
    };
    if right.is_empty() {
        return Score::Unscored("no right label: give the sample a label or a reference".to_owned());
    }
    let answer = extract_label(evidence.response, evidence.valid_labels);
    Score::Value(if right.contains(&answer) { 1.0 } else { 0.0 })
}

/// The first valid label in a response, lower-cased and stripped, or `unknown`.
pub fn extract_label(response: &str, valid_labels: &[String]) -> String {
    let normal = |text: &str| strip(&text.to_lowercase()).to_owned();
    let labels: Vec<String> = valid_labels.iter().map(|label| normal(label)).collect();
    let mut pieces = response.split(' ').map(normal);
    pieces.find(|piece| labels.contains(piece)).unwrap_or_else(|| UNKNOWN.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn what_is_missing_is_said_with_the_remedy() {
        let valid_labels = owned(&["yes", "no"]);
        let without = accuracy(&Evidence { response: "yes", valid_labels: &valid_labels, ..Evidence::default() });
        assert!(matches!(without, Score::Unscored(reason) if reason.contains("give the sample a label")));
        let references = owned(&["yes", "no"]);
        let without = accuracy(&Evidence::new("yes", &references));
        assert!(matches!(without, Score::Unscored(reason) if reason.contains("in the spec")));
    }

    #[test]
    fn labels_come_before_references_and_any_of_them_is_right() {
        let (valid_labels, references, labels) = (owned(&["yes", "no"]), owned(&["yes", "no"]), owned(&["x", "no"]));
        let evidence = Evidence { valid_labels: &valid_labels, ..Evidence::new("NO way", &references) };
        assert_eq!(accuracy(&evidence), Score::Value(0.0));
        assert_eq!(accuracy(&Evidence { labels: &labels, ..evidence }), Score::Value(1.0));
    }
}
