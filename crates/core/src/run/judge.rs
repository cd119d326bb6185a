//! Holds the models of a run to the gate of its spec.

use super::gate::{Gate, Verdict};
use super::regression::Regression;
use super::summary::ModelSummary;
use crate::compare::{Comparison, MeasureComparison, Verdict as Change};

/// Judges the models of a run. A number that is missing does not pass; a baseline that was never set is a note.
pub fn judge(gate: &Gate, models: &[ModelSummary], regression: &Regression) -> Verdict {
    let mut reasons = Vec::new();
    let mut notes = regression.notes.clone();
    if models.is_empty() {
        reasons.push("no model answered".to_owned());
    }
    for model in models {
        bounds(gate, model, &mut reasons);
    }
    reasons.extend(regression.broken.clone());
    for comparison in &regression.comparisons {
        let worse = comparison.measures.iter().filter(|measure| measure.verdict == Change::Worse);
        reasons.extend(worse.map(|measure| worsened(comparison, measure)));
        if comparison.measures.iter().all(|measure| measure.verdict == Change::TooFew) {
            let (model, shared) = (&comparison.after.model, comparison.shared);
            notes.push(format!("{model}: {shared} samples shared with the baseline are too few to tell a regression"));
        }
    }
    Verdict { passed: reasons.is_empty(), reasons, notes }
}

fn bounds(gate: &Gate, model: &ModelSummary, reasons: &mut Vec<String>) {
    let name = &model.model;
    if let Some(least) = gate.pass_rate {
        match model.pass_rate {
            Some(rate) if rate >= least => {}
            Some(rate) => reasons.push(format!("{name}: pass rate {rate:.4} is below {least}")),
            None => reasons.push(format!("{name}: there is no pass rate, as nothing was checked")),
        }
    }
    let least = gate.min.iter().map(|bound| (bound, "below"));
    for ((score, bound), beyond) in least.chain(gate.max.iter().map(|bound| (bound, "above"))) {
        match model.scores.get(score).and_then(|score| score.mean) {
            Some(mean) if (beyond == "below" && mean >= *bound) || (beyond == "above" && mean <= *bound) => {}
            Some(mean) => reasons.push(format!("{name}: {score} {mean:.4} is {beyond} {bound}")),
            None => reasons.push(format!("{name}: there is no {score}, as nothing was scored")),
        }
    }
}

fn worsened(comparison: &Comparison, measure: &MeasureComparison) -> String {
    let MeasureComparison { name, n, before, after, effect, .. } = measure;
    let (model, p) = (&comparison.after.model, measure.adjusted_p.unwrap_or(1.0));
    let before_side = &comparison.before;
    let other = if before_side.model == *model { String::new() } else { format!(" of {}", before_side.model) };
    let baseline = &before_side.run;
    format!(
        "{model}: {name} is worse than in the baseline {baseline}{other}: {before:.4} before, {after:.4} now, \
         {effect:+.4} over {n} samples (adjusted p {p:.2e})"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn model(scores: &[(&str, f64)]) -> ModelSummary {
        let scores: serde_json::Map<String, serde_json::Value> = scores
            .iter()
            .map(|(name, mean)| ((*name).to_owned(), json!({"n": 9, "unscored": 0, "mean": mean})))
            .collect();
        serde_json::from_value(json!({"model": "m", "samples": 9, "answered": 9, "failed": 0, "scores": scores}))
            .unwrap()
    }

    #[test]
    fn bounds_hold_on_both_sides() {
        let gate: Gate =
            serde_json::from_value(json!({"min": {"f1": 0.5}, "max": {"word_error_rate": 0.25, "toxicity": 0.1}}))
                .unwrap();
        let good = model(&[("f1", 0.5), ("word_error_rate", 0.25), ("toxicity", 0.0)]);
        assert!(judge(&gate, &[good], &Regression::default()).passed, "a bound itself is reached");
        let bad = model(&[("f1", 0.4), ("word_error_rate", 0.3)]);
        assert_eq!(
            judge(&gate, &[bad], &Regression::default()).reasons,
            [
                "m: f1 0.4000 is below 0.5",
                "m: there is no toxicity, as nothing was scored",
                "m: word_error_rate 0.3000 is above 0.25"
            ]
        );
    }
}
