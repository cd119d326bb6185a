//! Words of answers in normal form, for the scores over sets of words.
//!
//! Which share of the words makes the score is left to precision, recall and F1.

use super::score::{Evidence, Score};
use super::word_overlap::{Overlap, overlap};
use super::words::{normalise, strip};

/// The best value over the expected answers of a function of the words of response (left) and answer (right).
pub(super) fn best(evidence: &Evidence<'_>, value: fn(&Overlap) -> f64) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = normalise(strip(evidence.response));
    let values = evidence.targets().map(|target| value(&overlap(&response, &normalise(strip(target)))));
    Score::Value(values.fold(0.0, f64::max))
}

/// The part of a whole; nothing of nothing is 0.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
