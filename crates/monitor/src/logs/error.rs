//! Why a question has no answer.

use assay_model::ServiceError;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use std::time::Duration;

/// A question to the invocation log came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogsError {
    /// There is no such log group.
    #[error(
        "there is no log group `{group}` in this account and Region; `assay monitor logging` shows where invocations are \
         logged, and turns it on"
    )]
    GroupMissing {
        /// The group.
        group: String,
    },
    /// No access, or no credentials.
    #[error("{0}")]
    Denied(String),
    /// The service cannot read the query.
    #[error("the service does not understand the query: {0}; this is a defect of Assay")]
    Malformed(String),
    /// As many queries run as the account may have, also after waiting.
    #[error("too many queries run in this account, also after {0:?} of waiting: {1}; ask again later")]
    TooManyQueries(Duration, String),
    /// The query ended in another way than with rows.
    #[error("the query ended as {status}{}", advice(.status))]
    Ended {
        /// `Failed`, `Cancelled`, `Timeout`, or what else the service said.
        status: String,
    },
    /// The time that was given is over; the query was stopped.
    #[error("no rows within {0:?}, the query was {1}; it is stopped; give it more time, or ask about less time")]
    Deadline(Duration, String),
    /// Somebody asked to stop; the query was stopped.
    #[error("stopped")]
    Stopped,
    /// The service or the network failed, also after some attempts.
    #[error("{0}")]
    Unavailable(String),
    /// The service refuses the request itself.
    #[error("{0}")]
    Rejected(String),
}

impl LogsError {
    /// An error of the service about a query of `group`.
    pub(super) fn of(error: ServiceError, group: &str) -> Self {
        match error {
            ServiceError::Missing(_) => Self::GroupMissing { group: group.to_owned() },
            ServiceError::Denied(said) => Self::Denied(said),
            ServiceError::Rejected(said) if said.starts_with("MalformedQueryException") => Self::Malformed(said),
            ServiceError::LimitReached(said) => Self::TooManyQueries(Duration::ZERO, said),
            ServiceError::Throttled(said) | ServiceError::Unavailable(said) => Self::Unavailable(said),
            other => Self::Rejected(other.to_string()),
        }
    }
}

impl Classified for LogsError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::GroupMissing { .. } | Self::Rejected(_) => ErrorKind::User.named("ServiceRefused"),
            Self::Denied(_) => ErrorKind::User.named("Denied"),
            Self::TooManyQueries(..) | Self::Ended { .. } | Self::Unavailable(_) => {
                ErrorKind::Transient.named("ServiceUnavailable")
            }
            Self::Deadline(..) | Self::Stopped => ErrorKind::Interrupted.named("Incomplete"),
            Self::Malformed(_) => ErrorKind::Bug.named("ServiceRefused"),
        }
    }
}

fn advice(status: &str) -> &'static str {
    match status {
        "Timeout" => ", as the service gives up after an hour; ask about less time",
        "Cancelled" => ": somebody stopped it",
        "Failed" => " in the service; ask again",
        _ => "",
    }
}
