//! What a comparison amounts to for a model: the measures in which it changed, and whether it got worse.
//!
//! The gate, the metric `Regression`, the summary and the notices all go by this one rule: whole measures, after Holm's
//! correction, and nothing that rests on a judge whom nobody has reason to trust.

use crate::compare::{Comparison, Conclusion, MeasureComparison};
use crate::summary::{JudgeSummary, ModelSummary, Standing};
use assay_score::Measure;

/// A whole measure in which the side after differs.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The measure on both sides.
    pub measure: &'a MeasureComparison,
    /// Why it does not count: it comes from a judge that is not to be relied on.
    pub doubt: Option<String>,
}

/// The whole measures of a comparison with this verdict, in the order of reports.
pub fn changes<'a>(comparison: &'a Comparison, verdict: Conclusion, judge: Option<&JudgeSummary>) -> Vec<Change<'a>> {
    // A part tells where a change comes from; whether there is one is told by the whole.
    let is_whole = |name: &str| !name.parse::<Measure>().is_ok_and(|measure| measure.is_part());
    let found = comparison.measures.iter().filter(|measure| measure.verdict == verdict && is_whole(&measure.name));
    found.map(|measure| Change { measure, doubt: doubt(&measure.name, judge) }).collect()
}

/// Whether the side after got worse; none where nothing is shared, or too little to tell.
pub(crate) fn has_regressed(comparison: &Comparison, judge: Option<&JudgeSummary>) -> Option<bool> {
    if comparison.measures.iter().all(|measure| measure.verdict == Conclusion::TooFew) {
        return None;
    }
    Some(changes(comparison, Conclusion::Worse, judge).iter().any(|change| change.doubt.is_none()))
}

/// Writes down what comparisons say of each model: whether it got worse than the baseline, and how it stands against the first
/// model of the run. A model that answered nothing has not been measured.
pub fn note_comparisons(models: &mut [ModelSummary], comparisons: &[Comparison], judge: Option<&JudgeSummary>) {
    for model in models.iter_mut().filter(|model| model.answered > 0) {
        let mut own = comparisons.iter().filter(|comparison| comparison.after.model == model.model);
        model.regressed =
            own.clone().find(|found| !found.is_within_run()).and_then(|found| has_regressed(found, judge));
        model.against_first = own.find(|found| found.is_within_run()).map(|found| {
            let named = |verdict| {
                let counted = changes(found, verdict, judge).into_iter().filter(|change| change.doubt.is_none());
                counted.map(|change| change.measure.name.clone()).collect()
            };
            let first = found.before.model.clone();
            Standing { first, better: named(Conclusion::Better), worse: named(Conclusion::Worse) }
        });
    }
}

/// A measure that is worse than in the baseline, with its numbers, on one line.
pub(crate) fn told_worse(comparison: &Comparison, measure: &MeasureComparison) -> String {
    let MeasureComparison { name, n, before, after, effect, .. } = measure;
    let (model, p) = (&comparison.after.model, measure.adjusted_p.unwrap_or(1.0));
    let before_side = &comparison.before;
    let other = if before_side.model == *model { String::new() } else { format!(" of {}", before_side.model) };
    let baseline = &before_side.run;
    let interval = measure.interval.map(|found| format!(", 95 % interval {:+.4} to {:+.4}", found.low, found.high));
    format!(
        "{model}: {name} is worse than in the baseline {baseline}{other}: {before:.4} before, {after:.4} now, \
         {effect:+.4} over {n} samples{} (adjusted p {p:.2e})",
        interval.unwrap_or_default()
    )
}

/// Why a number that comes from a judge is not to be relied on.
pub(crate) fn doubt(name: &str, judge: Option<&JudgeSummary>) -> Option<String> {
    let Ok(Measure::Judge(rubric)) = name.parse() else { return None };
    let found = judge.and_then(|judge| judge.rubrics.get(&rubric));
    if found.is_some_and(|found| found.trusted) {
        return None;
    }
    let agreements = found.map(|found| {
        let own = found.repeat_agreement.as_ref().map(|own| format!("{:.2} with itself", own.value));
        let people = found.human_agreement.as_ref();
        let people = people.map(|people| format!("{:.2} with people over {} answers", people.value, people.n));
        own.into_iter().chain(people).collect::<Vec<_>>().join(" and ")
    });
    Some(match agreements.filter(|text| !text.is_empty()) {
        Some(agreements) => format!("the judge's agreement is too low or rests on too few answers ({agreements})"),
        None => "the judge's agreement is unknown (set `judge.repeats`, or give lines people's ratings)".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn comparison(run: &str, verdicts: &[(&str, &str)]) -> Comparison {
        let side = |run: &str, model: &str| json!({"run": run, "suite": "s", "model": model, "finished_at": "2026-01-01T00:00:00Z"});
        let measures: Vec<Value> = verdicts
            .iter()
            .map(|(name, verdict)| json!({"name": name, "n": 9, "before": 1.0, "after": 0.5, "effect": -0.5, "verdict": verdict}))
            .collect();
        let value = json!({"before": side(run, "first"), "after": side("r", "m"), "shared": 9, "only_before": 0,
            "only_after": 0, "changed": 0, "alpha": 0.05, "resamples": 10_000, "measures": measures, "regressed": 0,
            "improved": 0, "unchanged": 9, "regressions": [], "improvements": []});
        serde_json::from_value(value).unwrap()
    }

    fn model(answered: u64) -> ModelSummary {
        serde_json::from_value(
            json!({"model": "m", "samples": 9, "answered": answered, "failed": 9 - answered, "scores": {}}),
        )
        .unwrap()
    }

    #[test]
    fn worse_is_what_fails_the_gate_and_nothing_else() {
        let judge = |trusted: bool| -> JudgeSummary {
            let rubric = json!({"n": 9, "failed": 0, "trusted": trusted});
            serde_json::from_value(json!({"model": "j", "rubrics": {"tone": rubric}})).unwrap()
        };
        let worse =
            |verdicts: &[(&str, &str)], trusted| has_regressed(&comparison("r0", verdicts), Some(&judge(trusted)));
        assert_eq!(worse(&[("f1", "worse"), ("bleu", "better")], false), Some(true));
        assert_eq!(worse(&[("f1", "no_evidence"), ("refusal", "different")], false), Some(false));
        assert_eq!(worse(&[("toxicity", "no_evidence"), ("toxicity.HATE", "worse")], false), Some(false), "a part");
        assert_eq!(worse(&[("judge.tone", "worse")], true), Some(true));
        assert_eq!(worse(&[("judge.tone", "worse")], false), Some(false), "a judge that is not trusted");
        assert_eq!(worse(&[("f1", "too_few")], false), None, "missing is not zero");
        assert_eq!(worse(&[], false), None);
    }

    #[test]
    fn a_model_stands_against_the_baseline_and_against_the_first_model() {
        let found = [
            comparison("r0", &[("f1", "worse")]),
            comparison("r", &[("f1", "better"), ("bleu", "worse"), ("chrf", "no_evidence"), ("judge.tone", "worse")]),
        ];
        let mut models = [model(9)];
        note_comparisons(&mut models, &found, None);
        assert_eq!(models[0].regressed, Some(true));
        let (first, better, worse) = ("first".to_owned(), vec!["f1".to_owned()], vec!["bleu".to_owned()]);
        assert_eq!(models[0].against_first, Some(Standing { first, better, worse }));
        let mut silent = [model(0)];
        note_comparisons(&mut silent, &found, None);
        assert_eq!((silent[0].regressed, &silent[0].against_first), (None, &None), "nothing was measured");
    }
}
