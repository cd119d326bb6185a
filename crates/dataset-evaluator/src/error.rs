//! Why an event should come again, under names that alarms and retries can match.

use assay_core::announce::AnnounceError;
use assay_core::run::RunError;
use assay_core::store::StoreError;
use assay_function::{EventError, chain};
use assay_job::JobError;
use lambda_runtime::Diagnostic;

/// The event is not done.
#[derive(Debug, thiserror::Error)]
pub enum EvaluatorError {
    /// Time ran out, or a model that had answered is denied now. Everything answered is written; the next delivery goes
    /// on from there.
    #[error("stopped with {answered} of {total} answers; the next delivery of the event goes on from there")]
    Incomplete {
        /// Answers there are.
        answered: u64,
        /// Answers there should be.
        total: u64,
    },
    /// The run could not be taken further.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The result could not be told.
    #[error(transparent)]
    Announce(#[from] AnnounceError),
    /// A managed job could not be started.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl From<StoreError> for EvaluatorError {
    fn from(error: StoreError) -> Self {
        Self::Run(RunError::Store(error))
    }
}

impl EvaluatorError {
    /// The stable name of the kind of error, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Incomplete { .. } => "Incomplete",
            Self::Run(RunError::Store(error)) | Self::Announce(AnnounceError::Store(error)) => match error {
                StoreError::Denied { .. } => "Denied",
                _ => "StoreUnavailable",
            },
            Self::Run(RunError::Lost) | Self::Announce(AnnounceError::Lost) => "ClaimLost",
            Self::Run(RunError::Record { .. }) => "UnreadableRecord",
            Self::Run(_) => "RunFailed",
            Self::Job(error) => error.class(),
            Self::Announce(_) => "NotAnnounced",
            Self::Event(_) => "UnknownEvent",
        }
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

impl From<EvaluatorError> for Diagnostic {
    fn from(error: EvaluatorError) -> Self {
        Self { error_type: error.class().to_owned(), error_message: error.chain() }
    }
}
