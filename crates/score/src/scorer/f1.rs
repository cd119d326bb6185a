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

use super::answer_words::{best, share};
use super::score::{Evidence, Score};
use super::word_overlap::Overlap;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    best(evidence, harmonic_mean)
}

/// Written as the reference writes it: `2pr / (p + r)` would differ in the last bit.
fn harmonic_mean(words: &Overlap) -> f64 {
    let shared = words.shared.distinct;
    if shared == 0 {
        return 0.0;
    }
    let (precision, recall) = (share(shared, words.left.distinct), share(shared, words.right.distinct));
    1.0 / (0.5 / precision + 0.5 / recall)
}
