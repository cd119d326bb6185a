//! `assay job stop`.

use super::{context, note};
use crate::arguments::NamedJob;
use crate::exit::{Exit, UsageError};
use anyhow::Result;
use assay_job::{JobState, withdraw};

/// Stops one job; one that waits is not started any more.
pub async fn stop(arguments: NamedJob) -> Result<Exit> {
    let context = context(&arguments.place, None).await?;
    let note = note(&context.place, &arguments.job).await?;
    match (note.state, &note.arn) {
        (JobState::Waiting, _) => {
            withdraw(&context, &note.job).await?;
            eprintln!("the job {} will not be started", note.job);
        }
        (JobState::InProgress, Some(arn)) => {
            context.control.stop(arn).await?;
            eprintln!(
                "the job {} is being stopped; its run is told by the next sweep or `assay job collect`",
                note.job
            );
        }
        (state, _) => {
            return Err(UsageError(format!("the job {} cannot be stopped: it is {}", note.job, state.name())).into());
        }
    }
    Ok(Exit::Done)
}
