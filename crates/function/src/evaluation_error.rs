//! Why a dataset has to come again, under names that alarms and retries can match.

use assay_core::publish::AnnounceError;
use assay_core::spec::RunError;
use assay_job::JobError;
use assay_problem::{Classified, ErrorClass, ErrorKind};
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

impl Classified for EvaluationError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Incomplete { .. } => ErrorKind::Interrupted.named("Incomplete"),
            Self::Run(error) => error.classify(),
            Self::Announce(error) => error.classify(),
            Self::Job(error) => error.classify(),
        }
    }
}
