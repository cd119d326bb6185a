//! What CloudWatch can answer instead of an answer, in words for alarms, dashboards and sums.

use assay_model::{FailureReason, SIGN_IN, ServiceFailure, unmade};
use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_sdk_cloudwatch::config::http::HttpResponse;
use aws_sdk_cloudwatch::error::{BuildError, ProvideErrorMetadata, SdkError};

/// An operation came to nothing. Messages hold what the service said, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudWatchError {
    /// Too many requests, also after some pauses: come again later.
    #[error("CloudWatch is throttling: {0}")]
    Throttled(String),
    /// The service or the network failed, also after some attempts: come again later.
    #[error("CloudWatch cannot be reached: {0}")]
    Unavailable(String),
    /// No access.
    #[error("CloudWatch denies access: {0}")]
    Denied(String),
    /// The account has as many alarms as it may have.
    #[error("the quota of CloudWatch is used up: {0}")]
    QuotaUsedUp(String),
    /// The service refuses the request itself.
    #[error("CloudWatch refuses the request: {0}")]
    Rejected(String),
}

impl Classified for CloudWatchError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Throttled(_) | Self::Unavailable(_) => ErrorKind::Transient.named("ServiceUnavailable"),
            Self::Denied(_) => ErrorKind::User.named("Denied"),
            Self::QuotaUsedUp(_) | Self::Rejected(_) => ErrorKind::User.named("ServiceRefused"),
        }
    }
}

/// A request that lacks what the SDK demands.
impl From<BuildError> for CloudWatchError {
    fn from(error: BuildError) -> Self {
        Self::Rejected(unmade(&error.to_string()))
    }
}

/// Sorts the error of the operation that the IAM action `action` allows, on `what`.
pub(super) fn classify<E>(action: &str, what: &str, error: &SdkError<E, HttpResponse>) -> CloudWatchError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let failure = ServiceFailure::of(error);
    let message = format!("{} on {what}: {}", failure.code_and_status(), failure.said);
    match failure.reason {
        FailureReason::Throttled => CloudWatchError::Throttled(message),
        FailureReason::Unavailable => CloudWatchError::Unavailable(message),
        FailureReason::Denied => CloudWatchError::Denied(format!("{message}; allow {action} on it")),
        FailureReason::SignedOut => CloudWatchError::Denied(format!("{message}; {SIGN_IN}")),
        FailureReason::LimitReached => CloudWatchError::QuotaUsedUp(format!(
            "{message}; remove alarms, or ask for a higher quota of alarms in this Region"
        )),
        FailureReason::Missing | FailureReason::Rejected | FailureReason::Exists | FailureReason::Malformed => {
            CloudWatchError::Rejected(message)
        }
        FailureReason::Late => CloudWatchError::Unavailable("no answer in time".to_owned()),
        FailureReason::Unreached | FailureReason::Unreadable => CloudWatchError::Unavailable(failure.said),
        // Credentials that cannot be had are met here, before anything is sent.
        FailureReason::Unsent => {
            CloudWatchError::Denied(format!("{}; set AWS_PROFILE, or run `aws sso login`", failure.said))
        }
        FailureReason::Unmade => CloudWatchError::Rejected(unmade(&failure.said)),
    }
}
