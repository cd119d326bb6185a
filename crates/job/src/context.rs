//! What everything about jobs needs: the bucket, the service, and what the stack says.

use crate::control::Control;
use crate::ledger::LedgerError;
use assay_core::run::RunError;
use assay_core::store::{Place, StoreError};
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
    Control(#[from] crate::control::ControlError),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Run(RunError::Store(error))
    }
}
