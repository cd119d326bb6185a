//! An object that a job has written, to the job's note; a job that is not known yet gets one.

use crate::context::{JobContext, JobError};
use crate::model_identifier::Account;
use crate::note::{JobNote, JobState};
use crate::output::OutputKey;
use crate::submit::begin;
use crate::{foreign, ledger};
use assay_problem::Classified;
use assay_store::{StoreError, keys};
use jiff::Timestamp;
use object_store::ObjectStoreExt;

/// The note of the job that has written the object at `key`; none where the key is not that of a job's output.
///
/// # Errors
/// When the store fails, or the service does not answer for a passing reason.
pub async fn arrive(context: &JobContext, key: &str) -> Result<Option<JobNote>, JobError> {
    let Some(output) = OutputKey::parse(key).filter(|_| keys::is_job_output(key)) else { return Ok(None) };
    let note = ledger::read(&context.place, &output.job_name).await?;
    let own_role = note.as_ref().and_then(|note| note.request.as_ref()).map(|request| request.role.as_str());
    let role = own_role.or(context.role.as_deref());
    let account = role.and_then(|role| Account::of_role(role, &context.region).ok());
    let arn = account.as_ref().map(|account| account.job_arn(&output.job_id));
    if let Some(note) = note {
        let is_same = note.id() == Some(output.job_id.as_str());
        if is_same || note.is_lost() {
            let revive = |note: &mut JobNote| revive(note, &output, arn.as_deref());
            return Ok(Some(ledger::change(&context.place, &note.job, revive).await?.0));
        }
    }
    Ok(Some(noted(context, key, &output, arn).await?))
}

/// Takes up again a job that was given up, now that it has written something. Answers whether there was anything to change.
fn revive(note: &mut JobNote, output: &OutputKey, arn: Option<&str>) -> bool {
    match (note.state, arn) {
        // The answer to the request that started it was lost on the way.
        (JobState::Waiting | JobState::Refused | JobState::Stopped, Some(arn)) if note.is_lost() => begin(note, arn),
        (JobState::Gone | JobState::Elsewhere, _) => {
            note.state = JobState::InProgress;
            note.messages.clear();
            note.ended_at = None;
            note.settled = false;
        }
        _ => return false,
    }
    note.output_folder = Some(output.job_folder());
    true
}

/// Notes a job that somebody else started.
async fn noted(context: &JobContext, key: &str, output: &OutputKey, arn: Option<String>) -> Result<JobNote, JobError> {
    let described = match &arn {
        Some(arn) => match context.control.describe(arn).await {
            Ok(description) => Some(description),
            Err(error) if error.is_transient() => return Err(error.into()),
            Err(error) => {
                tracing::warn!(job = output.job_name, %error, "a job is read without the service's word");
                None
            }
        },
        None => None,
    };
    let mut note = match described {
        Some(description) => foreign::described(context, &description),
        None => {
            let path = keys::parse(key)?;
            let meta = context.place.store.head(&path).await.map_err(|error| StoreError::new(key, error))?;
            let written = Timestamp::from_second(meta.last_modified.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
            // Without an account the id alone names the job.
            let arn = arn.unwrap_or_else(|| format!("evaluation-job/{}", output.job_id));
            foreign::seen(context, output, arn, written)
        }
    };
    // Where the object lies says more than where the job was told to write.
    note.output_folder = Some(output.job_folder());
    if note.state == JobState::Elsewhere {
        (note.state, note.settled) = (JobState::InProgress, false);
    }
    Ok(foreign::note_down(context, note).await?)
}
