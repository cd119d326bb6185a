//! One job to the service: started, found again where the answer was lost, or taken back.

use crate::context::{JobContext, JobError};
use crate::control::{ControlError, JobStatus};
use crate::ledger;
use crate::note::{JobNote, JobState};
use assay_model::ServiceError;
use assay_store::keys::JOB_OUTPUT;
use jiff::{Span, Timestamp};

/// Starts the job `name` if it waits. Answers its note, and why it still waits or was refused: the service has no room, does
/// not answer, or lets this caller not start it, which is no word on the job itself.
///
/// # Errors
/// When the note cannot be read or written, or the job is of another Region.
pub async fn submit(context: &JobContext, name: &str) -> Result<(JobNote, Option<ControlError>), JobError> {
    let Some(note) = ledger::read(&context.place, name).await? else {
        return Err(ledger::missing(name).into());
    };
    let Some(request) = note.request.as_ref().filter(|_| note.state == JobState::Waiting) else {
        return Ok((note, None));
    };
    context.check_region(name, &request.region)?;
    let created = match context.control.create(request).await {
        Err(error @ ControlError::NameInUse(_)) => match adopted(context, &note).await {
            Ok(Some(arn)) => Ok(arn),
            Ok(None) => Err(error),
            // Whether the job of this name is ours is not known yet.
            Err(unknown) => Err(unknown),
        },
        created => created,
    };
    let mut is_withdrawn = false;
    let (note, _) = ledger::change(&context.place, name, |note| {
        // Somebody else may have started it meanwhile; the token made that the same job.
        is_withdrawn = note.state == JobState::Stopped && note.arn.is_none();
        match &created {
            Ok(arn) if is_withdrawn => note.arn = Some(arn.clone()),
            _ if note.state != JobState::Waiting => return false,
            Ok(arn) => begin(note, arn),
            Err(
                ControlError::Service(ServiceError::Rejected(_) | ServiceError::Missing(_) | ServiceError::Exists(_))
                | ControlError::NameInUse(_),
            ) => {
                note.state = JobState::Refused;
                note.messages = created.as_ref().err().map(ToString::to_string).into_iter().collect();
                note.ended_at = Some(Timestamp::now());
            }
            Err(error) => {
                let messages = vec![error.to_string()];
                if note.messages == messages {
                    return false;
                }
                note.messages = messages;
            }
        }
        true
    })
    .await?;
    let (job, state) = (note.job.as_str(), note.state.name());
    match &created {
        Ok(arn) if is_withdrawn => {
            let stopped = context.control.stop(arn).await;
            tracing::warn!(job, state, ?stopped, "started while it was taken back, and stopped again");
        }
        Ok(_) => tracing::info!(job, state, "started"),
        Err(error) => tracing::warn!(job, state, %error, "not started"),
    }
    Ok((note, created.err()))
}

/// Takes back a job that waits: it is not started any more. Answers its note.
///
/// # Errors
/// When the note cannot be read or written.
pub async fn withdraw(context: &JobContext, name: &str) -> Result<JobNote, JobError> {
    let (note, _) = ledger::change(&context.place, name, |note| {
        let waits = note.state == JobState::Waiting;
        if waits {
            note.state = JobState::Stopped;
            note.messages = vec!["taken back before it was started".to_owned()];
            note.ended_at = Some(Timestamp::now());
        }
        waits
    })
    .await?;
    Ok(note)
}

/// Notes that the service works on the job.
pub(crate) fn begin(note: &mut JobNote, arn: &str) {
    note.state = JobState::InProgress;
    note.arn = Some(arn.to_owned());
    note.started_at = Some(Timestamp::now());
    note.messages.clear();
    note.output_folder = note.id().map(|id| output_folder(&note.suite, &note.job, id));
}

/// Where a job of ours writes.
pub(crate) fn output_folder(suite: &str, job: &str, id: &str) -> String {
    format!("{JOB_OUTPUT}{suite}/{job}/{id}")
}

/// The job of this name that exists, if it is the one that the note means: the answer to an earlier attempt was lost.
async fn adopted(context: &JobContext, note: &JobNote) -> Result<Option<String>, ControlError> {
    let Some(request) = &note.request else { return Ok(None) };
    let since = note.noted_at - Span::new().hours(1);
    let mut page = None;
    loop {
        let (found, next) = context.control.list(since, page).await?;
        if let Some(found) = found.into_iter().find(|found| found.name == note.job) {
            let described = context.control.describe(&found.arn).await?;
            let goes = described.output_uri.as_deref().unwrap_or_default().trim_end_matches('/');
            let same = goes == request.output.trim_end_matches('/') && described.status != JobStatus::Deleting;
            return Ok(same.then_some(found.arn));
        }
        match next {
            Some(next) => page = Some(next),
            None => return Ok(None),
        }
    }
}
