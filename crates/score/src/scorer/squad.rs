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

use super::forms::Compared;
use super::score::{Evidence, Score};
use super::squad_form::squad_form;

/// Exact match of version 1.1.
pub(super) fn exact_match(evidence: &Evidence<'_>) -> Score {
    best(evidence, |_, _| true, exact_match_of)
}

/// F1 of version 1.1.
pub(super) fn f1(evidence: &Evidence<'_>) -> Score {
    best(evidence, |_, _| true, f1_of)
}

/// Exact match of version 2.0.
pub(super) fn v2_exact_match(evidence: &Evidence<'_>) -> Score {
    best(evidence, is_answer, exact_match_of)
}

/// F1 of version 2.0.
pub(super) fn v2_f1(evidence: &Evidence<'_>) -> Score {
    best(evidence, is_answer, |forms, place| {
        if forms.response.is_empty() || forms.answers[place].is_empty() {
            exact_match_of(forms, place)
        } else {
            f1_of(forms, place)
        }
    })
}

/// The best value of a function of the response and one of the references that count.
fn best(evidence: &Evidence<'_>, counts: fn(&Compared, &usize) -> bool, value: fn(&Compared, usize) -> f64) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let forms = evidence.forms.squad.get_or_init(|| {
        let references = evidence.references.iter().map(|reference| squad_form(reference));
        Compared::new(squad_form(evidence.response), references.collect())
    });
    let places = (0..forms.answers.len()).filter(|place| counts(forms, place));
    Score::Value(places.map(|place| value(forms, place)).fold(0.0, f64::max))
}

/// References that have words count; if none has, the empty ones say that there is no answer.
fn is_answer(forms: &Compared, place: &usize) -> bool {
    !forms.answers[*place].is_empty() || forms.answers.iter().all(String::is_empty)
}

fn exact_match_of(forms: &Compared, place: usize) -> f64 {
    f64::from(u8::from(forms.response == forms.answers[place]))
}

fn f1_of(forms: &Compared, place: usize) -> f64 {
    let words = &forms.overlaps()[place];
    if words.shared.all == 0 {
        return 0.0;
    }
    let precision = words.shared.all as f64 / words.left.all as f64;
    let recall = words.shared.all as f64 / words.right.all as f64;
    (2.0 * precision * recall) / (precision + recall)
}
