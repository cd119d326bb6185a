//! What a comparison amounts to for a model: the measures in which it changed, and whether it got worse.
//!
//! The gate, the metric `Regression`, the summary and the notices all go by this one rule: whole measures, after Holm's
//! correction, and nothing that rests on a judge whom nobody has reason to trust.

use super::summary::{JudgeSummary, ModelSummary, Standing};
use crate::compare::{Comparison, MeasureComparison, Verdict};
use crate::scorer::Measure;

/// A whole measure in which the side after differs.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The measure on both sides.
    pub measure: &'a MeasureComparison,
    /// Why it does not count: it comes from a judge that is not to be relied on.
    pub doubt: Option<String>,
}

/// The whole measures of a comparison with this verdict, in the order of reports.
pub fn changes<'a>(comparison: &'a Comparison, verdict: Verdict, judge: Option<&JudgeSummary>) -> Vec<Change<'a>> {
    // A part tells where a change comes from; whether there is one is told by the whole.
    let is_whole = |name: &str| !name.parse::<Measure>().is_ok_and(|measure| measure.is_part());
    let found = comparison.measures.iter().filter(|measure| measure.verdict == verdict && is_whole(&measure.name));
    found.map(|measure| Change { measure, doubt: doubt(&measure.name, judge) }).collect()
}

/// Whether the side after got worse; none where nothing is shared, or too little to tell.
pub fn has_regressed(comparison: &Comparison, judge: Option<&JudgeSummary>) -> Option<bool> {
    if comparison.measures.iter().all(|measure| measure.verdict == Verdict::TooFew) {
        return None;
    }
    Some(changes(comparison, Verdict::Worse, judge).iter().any(|change| change.doubt.is_none()))
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
            Standing { first, better: named(Verdict::Better), worse: named(Verdict::Worse) }
        });
    }
}

/// A measure that is worse than in the baseline, with its numbers, on one line.
pub fn told_worse(comparison: &Comparison, measure: &MeasureComparison) -> String {
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
pub fn doubt(name: &str, judge: Option<&JudgeSummary>) -> Option<String> {
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
