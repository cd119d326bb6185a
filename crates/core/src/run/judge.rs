//! Holds the models of a run to the gate of its spec.

use super::gate::{Gate, Verdict};
use super::summary::ModelSummary;

/// Judges the models of a run. A number that is missing does not pass.
pub fn judge(gate: &Gate, models: &[ModelSummary]) -> Verdict {
    let mut reasons = Vec::new();
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
            match model.scores.get(scorer).and_then(|score| score.mean) {
                Some(mean) if mean >= *least => {}
                Some(mean) => reasons.push(format!("{name}: {scorer} {mean:.4} is below {least}")),
                None => reasons.push(format!("{name}: there is no {scorer}, as nothing was scored")),
            }
        }
    }
    Verdict { passed: reasons.is_empty(), reasons }
}
