//! Quasi-exact match: whether the response is one of the expected answers, whatever their case, punctuation and
//! articles.
//!
//! - Definition: 1 if the response equals an expected answer once both are stripped of whitespace at the ends and
//!   brought into normal form (lower case, no ASCII punctuation, no articles between single spaces, words between
//!   U+0020 joined by one), else 0. Every reference may hold several answers with `<OR>` between them; the best
//!   counts.
//! - Range 0 or 1; higher is better.
//! - Source: `quasi_exact_match_score` of the question-answering accuracy in fmeval 1.2.3.
//! - Edge cases: no reference leaves the answer unscored; two texts whose normal form is empty are equal; a line
//!   break inside of a text is no space and has to be met.

use super::answer_words::normal_forms;
use super::score::{Evidence, Score};

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let forms = normal_forms(evidence);
    Score::Value(f64::from(u8::from(forms.answers.contains(&forms.response))))
}
