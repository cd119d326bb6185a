//! `assay job`: evaluation jobs that Bedrock manages. What they are is `assay-job`'s; here they are asked for and shown.

mod collect;
mod list;
mod start;
mod stop;

use crate::arguments::JobCommand;
use crate::aws;
use crate::exit::{Exit, UsageError};
use anyhow::Result;
use assay_core::settings::{DEFAULT_APPLICATION, DEFAULT_STUCK_HUMAN_JOB_DAYS, DEFAULT_STUCK_JOB_HOURS};
use assay_core::store::{Place, split_s3};
use assay_job::control::Control;
use assay_job::{JobContext, JobNote, read_note};
use std::time::Duration;

/// Does what was asked of jobs.
pub async fn job(command: JobCommand) -> Result<Exit> {
    match command {
        JobCommand::Start(arguments) => start::start(arguments).await,
        JobCommand::List(arguments) => list::list(arguments).await,
        JobCommand::Show(arguments) => list::show(arguments).await,
        JobCommand::Stop(arguments) => stop::stop(arguments).await,
        JobCommand::Collect(arguments) => collect::collect(arguments).await,
    }
}

/// The bucket of jobs, and the service. The bucket is named by itself: the keys in it are those of the stack.
async fn context(place: &str, role: Option<String>) -> Result<JobContext> {
    let bucket = match split_s3(place) {
        Some((bucket, "")) => bucket.to_owned(),
        _ => {
            let message = format!("--in `{place}` is no bucket; managed jobs read and write S3, so write s3://BUCKET");
            return Err(UsageError(message).into());
        }
    };
    let settings = aws::signed_in().await.map_err(UsageError)?;
    Ok(JobContext {
        place: Place::s3(place, settings)?,
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

/// The note of the job `name`.
async fn note(place: &Place, name: &str) -> Result<JobNote> {
    let found = read_note(place, name).await?;
    Ok(found.ok_or_else(|| {
        UsageError(format!("there is no job `{name}` in {}; `assay job list` shows those there are", place.name))
    })?)
}
