//! A finished run against others: each model against the suite's baseline, and of several models the first one against each
//! other.

use super::baseline::BaselineRun;
use super::regression::{Regression, regression};
use super::run_answers::RunAnswers;
use super::versus::compare_models;
use crate::compare::Comparison;
use crate::spec::Execution;
use crate::spec::RunError;
use crate::summary::Summariser;

/// What comparing a run has found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compared {
    /// Each model against the baseline.
    pub regression: Regression,
    /// The same comparisons, then those between models of the run.
    pub comparisons: Vec<Comparison>,
}

/// Compares the run. The records have to be complete.
///
/// # Errors
/// When the store fails, or a record cannot be read; see [`regression`].
pub(crate) async fn compared(
    execution: &Execution,
    baseline: &BaselineRun,
    summariser: &Summariser,
) -> Result<Compared, RunError> {
    let regression = regression(execution, baseline).await?;
    let mut comparisons = regression.comparisons.clone();
    // What was read for the baseline is given up by now: memory holds the answers of two runs at most.
    if summariser.tallies().nth(1).is_some()
        && let Some(answers) = RunAnswers::read(&execution.place, &execution.keys).await?
    {
        comparisons.extend(compare_models(&answers).await?);
    }
    Ok(Compared { regression, comparisons })
}
