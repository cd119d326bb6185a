//! Response length: how many characters the model wrote.
//!
//! - Definition: Unicode code points of the response, whitespace included.
//! - Range 0 and up; neither direction is better in itself, a change is what is worth knowing.
//! - Source: the `response_length` of the tutorial on continuous evaluation that Assay grew from.
//! - Edge cases: the empty response has length 0; an emoji made of several code points counts as several. Needs no
//!   reference, so every answer is scored.

use super::score::{Evidence, Score};

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    Score::Value(evidence.response.chars().count() as f64)
}
