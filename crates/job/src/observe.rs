//! How far a job is, by the service's word, or by its output where the service does not know it any more.

use crate::context::{JobContext, JobError};
use crate::control::{JobDescription, JobStatus};
use crate::note::{JobNote, JobState};
use crate::output::OutputKey;
use crate::{foreign, ledger};
use assay_model::ServiceError;
use assay_problem::Classified;
use assay_store::{StoreError, keys};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};
use std::time::Duration;

/// So long has to pass after a job's last output before it counts as whole where nobody says that the job is done.
const QUIET: Duration = Duration::from_secs(60);
/// So long after its end a job may be without output. The service writes first, and the store tells at once, so this is
/// only for clocks that differ.
const PATIENCE: Duration = Duration::from_secs(300);

/// After so long the service knows every job that it was asked for.
const KNOWN_AFTER: Duration = Duration::from_secs(900);

/// Looks how far a job is, and writes down what changed. `known` is its status where the service has just told it.
///
/// # Errors
/// When a note or the bucket cannot be read, or the service does not answer for a passing reason.
pub async fn observe(context: &JobContext, note: &JobNote, known: Option<&JobStatus>) -> Result<JobNote, JobError> {
    if note.state != JobState::InProgress || known == Some(&JobStatus::InProgress) {
        return Ok(note.clone());
    }
    let Some(arn) = note.arn.as_deref() else { return Ok(note.clone()) };
    context.check_region(&note.job, arn.split(':').nth(3).unwrap_or_default())?;
    let described = match context.control.describe(arn).await {
        // Who deletes a job may have done so before anybody read what it wrote.
        Ok(description) if description.status == JobStatus::Deleting => {
            Err(ServiceError::Missing("the job is being deleted".to_owned()).into())
        }
        described => described,
    };
    let (state, messages, description) = match described {
        Ok(description) => (state_of(&description.status), description.failure_messages.clone(), Some(description)),
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => match outputs(context, note).await? {
            found if is_quiet(&found) => (JobState::Completed, vec![error.to_string()], None),
            found if found.is_empty() && error.is_missing() => match is_new(note) {
                // The service may not know yet what it has just been told.
                true => (JobState::InProgress, Vec::new(), None),
                false => (JobState::Gone, vec![error.to_string()], None),
            },
            // Its output is still being written, or the service may know it once the permission is there.
            found if found.is_empty() => return Err(error.into()),
            _ => (JobState::InProgress, Vec::new(), None),
        },
    };
    if state == JobState::Completed && outputs(context, note).await?.is_empty() && is_recent(description.as_ref()) {
        return Ok(note.clone());
    }
    if state == JobState::InProgress {
        return Ok(note.clone());
    }
    let (note, _) = ledger::change(&context.place, &note.job, |note| {
        if note.state != JobState::InProgress {
            return false;
        }
        note.state = state;
        note.messages.clone_from(&messages);
        note.ended_at = Some(Timestamp::now());
        if let Some(description) = description.as_ref().filter(|_| note.is_foreign()) {
            foreign::complete(note, description);
        }
        true
    })
    .await?;
    tracing::info!(job = note.job, state = note.state.name(), "a job has ended");
    Ok(note)
}

fn state_of(status: &JobStatus) -> JobState {
    match status {
        JobStatus::Completed => JobState::Completed,
        JobStatus::Failed => JobState::Failed,
        JobStatus::Stopped => JobState::Stopped,
        // An unknown status is no end that anybody could act upon.
        JobStatus::InProgress | JobStatus::Stopping | JobStatus::Deleting | JobStatus::Unknown(_) => {
            JobState::InProgress
        }
    }
}

fn is_recent(description: Option<&JobDescription>) -> bool {
    let changed = description.and_then(|description| description.modified_at);
    changed.is_some_and(|changed| age(changed) < PATIENCE)
}

/// Whether it was started, or noted, so short a time ago that the service may not know it yet.
fn is_new(note: &JobNote) -> bool {
    age(note.started_at.unwrap_or(note.noted_at)) < KNOWN_AFTER
}

/// How long ago a moment was; nothing for one to come.
pub(crate) fn age(moment: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(moment)).unwrap_or_default()
}

/// Whether there is output, and none of it was written just now.
fn is_quiet(found: &[ObjectMeta]) -> bool {
    let newest = found.iter().map(|meta| meta.last_modified.timestamp()).max();
    newest.and_then(|newest| Timestamp::from_second(newest).ok()).is_some_and(|newest| age(newest) >= QUIET)
}

/// The objects that the job has written, in the order of their keys.
///
/// # Errors
/// When the store fails.
pub(crate) async fn outputs(context: &JobContext, note: &JobNote) -> Result<Vec<ObjectMeta>, StoreError> {
    let Some(folder) = &note.output_folder else { return Ok(Vec::new()) };
    let path: Path = keys::parse(folder)?;
    let found: Result<Vec<ObjectMeta>, _> = context.place.store.list(Some(&path)).try_collect().await;
    let mut found = found.map_err(|error| StoreError::new(folder, error))?;
    found.retain(|meta| {
        OutputKey::parse(meta.location.as_ref()).is_some_and(|key| Some(key.job_id.as_str()) == note.id())
    });
    found.sort_by(|left, right| left.location.cmp(&right.location));
    Ok(found)
}
