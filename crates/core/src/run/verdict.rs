//! Holds the models of a run to the gate of its spec.

use super::gate::{Gate, Verdict};
use super::summary::{JudgeSummary, ModelSummary};
use crate::scorer::Measure;

/// Judges the models of a run. A number that is missing does not pass. What a judge says that nobody has reason to trust
/// is noted and fails nothing.
pub fn judge(gate: &Gate, models: &[ModelSummary], judge: Option<&JudgeSummary>) -> Verdict {
    let (mut reasons, mut notes) = (Vec::new(), Vec::new());
    if models.is_empty() {
        reasons.push("no model answered".to_owned());
    }
    for model in models {
        let name = &model.model;
        if let Some(least) = gate.pass_rate {
            match model.pass_rate {
                Some(rate) if rate >= least => {}
                Some(rate) => reasons.push(format!("{name}: pass rate {rate:.4} is below {least}")),
                None => reasons.push(format!("{name}: there is no pass rate, as nothing was checked")),
            }
        }
        for (scorer, least) in &gate.min {
            let reason = match model.scores.get(scorer).and_then(|score| score.mean) {
                Some(mean) if mean >= *least => continue,
                Some(mean) => format!("{name}: {scorer} {mean:.4} is below {least}"),
                None => format!("{name}: there is no {scorer}, as nothing was scored"),
            };
            match doubt(scorer, judge) {
                Some(doubt) => notes.push(format!("{reason}; it does not count, as {doubt}")),
                None => reasons.push(reason),
            }
        }
    }
    Verdict { passed: reasons.is_empty(), reasons, notes }
}

/// Why a number that comes from a judge is not to be relied on.
fn doubt(name: &str, judge: Option<&JudgeSummary>) -> Option<String> {
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
