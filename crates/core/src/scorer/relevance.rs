//! Relevance: the share of the words of the expected answer that the response contains.
//!
//! - Definition: `|E ∩ R| / |E|` over the sets of lower-cased, whitespace-separated words of the first reference
//!   (`E`) and of the response (`R`). Punctuation belongs to its word.
//! - Range 0 to 1; higher is better.
//! - Source: the `relevance_score` of the tutorial on continuous evaluation that Assay grew from.
//! - Edge cases: no reference, or an empty one, leaves the answer unscored; a reference of whitespace alone scores
//!   0; a long response is not punished, so read it together with the response length.

use super::score::{Evidence, Score};
use super::word_set::WordSet;
use super::words::lower_case;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    let Some(reference) = evidence.references.first().filter(|text| !text.is_empty()) else {
        return Score::no_reference();
    };
    // Word sets fold ASCII letters themselves.
    let (reference, response) = (lower_case(reference), lower_case(evidence.response));
    let expected = WordSet::of(&reference);
    if expected.len() == 0 {
        return Score::Value(0.0);
    }
    let shared = expected.found_in(&response);
    Score::Value(shared as f64 / expected.len() as f64)
}
