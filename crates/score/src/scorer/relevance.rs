//! Relevance: the share of the words of the expected answer that the response contains.
//!
//! - Definition: `|E ∩ R| / |E|` over the sets of lower-cased, whitespace-separated words of the first reference
//!   (`E`) and of the response (`R`). Punctuation belongs to its word.
//! - Range 0 to 1; higher is better.
//! - Source: the `relevance_score` of the tutorial on continuous evaluation that Assay grew from.
//! - Edge cases: no reference, or an empty one, leaves the answer unscored; a reference of whitespace alone scores
//!   0; a long response is not punished, so read it together with the response length.

use super::answer_words::share;
use super::score::{Evidence, Score};
use super::word_overlap::overlap;
use super::words::lower_case;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    let Some(reference) = evidence.references.first().filter(|text| !text.is_empty()) else {
        return Score::no_reference();
    };
    let words = overlap(&lower_case(reference), &lower_case(evidence.response));
    Score::Value(share(words.shared.distinct, words.left.distinct))
}
