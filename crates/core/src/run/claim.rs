//! Claims a run, also one that is done where there is something left to request.

use crate::spec::{Execution, RunError};
use crate::summary::{RunStatus, read_summary};
use assay_store::{Claim, Claimed};

/// Claims the run.
///
/// # Errors
/// When the store fails, or the summary of a run that is done cannot be read.
pub(super) async fn claim_run(execution: &Execution) -> Result<Claimed, RunError> {
    let (place, keys, holder) = (&execution.place, &execution.keys, &execution.holder);
    match Claim::acquire(place, keys, holder).await? {
        Claimed::Done if is_worth_reopening(execution).await? => Ok(Claim::reopen(place, keys, holder).await?),
        claimed => Ok(claimed),
    }
}

/// Whether there is something to ask in a run that is done: samples that failed, where somebody wants them asked again,
/// or what a budget left unasked that is raised now. Otherwise the same event, or command, changes nothing.
///
/// # Errors
/// When the store fails, or the summary cannot be read.
async fn is_worth_reopening(execution: &Execution) -> Result<bool, RunError> {
    if !execution.retry_failed && !execution.concludes_when_spent {
        return Ok(false);
    }
    let Some(summary) = read_summary(&*execution.place.store, &execution.keys).await? else { return Ok(false) };
    if execution.retry_failed && summary.models.iter().any(|model| model.failed > 0) {
        return Ok(true);
    }
    let raised = match (execution.spec.budget, summary.budget) {
        (Some(now), Some(then)) => now.is_raised_from(&then),
        (now, then) => now.is_none() && then.is_some(),
    };
    Ok(summary.status == RunStatus::Incomplete && raised)
}
