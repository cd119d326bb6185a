//! Jobs that somebody else started: a note for each, so that their output is read like that of our own.

use crate::context::JobContext;
use crate::control::JobDescription;
use crate::ledger::{self, LedgerError};
use crate::note::{JobNote, JobState};
use crate::output::OutputKey;
use assay_core::spec::{DatasetIdentity, stamp};
use assay_store::keys::{self, JOB_OUTPUT};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The suite of a job whose output lies straight below [`JOB_OUTPUT`].
const SUITE: &str = "jobs";

/// The note of a job that the service describes. A job whose output goes elsewhere is noted too, so that nobody asks for it
/// again.
pub(crate) fn described(context: &JobContext, job: &JobDescription) -> JobNote {
    let own = format!("s3://{}/", context.bucket);
    let prefix =
        job.output_uri.as_deref().and_then(|uri| uri.strip_prefix(&own)).map(|prefix| prefix.trim_matches('/'));
    let prefix = prefix.filter(|prefix| format!("{prefix}/").starts_with(JOB_OUTPUT));
    let mut note = JobNote {
        arn: Some(job.arn.clone()),
        ..bare(context, &job.name, prefix.unwrap_or_default(), run_id(job.created_at, &job.arn))
    };
    match prefix {
        Some(prefix) => {
            let id = job.arn.rsplit('/').next().unwrap_or_default();
            note.output_folder = Some(format!("{prefix}/{}/{id}", job.name));
            complete(&mut note, job);
        }
        None => {
            note.state = JobState::Elsewhere;
            note.settled = true;
        }
    }
    note
}

/// The note of a job of which nothing is known but where it wrote, at `written`. Its ARN is made from `account`'s.
pub(crate) fn seen(context: &JobContext, key: &OutputKey, arn: String, written: Timestamp) -> JobNote {
    JobNote {
        output_folder: Some(key.job_folder()),
        dataset: DatasetIdentity { bucket: "unknown".to_owned(), key: key.dataset.clone(), state: None },
        ..bare(context, &key.job_name, &key.prefix, run_id(Some(written), &arn))
    }
    .with_arn(arn)
}

impl JobNote {
    fn with_arn(self, arn: String) -> Self {
        Self { arn: Some(arn), ..self }
    }
}

/// Writes the note of a job that somebody else started, and answers the one that stands. A name may be used again once its
/// job was deleted: the note's name then has the job's id at its end.
///
/// # Errors
/// When a note cannot be read or written.
pub(crate) async fn note_down(context: &JobContext, mut note: JobNote) -> Result<JobNote, LedgerError> {
    if let Some(other) = ledger::read(&context.place, &note.job).await?
        && other.id() != note.id()
    {
        // One of ours whose start is not noted yet, or never was: starting it again gives the same job.
        if other.state == JobState::Waiting {
            return Ok(other);
        }
        note.job = named_by_id(&note.job, note.id().unwrap_or_default());
        note.jobs = vec![note.job.clone()];
    }
    ledger::create(&context.place, &note).await
}

/// The name of the note of a job whose own name is that of an earlier job.
pub(crate) fn named_by_id(name: &str, id: &str) -> String {
    format!("{name}.{id}")
}

/// Adds what the service knows of the job to its note.
pub(crate) fn complete(note: &mut JobNote, job: &JobDescription) {
    if let Some((name, uri)) = job.datasets.first() {
        let place = uri.as_deref().and_then(assay_store::split_s3);
        let (bucket, key) = place.unwrap_or(("bedrock", name));
        note.dataset = DatasetIdentity { bucket: bucket.to_owned(), key: key.to_owned(), state: None };
    }
    note.is_human = job.is_human;
    note.answerers.clone_from(&job.models);
    if job.models.is_empty() {
        note.answerers.extend(job.knowledge_base.clone());
    }
    note.started_at = job.created_at.or(note.started_at);
    if let [only] = job.metrics.as_slice() {
        note.only_metric = Some(only.clone());
    }
}

fn bare(context: &JobContext, name: &str, prefix: &str, run: String) -> JobNote {
    let folder = prefix.strip_prefix(JOB_OUTPUT.trim_end_matches('/')).unwrap_or_default().trim_matches('/');
    let suite = if folder.is_empty() { SUITE.to_owned() } else { keys::suite_name(folder) };
    let dataset = DatasetIdentity { bucket: "unknown".to_owned(), key: name.to_owned(), state: None };
    JobNote { state: JobState::InProgress, ..JobNote::new(name, (&suite, &context.application), &run, dataset) }
}

/// When the job was made, and 8 hexadecimal digits that name it.
fn run_id(made: Option<Timestamp>, arn: &str) -> String {
    let digest: String = Sha256::digest(arn).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{digest}", stamp(made.unwrap_or(Timestamp::UNIX_EPOCH)))
}
