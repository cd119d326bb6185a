//! Factual knowledge: whether the response contains the expected answers.
//!
//! - Definition: 1 if an expected answer (or, for the scores named `all`, every one) occurs in the response as a
//!   substring, else 0. The plain scores compare in lower case; the quasi-exact ones strip whitespace at the ends and
//!   compare in normal form (lower case, no ASCII punctuation, no articles between single spaces). A reference may hold
//!   several answers: with `<OR>` between them where one is enough, with `<AND>` where all are wanted.
//! - Range 0 or 1; higher is better.
//! - Source: the factual knowledge scores of fmeval 1.2.3, with the logical operators OR and AND.
//! - Edge cases: no reference leaves the answer unscored; an empty answer is contained in every response; `art` is
//!   contained in `party`, since words do not matter.

use super::answer_words::normal_forms;
use super::score::{Evidence, Score};
use super::words::{normalise, strip};

/// Whether the response contains an expected answer, case ignored.
pub(super) fn any(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = evidence.response.to_lowercase();
    scored(evidence.targets().any(|target| response.contains(&target.to_lowercase())))
}

/// Whether the response contains every expected answer, case ignored.
pub(super) fn all(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = evidence.response.to_lowercase();
    scored(every_part(evidence).all(|part| response.contains(&part.to_lowercase())))
}

/// Whether the response contains an expected answer in normal form.
pub(super) fn quasi_any(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let forms = normal_forms(evidence);
    scored(forms.answers.iter().any(|answer| forms.response.contains(answer)))
}

/// Whether the response contains every expected answer in normal form.
pub(super) fn quasi_all(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    let response = &normal_forms(evidence).response;
    scored(every_part(evidence).all(|part| response.contains(&normalise(strip(part)))))
}

/// The answers that are all wanted.
fn every_part<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    evidence.references.iter().flat_map(|reference| reference.split("<AND>"))
}

fn scored(is_known: bool) -> Score {
    Score::Value(f64::from(u8::from(is_known)))
}
