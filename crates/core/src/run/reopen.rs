//! Whether a run that is done goes on.

use crate::spec::Execution;
use crate::spec::RunError;
use crate::summary::RunStatus;
use crate::summary::read_summary;

/// Whether there is something to ask in a run that is done: samples that failed, where somebody wants them asked again,
/// or what a budget left unasked that is raised now. Otherwise the same event, or command, changes nothing.
///
/// # Errors
/// When the store fails, or the summary cannot be read.
pub(super) async fn is_worth_reopening(execution: &Execution) -> Result<bool, RunError> {
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
