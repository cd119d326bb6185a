//! What changed against another run: samples that got worse in full, then the better ones, then the measures.

use super::{direction_of, excerpt, rendered};
use crate::numbers::{moment, p_value, score, signed, thousands, verdict};
use crate::plot::Whisker;
use assay_core::compare::{ChangedSample, Comparison, Conclusion, MeasureComparison, SampleSide, Side};

/// Characters of a text of a changed sample.
const LONGEST: usize = 3000;
/// Characters of all changed samples of a page together.
const BUDGET: usize = 500_000;

/// A comparison.
#[derive(Debug)]
pub(super) struct ComparisonView {
    pub before: String,
    pub after: String,
    /// What the sides are called over columns and beside answers.
    pub sides: [&'static str; 2],
    /// Headings of the samples that changed.
    pub worse: &'static str,
    pub better: &'static str,
    pub counts: Vec<(&'static str, String)>,
    pub alpha: String,
    pub caveats: Vec<String>,
    pub regressions: Vec<ChangedView>,
    pub improvements: Vec<ChangedView>,
    pub regressions_left_out: u64,
    pub improvements_left_out: u64,
    pub measures: Vec<MeasureView>,
}

/// A sample that changed.
#[derive(Debug)]
pub(super) struct ChangedView {
    pub sample: String,
    pub line: String,
    pub category: String,
    pub measure: String,
    pub prompt: String,
    pub reference: Option<String>,
    pub sides: [&'static str; 2],
    pub before: SideView,
    pub after: SideView,
}

/// A sample on one side.
#[derive(Debug)]
pub(super) struct SideView {
    pub value: String,
    pub failed_checks: Vec<String>,
    pub response: String,
}

/// A measure on both sides.
#[derive(Debug)]
pub(super) struct MeasureView {
    pub name: String,
    pub direction: &'static str,
    pub n: String,
    pub before: String,
    pub after: String,
    pub effect: String,
    pub interval: String,
    pub whisker: String,
    pub p: String,
    pub detectable: String,
    pub class: &'static str,
    pub verdict: &'static str,
}

/// Views of all comparisons; texts of changed samples have one budget, regressions first.
pub(super) fn comparison_views(comparisons: &[Comparison]) -> Vec<ComparisonView> {
    let mut budget = BUDGET;
    let regressions: Vec<Vec<ChangedView>> =
        comparisons.iter().map(|comparison| changed(comparison, &comparison.regressions, &mut budget)).collect();
    let views = comparisons.iter().zip(regressions).map(|(comparison, regressions)| {
        let improvements = changed(comparison, &comparison.improvements, &mut budget);
        let counts = match comparison.is_within_run() {
            false => ["worse", "better", "unchanged", "in both runs", "only before", "only now"],
            true => {
                ["worse in the other", "better", "alike", "of both models", "only in the first", "only in the other"]
            }
        };
        let numbers = [
            comparison.regressed,
            comparison.improved,
            comparison.unchanged,
            comparison.shared,
            comparison.only_before,
            comparison.only_after,
        ];
        let (worse, better) = match comparison.is_within_run() {
            false => ("Samples that got worse", "Samples that got better"),
            true => ("Samples that the other model answers worse", "Samples that the other model answers better"),
        };
        ComparisonView {
            before: told(&comparison.before),
            after: told(&comparison.after),
            sides: sides(comparison),
            worse,
            better,
            counts: counts.into_iter().zip(numbers.map(thousands)).collect(),
            alpha: crate::plot::label(comparison.alpha),
            caveats: comparison.caveats.iter().map(|caveat| excerpt(caveat, LONGEST)).collect(),
            regressions_left_out: comparison.regressed.saturating_sub(regressions.len() as u64),
            improvements_left_out: comparison.improved.saturating_sub(improvements.len() as u64),
            regressions,
            improvements,
            measures: comparison.measures.iter().map(measure).collect(),
        }
    });
    views.collect()
}

fn sides(comparison: &Comparison) -> [&'static str; 2] {
    if comparison.is_within_run() { ["First", "Other"] } else { ["Before", "Now"] }
}

fn told(side: &Side) -> String {
    format!("{}, run {} of {}", excerpt(&side.model, 120), excerpt(&side.run, 120), moment(side.finished_at))
}

fn changed(comparison: &Comparison, samples: &[ChangedSample], budget: &mut usize) -> Vec<ChangedView> {
    let mut views = Vec::new();
    for sample in samples {
        // Checks have no number of their own, so the first score stands beside them.
        let (measure, before, after) = match &sample.score {
            Some(score) => (format!("{}; {}", sample.measure, score.measure), Some(score.before), Some(score.after)),
            None => (sample.measure.clone(), sample.before.value, sample.after.value),
        };
        let view = ChangedView {
            sample: excerpt(&sample.sample, 200),
            line: thousands(sample.line),
            category: sample.category.as_deref().map_or(String::new(), |category| excerpt(category, 120)),
            measure: excerpt(&measure, 120),
            prompt: excerpt(&sample.prompt, LONGEST),
            reference: sample.reference.as_deref().map(|text| excerpt(text, LONGEST)),
            sides: sides(comparison),
            before: side(&sample.before, before),
            after: side(&sample.after, after),
        };
        let texts = [&view.prompt, &view.before.response, &view.after.response];
        let size =
            600 + texts.iter().map(|text| text.len()).sum::<usize>() + view.reference.as_ref().map_or(0, String::len);
        let Some(left) = budget.checked_sub(size) else { break };
        *budget = left;
        views.push(view);
    }
    views
}

fn side(side: &SampleSide, value: Option<f64>) -> SideView {
    SideView {
        value: value.map_or("–".to_owned(), score),
        failed_checks: side.failed_checks.iter().take(20).map(|check| excerpt(check, 300)).collect(),
        response: excerpt(&side.response, LONGEST),
    }
}

fn measure(measure: &MeasureComparison) -> MeasureView {
    let ends = measure.interval.map_or([measure.effect; 2], |found| [found.low, found.high]);
    let reach = ends.iter().chain([&measure.effect]).fold(f64::MIN_POSITIVE, |reach, end| reach.max(end.abs()));
    MeasureView {
        name: excerpt(&measure.name, 120),
        direction: if measure.name == "checks" { "higher is better" } else { direction_of(&measure.name) },
        n: thousands(measure.n),
        before: score(measure.before),
        after: score(measure.after),
        effect: signed(measure.effect),
        interval: measure
            .interval
            .map_or("–".to_owned(), |found| format!("{} to {}", signed(found.low), signed(found.high))),
        whisker: rendered(&Whisker::new((-reach, reach), measure.effect, measure.interval)),
        p: measure.adjusted_p.map_or("–".to_owned(), p_value),
        detectable: measure.smallest_detectable.map_or("–".to_owned(), score),
        class: match measure.verdict {
            Conclusion::Better => "better",
            Conclusion::Worse => "worse",
            Conclusion::Different => "different",
            Conclusion::NoEvidence | Conclusion::TooFew => "same",
        },
        verdict: verdict(measure.verdict),
    }
}
