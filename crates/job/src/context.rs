//! What everything about jobs needs: the bucket, the service, and what the stack says.

use crate::control::{Control, ControlError};
use crate::ledger::LedgerError;
use assay_core::spec::{RunError, Settings};
use assay_problem::{Classified, ErrorClass, ErrorKind};
use assay_store::{Place, StoreError};
use aws_config::SdkConfig;
use std::time::Duration;

/// What everything about jobs needs.
#[derive(Debug, Clone)]
pub struct JobContext {
    /// The bucket that holds notes, input, output and runs; its root.
    pub place: Place,
    /// Its name.
    pub bucket: String,
    /// The service.
    pub control: Control,
    /// The Region that jobs run in.
    pub region: String,
    /// The service role of jobs whose spec names none.
    pub role: Option<String>,
    /// The application of suites that name none.
    pub application: String,
    /// After how long in progress a job is told of.
    pub stuck_after: Duration,
    /// The same for people.
    pub stuck_human_after: Duration,
    /// Who is at work, for people who look at claims.
    pub holder: String,
}

impl JobContext {
    /// That of a deployed stack whose bucket is `place`.
    pub fn of_stack(settings: &Settings, config: &SdkConfig, place: Place) -> Self {
        Self {
            place,
            bucket: settings.bucket.clone(),
            control: Control::new(config),
            region: config.region().map(ToString::to_string).unwrap_or_default(),
            role: settings.job_role.clone(),
            application: settings.application.clone(),
            stuck_after: Duration::from_secs(3600 * u64::from(settings.stuck_job_hours)),
            stuck_human_after: Duration::from_secs(86_400 * u64::from(settings.stuck_human_job_days)),
            holder: String::new(),
        }
    }
}

impl JobContext {
    /// Refuses a job of another Region: asked there, the service would not know it, or start it once more.
    ///
    /// # Errors
    /// When `region` is known and another than that of the service.
    pub fn check_region(&self, job: &str, region: &str) -> Result<(), JobError> {
        if region.is_empty() || self.region.is_empty() || region == self.region {
            return Ok(());
        }
        let (job, region, asked) = (job.to_owned(), region.to_owned(), self.region.clone());
        Err(JobError::Region { job, region, asked })
    }
}

/// A job could not be taken further. Coming again may help.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A note cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The run cannot be read or written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The service does not answer.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// The job is of another Region than the one that is asked.
    #[error("the job {job} belongs to the Region {region}, not to {asked}; set AWS_REGION={region}")]
    Region {
        /// The job.
        job: String,
        /// Its Region.
        region: String,
        /// The Region that is asked.
        asked: String,
    },
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Run(RunError::Store(error))
    }
}

impl Classified for JobError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Ledger(error) => error.classify(),
            Self::Run(error) => error.classify(),
            Self::Control(error) => error.classify(),
            // By its remedy it is the user's; the tool has always ended with 1 here.
            Self::Region { .. } => ErrorKind::Bug.named("ServiceRefused"),
        }
    }
}
