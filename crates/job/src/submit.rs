//! One job to the service: started, found again where the answer was lost, or taken back.

use crate::context::{JobContext, JobError};
use crate::control::{ControlError, JobStatus};
use crate::ledger;
use crate::note::{JobNote, JobState};
use assay_core::store::keys::JOB_OUTPUT;
use jiff::{Span, Timestamp};

/// Starts the job `name` if it waits. Answers its note: still waiting where the service has no room or does not answer.
///
/// # Errors
/// When the note cannot be read or written.
pub async fn submit(context: &JobContext, name: &str) -> Result<JobNote, JobError> {
    let Some(note) = ledger::read(&context.place, name).await? else {
        return Err(ledger::LedgerError::Missing(name.to_owned()).into());
    };
    let Some(request) = note.request.as_ref().filter(|_| note.state == JobState::Waiting) else { return Ok(note) };
    let created = match context.control.create(request).await {
        Err(error @ ControlError::NameInUse { .. }) => match adopted(context, &note).await {
            Some(arn) => Ok(arn),
            None => Err(error),
        },
        created => created,
    };
    let (note, _) = ledger::change(&context.place, name, |note| {
        // Somebody else may have started it meanwhile; the token made that the same job.
        if note.state != JobState::Waiting {
            return false;
        }
        match &created {
            Ok(arn) => begin(note, arn),
            Err(error) if error.is_passing() => {
                let messages = vec![error.to_string()];
                if note.messages == messages {
                    return false;
                }
                note.messages = messages;
            }
            Err(error) => {
                note.state = JobState::Refused;
                note.messages = vec![error.to_string()];
                note.ended_at = Some(Timestamp::now());
            }
        }
        true
    })
    .await?;
    let (job, state) = (note.job.as_str(), note.state.name());
    match &created {
        Ok(_) => tracing::info!(job, state, "started"),
        Err(error) => tracing::warn!(job, state, %error, "not started"),
    }
    Ok(note)
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
pub fn output_folder(suite: &str, job: &str, id: &str) -> String {
    format!("{JOB_OUTPUT}{suite}/{job}/{id}")
}

/// The job of this name that exists, if it is the one that the note means: the answer to an earlier attempt was lost.
async fn adopted(context: &JobContext, note: &JobNote) -> Option<String> {
    let request = note.request.as_ref()?;
    let since = note.noted_at - Span::new().hours(1);
    let mut page = None;
    loop {
        let (found, next) = context.control.list(since, page).await.ok()?;
        if let Some(found) = found.into_iter().find(|found| found.name == note.job) {
            let described = context.control.describe(&found.arn).await.ok()?;
            let goes = described.output_uri.as_deref().unwrap_or_default().trim_end_matches('/');
            let same = goes == request.output.trim_end_matches('/') && described.status != JobStatus::Deleting;
            return same.then_some(found.arn);
        }
        page = Some(next?);
    }
}
