//! Holds the models of a run to the gate of its spec.

use super::change::{Change, changes, doubt, told_worse};
use super::regression::Regression;
use crate::compare::Conclusion;
use crate::spec::{Gate, Verdict};
use crate::summary::{JudgeSummary, ModelSummary};

/// Judges the models of a run. A number that is missing does not pass; a baseline that was never set is a note. What a
/// judge says that nobody has reason to trust is noted and fails nothing; a judge that said nothing is a missing number.
pub fn judge(gate: &Gate, models: &[ModelSummary], judge: Option<&JudgeSummary>, regression: &Regression) -> Verdict {
    // The comparison is there for the reports too; it counts where the gate asks for it.
    let unasked = Regression::default();
    let regression = if gate.no_regression.is_some() { regression } else { &unasked };
    let (mut reasons, mut notes) = (Vec::new(), regression.notes.clone());
    if models.is_empty() {
        reasons.push("no model answered".to_owned());
    }
    let mut found = |measure: Option<&str>, reason: String| match measure.and_then(|measure| doubt(measure, judge)) {
        Some(doubt) => notes.push(format!("{reason}; it does not count, as {doubt}")),
        None => reasons.push(reason),
    };
    for model in models {
        bounds(gate, model, &mut found);
    }
    for comparison in &regression.comparisons {
        for Change { measure, .. } in changes(comparison, Conclusion::Worse, judge) {
            found(Some(&measure.name), told_worse(comparison, measure));
        }
        if comparison.shared == 0 {
            let (model, run) = (&comparison.after.model, &comparison.before.run);
            found(None, format!("{model}: no sample is shared with the baseline {run}, so nothing can be compared"));
        }
    }
    reasons.extend(regression.broken.clone());
    for comparison in regression.comparisons.iter().filter(|comparison| comparison.shared > 0) {
        if comparison.measures.iter().all(|measure| measure.verdict == Conclusion::TooFew) {
            let (model, shared) = (&comparison.after.model, comparison.shared);
            notes.push(format!("{model}: {shared} samples shared with the baseline are too few to tell a regression"));
        }
    }
    Verdict { passed: reasons.is_empty(), reasons, notes }
}

/// Shows what does not hold to `found`, with the name of the measure whose number does not reach its bound.
fn bounds(gate: &Gate, model: &ModelSummary, found: &mut impl FnMut(Option<&str>, String)) {
    let name = &model.model;
    if let Some(least) = gate.pass_rate {
        match model.pass_rate {
            Some(rate) if rate >= least => {}
            Some(rate) => found(None, format!("{name}: pass rate {rate:.4} is below {least}")),
            None => found(None, format!("{name}: there is no pass rate, as nothing was checked")),
        }
    }
    let least = gate.min.iter().map(|bound| (bound, "below"));
    for ((score, bound), beyond) in least.chain(gate.max.iter().map(|bound| (bound, "above"))) {
        match model.scores.get(score).and_then(|score| score.mean) {
            Some(mean) if (beyond == "below" && mean >= *bound) || (beyond == "above" && mean <= *bound) => {}
            Some(mean) => found(Some(score), format!("{name}: {score} {mean:.4} is {beyond} {bound}")),
            None => found(None, format!("{name}: there is no {score}, as nothing was scored")),
        }
    }
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
        assert!(judge(&gate, &[good], None, &Regression::default()).passed, "a bound itself is reached");
        let bad = model(&[("f1", 0.4), ("word_error_rate", 0.3)]);
        assert_eq!(
            judge(&gate, &[bad], None, &Regression::default()).reasons,
            [
                "m: f1 0.4000 is below 0.5",
                "m: there is no toxicity, as nothing was scored",
                "m: word_error_rate 0.3000 is above 0.25"
            ]
        );
    }

    #[test]
    fn a_judge_that_said_nothing_is_a_missing_number_and_one_that_is_not_trusted_a_note() {
        let gate: Gate = serde_json::from_value(json!({"min": {"judge.tone": 0.5}})).unwrap();
        let rubric = json!({"n": 0, "failed": 9, "trusted": false});
        let judge_summary: JudgeSummary =
            serde_json::from_value(json!({"model": "j", "rubrics": {"tone": rubric}})).unwrap();
        let silent = judge(&gate, &[model(&[])], Some(&judge_summary), &Regression::default());
        assert_eq!(silent.reasons, ["m: there is no judge.tone, as nothing was scored"]);
        let low = judge(&gate, &[model(&[("judge.tone", 0.25)])], Some(&judge_summary), &Regression::default());
        assert!(
            low.passed && low.notes[0].starts_with("m: judge.tone 0.2500 is below 0.5; it does not count"),
            "{low:?}"
        );
    }
}
