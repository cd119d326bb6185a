//! Word error rate and character error rate: how much of the reference has to be edited to get the response.
//!
//! - Definition: the least number of insertions, deletions and substitutions of words (or of code points) that turn
//!   the reference into the response, by the number of words (code points) of the reference. The lowest rate over the
//!   references counts. Words stand between U+0020 or between runs of two and more whitespace characters; a single
//!   line break or tab between letters is part of its word. Characters are compared once whitespace at both ends
//!   is removed. Case and punctuation count.
//! - Range 0 and up, above 1 for a response that is much longer than the reference; lower is better.
//! - Source: `wer` and `cer` of jiwer 4.0.0 with its default transformations.
//! - Edge cases: no reference leaves the answer unscored; for a reference without words the rate is the number of words
//!   of the response, as in jiwer 4, so 0 if that has none either.

use super::score::{Evidence, Score};
use super::symbols::{self, character_edits};
use super::words::strip;

/// Edits of words by words of the reference.
pub(super) fn words(evidence: &Evidence<'_>) -> Score {
    lowest(evidence, word_edits)
}

/// Edits of characters by characters of the reference.
pub(super) fn characters(evidence: &Evidence<'_>) -> Score {
    lowest(evidence, |reference, response| {
        let edits = character_edits(strip(reference), strip(response));
        (edits.count, edits.left)
    })
}

/// Edits of words and the number of words of the reference; summed over several texts they make a common rate.
pub(crate) fn word_edits(reference: &str, hypothesis: &str) -> (usize, usize) {
    let edits = symbols::word_edits(reference, hypothesis);
    (edits.count, edits.left)
}

/// The lowest rate over the references, of edits and the length of the reference.
fn lowest(evidence: &Evidence<'_>, edits: fn(&str, &str) -> (usize, usize)) -> Score {
    let rates = evidence.references.iter().map(|reference| rate(edits(reference, evidence.response)));
    rates.reduce(f64::min).map_or_else(Score::no_reference, Score::Value)
}

/// The source's quirk: without anything to divide by, the rate is the count itself.
fn rate((edits, length): (usize, usize)) -> f64 {
    edits as f64 / length.max(1) as f64
}
