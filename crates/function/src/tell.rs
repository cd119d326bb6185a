//! Delivers a finished run from a function, and logs what came of it.

use assay_core::publish::{AnnounceError, Finished};
use assay_problem::chain;
use assay_report::{Delivery, Reports, deliver};

/// Delivers the run; see [`deliver`].
///
/// # Errors
/// When a step fails that the next delivery has to repeat.
pub async fn tell(finished: &Finished, delivery: Delivery<'_>) -> Result<(), AnnounceError> {
    let summary = &finished.summary;
    let (run, suite) = (summary.run.as_str(), summary.suite.as_str());
    let log = |reports| match reports {
        Reports::Written(_) => {}
        Reports::Failed(error) => {
            tracing::error!(run, suite, error = %chain(&error), "the report was not written; `assay report` can");
        }
        Reports::Skipped => {
            tracing::error!(run, suite, "no time was left for the report; `assay report` can write it");
        }
    };
    deliver(finished, delivery, log).await?;
    let status = summary.status;
    tracing::info!(run, suite, ?status, samples = summary.dataset.samples, "evaluated");
    Ok(())
}
