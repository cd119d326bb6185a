//! Why a dataset has to come again, under names that alarms and retries can match.

use assay_core::publish::AnnounceError;
use assay_core::spec::RunError;
use assay_job::JobError;
use assay_lambda::chain;
use assay_store::StoreError;

/// A dataset is not done.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
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
}

impl From<StoreError> for EvaluationError {
    fn from(error: StoreError) -> Self {
        Self::Run(RunError::Store(error))
    }
}

impl EvaluationError {
    /// The stable name of the kind of error, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Incomplete { .. } => "Incomplete",
            Self::Run(RunError::Store(error)) | Self::Announce(AnnounceError::Store(error)) => store_class(error),
            Self::Run(RunError::Lost) | Self::Announce(AnnounceError::Lost) => "ClaimLost",
            Self::Run(RunError::Record { .. }) => "UnreadableRecord",
            Self::Run(_) => "RunFailed",
            Self::Job(error) => error.class(),
            Self::Announce(_) => "NotAnnounced",
        }
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// The stable name of a store's error.
pub fn store_class(error: &StoreError) -> &'static str {
    match error {
        StoreError::Denied { .. } => "Denied",
        _ => "StoreUnavailable",
    }
}
