//! A run's numbers beside the baseline's, and against the gate.

use super::summarise::RunNumbers;
use crate::compare::{BaselineRun, Compared, compare_finished, judge_gate, note_comparisons};
use crate::spec::{Gate, RunError, Verdict};
use assay_store::Place;
use assay_store::keys::RunKeys;

/// What comparing a run and evaluating its gate has found.
#[derive(Debug)]
pub struct Evaluated {
    /// The comparisons.
    pub compared: Compared,
    /// The gate's verdict; none without a gate, and of a part of the dataset.
    pub verdict: Option<Verdict>,
}

/// Compares the run with `baseline`, notes in `numbers` what the comparisons say of each model, and evaluates `gate`, which has
/// no bounds on scores that this kind of run does not have. Of a run that is a part of its dataset (`is_partial`) nothing is noted and
/// no gate evaluated, since a part measures nothing of the whole.
///
/// # Errors
/// When the store fails, or a record cannot be read; see [`compare_finished`].
pub async fn evaluate_gate(
    (place, keys): (&Place, &RunKeys),
    baseline: &BaselineRun,
    gate: Option<&Gate>,
    numbers: &mut RunNumbers,
    is_partial: bool,
) -> Result<Evaluated, RunError> {
    let is_required = gate.is_some_and(Gate::requires_baseline);
    let models = numbers.models.len();
    let compared = compare_finished((place, keys), baseline, models, is_required).await?;
    if is_partial {
        return Ok(Evaluated { compared, verdict: None });
    }
    note_comparisons(&mut numbers.models, &compared.comparisons, numbers.judge.as_ref());
    let gate = gate.filter(|gate| !gate.is_empty());
    let verdict = gate.map(|gate| judge_gate(gate, &numbers.models, numbers.judge.as_ref(), &compared.regression));
    Ok(Evaluated { compared, verdict })
}
