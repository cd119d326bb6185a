//! Why a run could not be taken further. What is wrong with a dataset or a spec is no such error: it becomes a failed
//! run.

use assay_problem::{Classified, ErrorClass, ErrorKind, Problem};
use assay_store::StoreError;

/// A run could not be taken further.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store refuses or cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else has taken the run over.
    #[error("another delivery has taken the run over")]
    Lost,
    /// A record cannot be read.
    #[error("`{part}` line {line} is no record of this version: {reason}; move the run's folder away and run again")]
    Record {
        /// The part.
        part: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// Something of ours cannot be written as JSON.
    #[error("a record cannot be written as JSON")]
    Encoding(#[source] serde_json::Error),
    /// A model's client cannot be made.
    #[error("the model `{model}` cannot be asked: {reason}")]
    Model {
        /// The model.
        model: String,
        /// Why.
        reason: String,
    },
    /// Nobody knows what a model costs that is to be kept to a budget.
    #[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Unpriced {
        /// Each model.
        problems: Vec<Problem>,
    },
    /// Something of ours was given up.
    #[error("a part of the run ended early: {0}")]
    Broken(String),
}

impl Classified for RunError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.classify(),
            Self::Lost => ErrorKind::Claim.named("ClaimLost"),
            // By its remedy it is the user's; the tool has always ended with 1 here.
            Self::Record { .. } => ErrorKind::Bug.named("UnreadableRecord"),
            Self::Model { .. } | Self::Unpriced { .. } => ErrorKind::User.named("RunFailed"),
            Self::Encoding(_) | Self::Broken(_) => ErrorKind::Bug.named("RunFailed"),
        }
    }
}
