//! Why an event should come again, under names that alarms and retries can match.

use crate::event::EventError;
use assay_core::publish::metrics::MetricError;
use assay_core::publish::notice::NoticeError;
use assay_core::spec::RunError;
use assay_function::EvaluationError;
use assay_monitor::cloudwatch::CloudWatchError;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use assay_store::StoreError;

/// The event is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunnerError {
    /// Time ran out, or somebody else is at work on a part of the round. What is done is written; the next delivery, or the
    /// hourly watch, goes on from there.
    #[error("the round {round} has done {done} of {probes} probes; the next delivery goes on from there")]
    Incomplete {
        /// The round.
        round: String,
        /// Probes that are done.
        done: usize,
        /// All of them.
        probes: usize,
    },
    /// A probe's run could not be taken further.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// The store refuses or cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else has taken the round over.
    #[error("another delivery has taken the round {0} over")]
    Lost(String),
    /// Something that an earlier delivery wrote is not what this version writes.
    #[error("`{place}` cannot be read: {reason}; move it away, or use the version of Assay that wrote it")]
    Unreadable {
        /// Its key.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A metric could not be published.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// People could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// CloudWatch refuses or cannot be reached.
    #[error(transparent)]
    CloudWatch(#[from] CloudWatchError),
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl From<RunError> for RunnerError {
    fn from(error: RunError) -> Self {
        Self::Evaluation(error.into())
    }
}

impl Classified for RunnerError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Incomplete { .. } => ErrorKind::Interrupted.named("Incomplete"),
            Self::Evaluation(error) => error.classify(),
            Self::Store(error) => error.classify(),
            Self::Lost(_) => ErrorKind::Claim.named("ClaimLost"),
            Self::Unreadable { .. } => ErrorKind::User.named("UnreadableNote"),
            Self::Metric(error) => error.classify(),
            Self::Notice(error) => error.classify(),
            Self::CloudWatch(error) => error.classify(),
            Self::Event(error) => error.classify(),
        }
    }
}

impl RunnerError {
    /// Whether the store cannot be reached, which is the same for whatever else is asked of it.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.class() == "StoreUnavailable"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_problem::ErrorKind::{Claim, Interrupted, Transient, User};

    #[test]
    fn every_error_has_a_kind_and_a_stable_class() {
        let said = || "said".to_owned();
        let cases: [(RunnerError, ErrorKind, &str); 11] = [
            (RunnerError::Incomplete { round: said(), done: 1, probes: 3 }, Interrupted, "Incomplete"),
            (RunError::Lost.into(), Claim, "ClaimLost"),
            (RunnerError::Lost(said()), Claim, "ClaimLost"),
            (StoreError::Unaddressable { place: said(), reason: said() }.into(), User, "StoreUnavailable"),
            (RunnerError::Unreadable { place: said(), reason: said() }, User, "UnreadableNote"),
            (MetricError::CloudWatch(said()).into(), Transient, "NotAnnounced"),
            (NoticeError::Topic(said()).into(), Transient, "NotAnnounced"),
            (CloudWatchError::Denied(said()).into(), User, "Denied"),
            (CloudWatchError::Throttled(said()).into(), Transient, "ServiceUnavailable"),
            (CloudWatchError::QuotaUsedUp(said()).into(), User, "ServiceRefused"),
            (EventError::Unknown.into(), User, "UnknownEvent"),
        ];
        for (error, kind, class) in cases {
            assert_eq!((error.kind(), error.class()), (kind, class), "{error}");
            assert_eq!(error.is_unavailable(), class == "StoreUnavailable", "{error}");
        }
    }
}
