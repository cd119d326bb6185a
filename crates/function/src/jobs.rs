//! The managed jobs of a dataset's suite: started before the run here, so that the service works meanwhile.

use crate::{EvaluationError, Evaluator, tell};
use assay_core::collect::Stop;
use assay_core::spec::Execution;
use assay_job::{JobRun, JobState, Started, start};

/// Starts the jobs. One that cannot be started is a failed run that says why; one for which the service has no room waits for
/// the sweep.
pub(crate) async fn start_jobs(
    execution: &Execution,
    evaluator: &Evaluator,
    stop: &Stop,
    request_id: &str,
) -> Result<(), EvaluationError> {
    let context = evaluator.jobs(request_id);
    for job in &execution.spec.jobs {
        let planned = JobRun::beside(execution, job);
        let (run, suite) = (planned.run.as_str(), planned.suite.as_str());
        match start(&context, &planned, &execution.dataset).await? {
            Started::Noted(notes) => {
                let waiting = notes.iter().filter(|note| note.state == JobState::Waiting).count();
                tracing::info!(run, suite, kind = job.kind.name(), jobs = notes.len(), waiting, "jobs are under way");
            }
            Started::Refused(finished) => tell(&finished, evaluator.delivery(&planned.keys(), stop)).await?,
            Started::RefusedBefore => tracing::info!(run, suite, "the job was refused before"),
        }
    }
    Ok(())
}
