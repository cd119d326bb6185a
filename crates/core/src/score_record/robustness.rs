//! Robustness of a record: how far the answers to variants are from the answers to the question itself.

use super::parts::{mean, no_text};
use crate::record::{Failure, Record, Variant};
use crate::spec::RobustnessSpec;
use assay_model::Response;
use assay_score::robustness::{above_noise, baseline_word_error_rate, delta, noise, word_error_rate};
use assay_score::{Measure, Score, Scorer};

/// The score of all kinds together, and that of each. Kinds weigh alike, however many variants each has. `score` is that of
/// another response to the same prompt by the scorer of the spec.
pub(super) fn robustness(
    record: &Record,
    spec: &RobustnessSpec,
    score: &dyn Fn(&str) -> Score,
) -> Vec<(Measure, Score)> {
    let mut kinds: Vec<(Measure, Score)> = Vec::new();
    for kind in &spec.kinds {
        let found: Vec<&Variant> =
            record.evidence.variants.iter().filter(|variant| variant.kind == kind.name()).collect();
        let scores = record.evidence.responses.iter().map(|response| of_answer(record, spec, score, response, &found));
        kinds.push((Measure::Robustness(Some(kind.name().to_owned())), mean(scores.collect())));
    }
    let all = mean(kinds.iter().map(|(_, score)| score.clone()).collect());
    [vec![(Measure::Robustness(None), all)], kinds].concat()
}

fn of_answer(
    record: &Record,
    spec: &RobustnessSpec,
    score: &dyn Fn(&str) -> Score,
    response: &Response,
    variants: &[&Variant],
) -> Score {
    let missing = |reason: &str| Score::Unscored(reason.to_owned());
    if record.recorded {
        return missing("not collected: the answer was recorded, and no model was asked");
    }
    let Some(original) = &response.text else { return Score::Unscored(no_text(response)) };
    if variants.is_empty() {
        return missing("this kind of perturbation changes nothing in the question");
    }
    let answers = variants.iter().filter_map(|variant| variant.response.as_ref());
    let texts: Vec<&str> = answers.filter_map(|answer| answer.text.as_deref()).collect();
    if texts.is_empty() {
        return unanswered(variants.iter().find_map(|variant| variant.failure.as_ref()));
    }
    let again = record.evidence.noise.iter().filter_map(|noise| noise.response.as_ref());
    let again: Vec<&str> = again.filter_map(|answer| answer.text.as_deref()).collect();
    if spec.baseline_samples > 0 && again.is_empty() {
        // Without it, the model's own noise would count as a lack of robustness.
        return unanswered(record.evidence.noise.iter().find_map(|noise| noise.failure.as_ref()));
    }
    let (difference, own) = if spec.of == Scorer::WordErrorRate {
        (word_error_rate(original, &texts), baseline_word_error_rate(original, &again))
    } else {
        let original = match score(original) {
            Score::Value(value) => value,
            unscored => return unscored,
        };
        let values = |texts: &[&str]| texts.iter().filter_map(|text| score(text).value()).collect::<Vec<f64>>();
        (delta(original, &values(&texts)), noise(original, &values(&again)))
    };
    match difference {
        Some(difference) => Score::Value(above_noise(difference, own)),
        None => missing("the answer has no words to compare with"),
    }
}

fn unanswered(failure: Option<&Failure>) -> Score {
    let told = failure.map(super::examined::told);
    Score::Unscored(told.unwrap_or_else(|| "the answers to variants have no text".to_owned()))
}
