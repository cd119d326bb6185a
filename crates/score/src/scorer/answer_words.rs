//! Response and expected answers in normal form, for the scores that compare their words.
//!
//! Which share of the words makes the score is left to precision, recall and F1.

use super::forms::Compared;
use super::score::{Evidence, Score};
use super::word_overlap::Overlap;
use super::words::{normalise, strip};

/// Response and expected answers in normal form.
pub(super) fn normal_forms<'a>(evidence: &'a Evidence<'_>) -> &'a Compared {
    let normal = |text| normalise(strip(text));
    evidence.forms.normal.get_or_init(|| {
        let answers = evidence.targets().map(normal).collect();
        Compared::new(normal(evidence.response), answers)
    })
}

/// The best value over the expected answers of a function of the words of response (left) and answer (right).
pub(super) fn best(evidence: &Evidence<'_>, value: fn(&Overlap) -> f64) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let values = normal_forms(evidence).overlaps().iter().map(value);
    Score::Value(values.fold(0.0, f64::max))
}

/// The part of a whole; nothing of nothing is 0.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
