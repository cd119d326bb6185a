//! What got worse against the suite's baseline: measures with their numbers, then the worst samples by id and line.

use super::facts::shown;
use crate::compare::{CHECKS, ChangedSample, Comparison, Conclusion, changes, has_regressed, told_worse};
use crate::summary::Summary;
use assay_problem::clip;

/// How many measures that got worse a notice names.
const SHOWN_MEASURES: usize = 8;
/// How many samples of a model, and of all models, a notice names.
const SHOWN_SAMPLES: (usize, usize) = (5, 10);
/// How many warnings about the comparison a notice names.
const SHOWN_CAVEATS: usize = 4;
/// How many failing checks of a sample are named.
const SHOWN_CHECKS: usize = 10;
/// The longest id of a sample or model, in characters.
const LONGEST_NAME: usize = 120;

/// What a comparison with the baseline has to say. What stands among the reasons of the gate is not said again.
pub(super) fn facts(summary: &Summary, comparisons: &[Comparison], reasons: &[String]) -> Vec<String> {
    let judge = summary.judge.as_ref();
    let (mut measures, mut samples, mut caveats) = (Vec::new(), Vec::new(), Vec::new());
    for comparison in comparisons.iter().filter(|comparison| !comparison.is_within_run()) {
        for caveat in &comparison.caveats {
            let said = format!("compared with the baseline {}: {caveat}", comparison.before.run);
            if !caveats.contains(&said) {
                caveats.push(said);
            }
        }
        if has_regressed(comparison, judge) != Some(true) {
            continue;
        }
        for change in changes(comparison, Conclusion::Worse, judge) {
            let said = told_worse(comparison, change.measure);
            let doubt = change.doubt.map_or(String::new(), |doubt| format!("; it does not count, as {doubt}"));
            if !reasons.contains(&said) {
                measures.push(said + &doubt);
            }
        }
        let model = clip(comparison.after.model.clone(), LONGEST_NAME);
        samples.push(format!(
            "{model}: of {} samples compared with the baseline {} got worse and {} better",
            comparison.shared, comparison.regressed, comparison.improved
        ));
        let worst = comparison.regressions.iter().take(SHOWN_SAMPLES.0);
        samples.extend(worst.map(|sample| format!("{model}: {}", told(sample))));
    }
    let mut facts = shown(measures.into_iter(), SHOWN_MEASURES, "measures that got worse");
    facts.extend(shown(samples.into_iter(), SHOWN_SAMPLES.1, "lines on samples that got worse"));
    facts.extend(shown(caveats.into_iter(), SHOWN_CAVEATS, "notes on the comparison"));
    facts
}

/// A sample that got worse: its id, its line, and what tells.
fn told(sample: &ChangedSample) -> String {
    let (id, line) = (clip(sample.sample.clone(), LONGEST_NAME), sample.line);
    let what = match (sample.before.value, sample.after.value) {
        (Some(before), Some(after)) => format!("{} {before:.4} before, {after:.4} now", sample.measure),
        _ if sample.measure == CHECKS => match sample.after.failed_check_numbers.as_slice() {
            [] => "no answer now".to_owned(),
            [only] => format!("check {only} fails now"),
            all => {
                let numbers: Vec<String> = all.iter().take(SHOWN_CHECKS).map(ToString::to_string).collect();
                let rest = if all.len() > SHOWN_CHECKS { " and more" } else { "" };
                format!("checks {}{rest} fail now", numbers.join(", "))
            }
        },
        _ => sample.measure.clone(),
    };
    let score = sample.score.as_ref();
    let score = score.map(|score| format!("; {} {:.4} before, {:.4} now", score.measure, score.before, score.after));
    format!("sample {id} (line {line}): {what}{}", score.unwrap_or_default())
}
