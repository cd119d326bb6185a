//! Why an event should come again, under names that alarms and retries can match.

use assay_core::publish::AnnounceError;
use assay_function::EventError;
use assay_job::{JobError, TellError};
use assay_lambda::chain;
use assay_store::StoreError;
use lambda_runtime::Diagnostic;

/// The event is not done.
#[derive(Debug, thiserror::Error)]
pub enum ParserError {
    /// The job or its run could not be taken further.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The result could not be told.
    #[error(transparent)]
    Announce(#[from] AnnounceError),
    /// A job in trouble could not be told of.
    #[error(transparent)]
    Trouble(#[from] TellError),
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl ParserError {
    /// The stable name of the kind of error, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Job(error) => error.class(),
            Self::Announce(AnnounceError::Store(StoreError::Denied { .. })) => "Denied",
            Self::Announce(AnnounceError::Store(_)) => "StoreUnavailable",
            Self::Announce(AnnounceError::Lost) => "ClaimLost",
            Self::Trouble(TellError::Job(error)) => error.class(),
            Self::Announce(_) | Self::Trouble(_) => "NotAnnounced",
            Self::Event(_) => "UnknownEvent",
        }
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

impl From<ParserError> for Diagnostic {
    fn from(error: ParserError) -> Self {
        Self { error_type: error.class().to_owned(), error_message: error.chain() }
    }
}
