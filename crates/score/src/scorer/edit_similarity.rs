//! Edit similarity: how much of the longer text stays when the response is edited into the reference.
//!
//! - Definition: `1 - d / max(m, n)` with `d` the least number of insertions, deletions and substitutions of code
//!   points between response and reference, `m` and `n` their lengths. The best reference counts.
//! - Range 0 to 1; higher is better.
//! - Source: `Levenshtein.normalized_similarity` of rapidfuzz 3.14.6.
//! - Edge cases: no reference leaves the answer unscored; two empty texts are equal and score 1; case, punctuation and
//!   whitespace count.

use super::score::{Evidence, Score};
use super::symbols::character_edits;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    let similarities = evidence.references.iter().map(|reference| similarity(evidence.response, reference));
    similarities.reduce(f64::max).map_or_else(Score::no_reference, Score::Value)
}

fn similarity(response: &str, reference: &str) -> f64 {
    let edits = character_edits(response, reference);
    1.0 - edits.count as f64 / edits.left.max(edits.right).max(1) as f64
}
