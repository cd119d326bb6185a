//! Exact match: whether the response is one of the expected answers, letter for letter.
//!
//! - Definition: 1 if the response equals an expected answer once whitespace at both ends of each is removed, else
//!   0. Every reference may hold several answers with `<OR>` between them; the best one counts.
//! - Range 0 or 1; higher is better.
//! - Source: `exact_match_score` of the question-answering accuracy in fmeval 1.2.3.
//! - Edge cases: no reference leaves the answer unscored; an empty reference is matched by an empty response; case
//!   and punctuation count.

use super::score::{Evidence, Score};
use super::words::strip;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = strip(evidence.response);
    let is_match = evidence.targets().any(|target| strip(target) == response);
    Score::Value(f64::from(u8::from(is_match)))
}
