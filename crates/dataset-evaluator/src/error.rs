//! Why an event should come again, under names that alarms and retries can match.

use assay_function::{EvaluationError, EventError};
use assay_lambda::chain;
use lambda_runtime::Diagnostic;

/// The event is not done.
#[derive(Debug, thiserror::Error)]
pub enum EvaluatorError {
    /// A dataset is not done.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl EvaluatorError {
    /// The stable name of the kind of error, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Evaluation(error) => error.class(),
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
