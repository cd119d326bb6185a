//! What a service can answer instead of an answer, by what can be done about it.
//!
//! Sorted by the error's code and the HTTP status, never by its text, which changes.

use aws_sdk_bedrock::config::http::HttpResponse;
use aws_sdk_bedrock::error::{ProvideErrorMetadata, SdkError};

/// An operation came to nothing. Messages hold what the service said, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// Too many requests, also after some pauses: come again later.
    #[error("throttled: {0}")]
    Throttled(String),
    /// The service or the network failed, also after some attempts: come again later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// No access, or no credentials.
    #[error("denied: {0}")]
    Denied(String),
    /// There is no such thing.
    #[error("missing: {0}")]
    Missing(String),
    /// The service refuses the request itself.
    #[error("rejected: {0}")]
    Rejected(String),
    /// As many of these run or are kept as the account may have.
    #[error("limit reached: {0}")]
    LimitReached(String),
    /// There is one already.
    #[error("exists: {0}")]
    Exists(String),
}

impl ServiceError {
    /// Whether the same request may succeed at another time without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled(_) | Self::Unavailable(_) | Self::LimitReached(_))
    }
}

/// What helps with the errors of one operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Advice {
    /// What to allow: the IAM action, and on what.
    pub allow: &'static str,
    /// What to do where something is not there.
    pub missing: &'static str,
}

/// Sorts an error of the SDK.
pub(crate) fn classify<E>(advice: Advice, error: &SdkError<E, HttpResponse>) -> ServiceError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let (service, raw) = match error {
        SdkError::ServiceError(context) => (context.err(), context.raw()),
        SdkError::ResponseError(_) => return ServiceError::Unavailable("the answer cannot be read".to_owned()),
        SdkError::TimeoutError(_) => return ServiceError::Unavailable("no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            if failure.is_io() || failure.is_timeout() {
                let message = format!("the connection failed: {cause}; check the network and the endpoint");
                return ServiceError::Unavailable(message);
            }
            // Nothing was sent: almost always there are no credentials, which the SDK tells in words of its own.
            let message = format!("the request could not be sent; check credentials and Region: {cause}");
            return ServiceError::Denied(message);
        }
        other => return ServiceError::Rejected(format!("the request could not be made: {}", deepest(other))),
    };
    let status = raw.status().as_u16();
    let code = service.code().unwrap_or_default();
    let said = service.message().unwrap_or("no message");
    let said = format!("{} ({status}): {said}", if code.is_empty() { "error" } else { code });
    let with = |remedy: &str| format!("{said}; {remedy}");
    match code {
        "ThrottlingException" | "TooManyRequestsException" => ServiceError::Throttled(with("it passes by itself")),
        "InternalServerException" | "ServiceUnavailableException" => ServiceError::Unavailable(said),
        "AccessDeniedException" => ServiceError::Denied(with(advice.allow)),
        "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException" => {
            ServiceError::Denied(with("sign in again or renew the credentials"))
        }
        "ResourceNotFoundException" => ServiceError::Missing(with(advice.missing)),
        "ResourceAlreadyExistsException" => ServiceError::Exists(said),
        "LimitExceededException" | "ServiceQuotaExceededException" => ServiceError::LimitReached(said),
        _ => match status {
            429 => ServiceError::Throttled(with("it passes by itself")),
            200..300 => ServiceError::Unavailable(format!("the answer cannot be understood: {said}")),
            401 | 403 => ServiceError::Denied(with(advice.allow)),
            404 => ServiceError::Missing(with(advice.missing)),
            408 | 500.. => ServiceError::Unavailable(said),
            _ => ServiceError::Rejected(said),
        },
    }
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
