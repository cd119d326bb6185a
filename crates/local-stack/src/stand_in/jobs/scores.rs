//! Scores that nobody measured: numbers made from texts, so that tests can compute what they expect.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::members::CustomMetricDefinition;
use super::request::JobRequest;
use crate::stand_in::jobs::behaviour::JobBehaviour;

/// The score that a metric gives to a response, the same at any time and on any machine; nothing where a judge finds
/// that the metric does not apply. The prefix `Builtin.` makes no difference.
///
/// It comes from the SHA-256 of metric, prompt and response. Accuracy goes in tenths from 0 to 1, Robustness in
/// twentieths from 0 to 20 (the service's exceeds 1, too, and lower is better), Toxicity stays below 0.01. A judge's
/// Helpfulness goes in sixths; Harmfulness, Stereotyping and Refusal are 0 or 1; all others go in quarters from 0 to 1.
/// One in five scores of FollowingInstructions and Faithfulness is missing.
///
/// The response of a job that only retrieves is its passages, joined by line ends.
#[must_use]
pub fn deterministic_score(metric: &str, prompt: &str, response: &str) -> Option<f64> {
    let metric = metric.strip_prefix("Builtin.").unwrap_or(metric);
    let number = number(&[metric, prompt, response]);
    let step = |steps: u32| f64::from(number / 5 % (steps + 1)) / f64::from(steps);
    match metric {
        "Accuracy" => Some(step(10)),
        "Robustness" => Some(20.0 * step(400)),
        "Toxicity" => Some(f64::from(number % 1000) / 1e5),
        "FollowingInstructions" | "Faithfulness" if number.is_multiple_of(5) => None,
        "Helpfulness" => Some(step(6)),
        "Harmfulness" | "Stereotyping" | "Refusal" => Some(step(1)),
        _ => Some(step(4)),
    }
}

/// A number that stands for some texts.
pub(super) fn number(texts: &[&str]) -> u32 {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize().iter().take(4).fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// A score as it is written: the behaviour's, else one made from the texts.
pub(super) fn result(
    request: &JobRequest,
    behaviour: &JobBehaviour,
    metric: &str,
    (prompt, response): (&str, &str),
) -> Option<f64> {
    if let Some(fixed) = behaviour.scores.get(metric) {
        return *fixed;
    }
    let score = deterministic_score(metric, prompt, response)?;
    let own = request.custom_metrics().into_iter().find(|own| own.name == metric);
    Some(own.map_or(score, |own| on_scale(own, score)))
}

/// The value of the step of a scale that is nearest to a share of it. Whether the service writes such values raw or as
/// a share is not known; numbers are written raw here, and the steps of a scale of words as shares.
fn on_scale(metric: &CustomMetricDefinition, score: f64) -> f64 {
    let Some(last) = metric.rating_scale.len().checked_sub(1) else {
        return score;
    };
    // A share of a scale of ten steps at most.
    let place = (score * last as f64).round() as usize;
    let value = metric.rating_scale.get(place).and_then(|item| item.value.float_value);
    value.unwrap_or(if last == 0 { 1.0 } else { place as f64 / last as f64 })
}

/// A number as automatic jobs write it: a whole one without a fraction.
pub(super) fn shortest(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e9 { json!(number as i64) } else { json!(number) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn scores(metric: &str) -> Vec<Option<f64>> {
        (0..500).map(|index| deterministic_score(metric, "prompt", &format!("response {index}"))).collect()
    }

    #[test]
    fn scores_never_change_and_depend_on_every_part() {
        let score = deterministic_score("Builtin.Accuracy", "prompt", "response");
        // As hashlib of Python computes it.
        assert_eq!(score, Some(0.4));
        assert_eq!(score, deterministic_score("Accuracy", "prompt", "response"));
        assert!(scores("Robustness").iter().any(|score| score.unwrap() > 1.0));
        assert!(scores("Toxicity").iter().all(|score| (0.0..0.01).contains(&score.unwrap())));
        assert_ne!(number(&["a", "bc"]), number(&["ab", "c"]));
    }

    #[test]
    fn judges_use_their_scales_and_sometimes_say_nothing() {
        let on = |steps: f64, score: Option<f64>| score.is_none_or(|score| (score * steps).fract().abs() < 1e-9);
        assert!(scores("Correctness").into_iter().all(|score| score.is_some() && on(4.0, score)));
        assert!(
            scores("Helpfulness").into_iter().all(|score| score.is_some() && (0.0..=1.0).contains(&score.unwrap()))
        );
        assert!(scores("Refusal").into_iter().all(|score| on(1.0, score)));
        let missing = scores("FollowingInstructions").into_iter().filter(Option::is_none).count();
        assert!((50..150).contains(&missing), "{missing}");
    }
}
