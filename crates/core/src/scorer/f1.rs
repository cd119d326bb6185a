//! F1 over words: the balance between saying all of the expected answer and saying nothing else.
//!
//! - Definition: with `O` and `T` the sets of words of the response and of an expected answer in normal form (lower
//!   case, no ASCII punctuation, no articles), precision is `p = |O ∩ T| / |O|`, recall `r = |O ∩ T| / |T|`, and the
//!   score `1 / (0.5/p + 0.5/r)`. Every reference may hold several answers with `<OR>` between them; the best counts.
//! - Range 0 to 1; higher is better.
//! - Source: `f1_score` of the question-answering accuracy in fmeval 1.2.3. SQuAD's F1 counts repeated words and
//!   differs.
//! - Edge cases: no reference leaves the answer unscored; a text without words in normal form scores 0, also
//!   against another one without words.

use super::score::{Evidence, Score};
use super::word_set::WordSet;
use super::words::{normalise, strip};

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = normalise(strip(evidence.response));
    let output = WordSet::of(&response);
    let values = evidence.targets().map(|target| {
        let target = normalise(strip(target));
        harmonic_mean(&output, &WordSet::of(&target))
    });
    Score::Value(values.fold(0.0, f64::max))
}

/// Written as the reference writes it: `2pr / (p + r)` would differ in the last bit.
fn harmonic_mean(output: &WordSet<'_>, target: &WordSet<'_>) -> f64 {
    let shared = output.shared_with(target);
    if shared == 0 {
        return 0.0;
    }
    let precision = shared as f64 / output.len() as f64;
    let recall = shared as f64 / target.len() as f64;
    1.0 / (0.5 / precision + 0.5 / recall)
}
