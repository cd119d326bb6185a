//! A job that is not started at all: a failed run that says why, as a bad dataset is one.

use crate::context::{JobContext, JobError};
use crate::plan::JobRun;
use assay_core::publish::{Committed, Finished};
use assay_core::run::{commit, committed_summary};
use assay_core::summary::{Answers, DatasetSummary, RunStatus, SUMMARY_FORMAT, Summariser, Summary};
use assay_problem::Problems;
use assay_store::{Claim, Claimed};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

/// Why no job of a run can be started.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    /// Everything that is wrong.
    pub problems: Problems,
    /// Lines of the dataset that no job could take.
    pub bad_lines: u64,
}

/// Writes the run down as failed, to be told; none where that was done before, or somebody else is about to.
///
/// # Errors
/// When the store fails or the run was taken over.
pub(crate) async fn refuse(context: &JobContext, run: &JobRun, refusal: Refusal) -> Result<Option<Finished>, JobError> {
    let (place, keys) = (&context.place, run.keys());
    let Claimed::Held(claim) = Claim::acquire(place, &keys, &context.holder).await? else { return Ok(None) };
    let alive = claim.keep_alive(CancellationToken::new());
    let at = (place, &keys);
    let with = |summary| Committed { summary, summariser: Summariser::default(), comparisons: Vec::new() };
    let committed = match committed_summary(at, &claim).await? {
        Some(summary) => with(summary),
        None => {
            run.write_spec(place).await?;
            commit(at, &claim, None, with(empty_summary(run, refusal))).await?
        }
    };
    Ok(Some(Finished::new(committed, claim, alive)))
}

fn empty_summary(run: &JobRun, Refusal { problems, bad_lines }: Refusal) -> Summary {
    Summary {
        format: SUMMARY_FORMAT,
        assay: assay_core::VERSION.to_owned(),
        run: run.run.clone(),
        suite: run.suite.clone(),
        application: run.application.clone(),
        status: RunStatus::Failed,
        finished_at: Timestamp::now(),
        dataset: DatasetSummary { identity: run.dataset.clone(), samples: 0, bad_lines },
        answers: Answers::default(),
        models: Vec::new(),
        similarity: None,
        judge: None,
        gate: None,
        problems,
        cost: None,
        budget: None,
        caveats: Vec::new(),
    }
}
