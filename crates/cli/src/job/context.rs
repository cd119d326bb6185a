//! Where jobs are noted, and the service that runs them.

use crate::error::{Result, ToolError};
use crate::exit::UsageError;
use crate::{aws, run_of};
use assay_core::spec::{DEFAULT_APPLICATION, DEFAULT_STUCK_HUMAN_JOB_DAYS, DEFAULT_STUCK_JOB_HOURS};
use assay_job::control::Control;
use assay_job::{JobContext, JobNote, read_note};
use assay_store::{Place, StoreError, keys, split_s3};
use futures::StreamExt;
use object_store::path::Path;
use std::time::Duration;

/// The bucket of jobs, and the service. The bucket is named by itself: the keys in it are those of the stack.
pub(super) async fn context(place: &str, role: Option<String>) -> Result<JobContext> {
    let bucket = match split_s3(place.trim_end_matches('/')) {
        Some((bucket, "")) => bucket.to_owned(),
        _ => {
            let message = format!(
                "--in `{place}` is no bucket; managed jobs read and write S3 and are noted at its root, so give s3://BUCKET"
            );
            return Err(UsageError(message).into());
        }
    };
    let settings = aws::signed_in().await.map_err(UsageError)?;
    let place = Place::s3(&format!("s3://{bucket}"), settings)?;
    reach(&place).await?;
    Ok(JobContext {
        place,
        bucket,
        control: Control::new(settings),
        region: settings.region().map(ToString::to_string).unwrap_or_default(),
        role,
        application: DEFAULT_APPLICATION.to_owned(),
        stuck_after: Duration::from_secs(3600 * u64::from(DEFAULT_STUCK_JOB_HOURS)),
        stuck_human_after: Duration::from_secs(86_400 * u64::from(DEFAULT_STUCK_HUMAN_JOB_DAYS)),
        holder: format!("process {}", std::process::id()),
    })
}

/// Where jobs are noted, to be looked at: a bucket, or a copy of one in a folder.
pub(super) async fn place(name: &str) -> Result<Place> {
    if Place::is_s3(name) {
        aws::signed_in().await.map_err(UsageError)?;
    }
    let place = run_of::open(name).await?;
    reach(&place).await?;
    Ok(place)
}

/// Looks whether the place can be read: of a bucket that is missing S3 says for each key that there is none.
async fn reach(place: &Place) -> Result<()> {
    let found = place.store.list(Some(&Path::from(keys::JOBS.trim_end_matches('/')))).next().await;
    let Some(Err(error)) = found else { return Ok(()) };
    let error = ToolError::from(StoreError::new(&place.name, error));
    if error.to_string().contains("NoSuchBucket") {
        let message = format!("there is no bucket {}; give that of the stack, its output BucketName", place.name);
        return Err(UsageError(message).into());
    }
    Err(error)
}

/// The note of the job `name`.
pub(super) async fn note(place: &Place, name: &str) -> Result<JobNote> {
    let found = read_note(place, name).await?;
    Ok(found.ok_or_else(|| {
        let place = &place.name;
        UsageError(format!("there is no job `{name}` in {place}; `assay job list --in {place}` lists those there are"))
    })?)
}

/// How far a job is, in words.
pub(super) fn state(note: &JobNote) -> String {
    let state = note.state.name().replace('_', " ");
    if note.settled { format!("{state}, collected") } else { state }
}
