//! `assay job stop`.

use super::context::{context, note, state};
use crate::arguments::{Format, StopJob};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::output;
use assay_job::{JobNote, JobState, withdraw};

/// Stops one job; one that waits is not started any more.
pub(super) async fn stop(arguments: StopJob) -> Result<Exit> {
    let context = context(&arguments.place, None).await?;
    let mut note = note(&context.place, &arguments.job).await?;
    if note.state == JobState::Waiting {
        note = withdraw(&context, &note.job).await?;
        if note.state == JobState::Stopped {
            return told(&note, "will not be started", arguments.format);
        }
    }
    match (note.state, &note.arn) {
        (JobState::InProgress, Some(arn)) => {
            context.control.stop(arn).await?;
            told(&note, "is being stopped", arguments.format)
        }
        _ => Err(UsageError(format!("the job {} cannot be stopped: it is {}", note.job, state(&note))).into()),
    }
}

fn told(note: &JobNote, what: &str, format: Format) -> Result<Exit> {
    output::note(format!("the job {} {what}; `assay job collect` ends its run", note.job));
    if format == Format::Json {
        output::json(note)?;
    }
    Ok(Exit::Done)
}
