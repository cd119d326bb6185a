//! What CloudWatch can answer instead of an answer, by what can be done about it.
//!
//! Sorted by the error's code and the HTTP status, never by its text, which changes.

use aws_sdk_cloudwatch::config::http::HttpResponse;
use aws_sdk_cloudwatch::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_types::error::operation::BuildError;

/// An operation came to nothing. Messages hold what the service said, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudWatchError {
    /// Too many requests, also after some pauses: come again later.
    #[error("CloudWatch is throttling: {message}")]
    Throttled {
        /// What the service said.
        message: String,
    },
    /// The service or the network failed, also after some attempts: come again later.
    #[error("CloudWatch cannot be reached: {message}")]
    Unavailable {
        /// What failed.
        message: String,
    },
    /// No access.
    #[error("CloudWatch denies access: {message}")]
    Denied {
        /// What the service said, and what to do.
        message: String,
    },
    /// The account has as many alarms as it may have.
    #[error("the quota of CloudWatch is used up: {message}")]
    QuotaUsedUp {
        /// What the service said, and what to do.
        message: String,
    },
    /// The service refuses the request itself.
    #[error("CloudWatch refuses the request: {message}")]
    Rejected {
        /// What the service said.
        message: String,
    },
}

impl CloudWatchError {
    /// Whether the same request may succeed at another time without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. })
    }
}

/// A request that lacks what the SDK demands.
pub(super) fn unbuilt(error: BuildError) -> CloudWatchError {
    CloudWatchError::Rejected { message: format!("the request could not be made: {error}") }
}

/// Sorts the error of the operation that the IAM action `action` allows, on `what`.
pub(super) fn classify<E>(action: &str, what: &str, error: &SdkError<E, HttpResponse>) -> CloudWatchError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let (service, status) = match error {
        SdkError::ServiceError(context) => (context.err(), context.raw().status().as_u16()),
        SdkError::TimeoutError(_) => {
            return CloudWatchError::Unavailable { message: "no answer in time".to_owned() };
        }
        SdkError::DispatchFailure(failure) if failure.is_other() => {
            // Credentials that cannot be had are met here, before anything is sent.
            let message = format!("{}; set AWS_PROFILE, or run `aws sso login`", deepest(error));
            return CloudWatchError::Denied { message };
        }
        SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => {
            return CloudWatchError::Unavailable { message: deepest(error) };
        }
        other => {
            return CloudWatchError::Rejected { message: format!("the request could not be made: {}", deepest(other)) };
        }
    };
    let code = service.code().unwrap_or("error");
    let message = format!("{code} ({status}) on {what}: {}", service.message().unwrap_or("no message"));
    match code {
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" | "RequestLimitExceeded" => {
            CloudWatchError::Throttled { message }
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            CloudWatchError::Denied { message: format!("{message}; allow {action} on it") }
        }
        "LimitExceeded" | "LimitExceededFault" | "LimitExceededException" => CloudWatchError::QuotaUsedUp {
            message: format!("{message}; remove alarms, or ask for a higher quota of alarms in this Region"),
        },
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "MissingAuthenticationToken" => {
            CloudWatchError::Denied { message: format!("{message}; sign in again or renew the credentials") }
        }
        _ => match status {
            429 => CloudWatchError::Throttled { message },
            401 | 403 => CloudWatchError::Denied { message: format!("{message}; allow {action} on it") },
            500.. => CloudWatchError::Unavailable { message },
            _ => CloudWatchError::Rejected { message },
        },
    }
}

/// What lies at the bottom of an error, where the reason is.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
