//! SQuAD: exact match and F1 of extracted answers, as the two versions of the data set's own programs count them.
//!
//! - Definition: texts are brought into normal form: lower case, ASCII punctuation deleted, the articles a, an and the
//!   replaced by a space where they stand as words, whitespace collapsed. Exact match is 1 if the normal forms of
//!   response and reference are equal, else 0. With `p` and `r` the shares of the response's and the reference's
//!   words that both have, repetitions counted, F1 is `2pr / (p + r)`. The best reference counts, for each score.
//! - Version 2.0 knows questions without an answer: of a reference without words and a response without words F1 is 1,
//!   if only one of them has none it is 0; references whose normal form is empty count only if there is no other.
//! - Range 0 to 1 (published figures are times 100); higher is better.
//! - Source: the evaluation programs of SQuAD 1.1 and 2.0 as shipped in huggingface/evaluate.
//! - Edge cases: no reference leaves the answer unscored; an empty reference says that there is no answer; in version
//!   1.1 two texts without words match exactly, but have F1 0. `<OR>` has no meaning here.

use super::score::{Evidence, Score};
use super::squad_form::squad_form;
use super::word_overlap::overlap;

/// Exact match of version 1.1.
pub(super) fn exact_match(evidence: &Evidence<'_>) -> Score {
    best(evidence, &references(evidence), exact_match_of)
}

/// F1 of version 1.1.
pub(super) fn f1(evidence: &Evidence<'_>) -> Score {
    best(evidence, &references(evidence), f1_of)
}

/// Exact match of version 2.0.
pub(super) fn v2_exact_match(evidence: &Evidence<'_>) -> Score {
    best(evidence, &answers(evidence), exact_match_of)
}

/// F1 of version 2.0.
pub(super) fn v2_f1(evidence: &Evidence<'_>) -> Score {
    best(evidence, &answers(evidence), |response, reference| {
        if response.is_empty() || reference.is_empty() {
            exact_match_of(response, reference)
        } else {
            f1_of(response, reference)
        }
    })
}

/// The best value of a function of the normal forms of the response and one of the references.
fn best(evidence: &Evidence<'_>, references: &[String], value: fn(&str, &str) -> f64) -> Score {
    if references.is_empty() {
        return Score::no_reference();
    }
    let response = squad_form(evidence.response);
    let values = references.iter().map(|reference| value(&response, reference));
    Score::Value(values.fold(0.0, f64::max))
}

fn references(evidence: &Evidence<'_>) -> Vec<String> {
    evidence.references.iter().map(|reference| squad_form(reference)).collect()
}

/// The references that have words; if none has, the empty ones say that there is no answer.
fn answers(evidence: &Evidence<'_>) -> Vec<String> {
    let mut references = references(evidence);
    if references.iter().any(|reference| !reference.is_empty()) {
        references.retain(|reference| !reference.is_empty());
    }
    references
}

fn exact_match_of(response: &str, reference: &str) -> f64 {
    f64::from(u8::from(response == reference))
}

fn f1_of(response: &str, reference: &str) -> f64 {
    let words = overlap(response, reference);
    if words.shared.all == 0 {
        return 0.0;
    }
    let precision = words.shared.all as f64 / words.left.all as f64;
    let recall = words.shared.all as f64 / words.right.all as f64;
    (2.0 * precision * recall) / (precision + recall)
}
