//! Errors of AWS services, whichever client they come from, by what can be done about them.
//!
//! Sorted by the error's code and the HTTP status, never by its text, which changes. [`ServiceFailure`] is what came back;
//! [`ServiceError`] adds what helps. Clients with words of their own make them of the first.

use assay_problem::{Classified, ErrorClass, ErrorKind, deepest};
use aws_sdk_bedrockruntime::config::http::HttpResponse;
use aws_sdk_bedrockruntime::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_smithy_types::retry::ErrorKind as RetryKind;
use std::time::Duration;

/// What helps where the service does not take the credentials.
pub const SIGN_IN: &str = "sign in again or renew the credentials";

/// Why a request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureReason {
    /// Too many requests.
    Throttled,
    /// The service or what is behind it failed.
    Unavailable,
    /// The caller may not do this.
    Denied,
    /// The service does not take the credentials.
    SignedOut,
    /// There is no such thing.
    Missing,
    /// The service refuses the request itself.
    Rejected,
    /// The account has as many of these as it may have.
    LimitReached,
    /// There is one already.
    Exists,
    /// The service succeeded, and its response cannot be understood.
    Malformed,
    /// The response cannot be read.
    Unreadable,
    /// No response came in time.
    Late,
    /// The connection failed.
    Unreached,
    /// Nothing was sent. Almost always there are no credentials, which the SDK reports in words of its own.
    Unsent,
    /// The request cannot be made.
    Unmade,
}

/// What came back of a request that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFailure {
    /// Why.
    pub reason: FailureReason,
    /// The service's code; empty where it gave none, or did not respond.
    pub code: String,
    /// The HTTP status; 0 where the service did not respond.
    pub status: u16,
    /// The service's message, or the deepest cause where it did not respond.
    pub said: String,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl ServiceFailure {
    /// Sorts an error of any client.
    pub fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let reason = match error {
            SdkError::ServiceError(context) => {
                let (service, raw) = (context.err(), context.raw());
                let said = service.message().unwrap_or("no message").to_owned();
                return Self::response(service.code().unwrap_or_default(), said, raw);
            }
            SdkError::ResponseError(_) => FailureReason::Unreadable,
            SdkError::TimeoutError(_) => FailureReason::Late,
            SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() || failure.is_user() => {
                FailureReason::Unreached
            }
            // The service closed the connection in the middle of its response.
            SdkError::DispatchFailure(failure) if failure.as_other() == Some(RetryKind::TransientError) => {
                FailureReason::Unreached
            }
            SdkError::DispatchFailure(_) => FailureReason::Unsent,
            _ => FailureReason::Unmade,
        };
        Self { reason, code: String::new(), status: 0, said: deepest(error), retry_after: None }
    }

    fn response(code: &str, said: String, raw: &HttpResponse) -> Self {
        let status = raw.status().as_u16();
        let seconds = raw.headers().get("retry-after").and_then(|value| value.parse::<f64>().ok());
        let retry_after = seconds.filter(|seconds| (0.0..=3600.0).contains(seconds)).map(Duration::from_secs_f64);
        Self { reason: reason(code, status), code: code.to_owned(), status, said, retry_after }
    }

    /// The code and the status, `error` standing for a code that is not there.
    pub fn code_and_status(&self) -> String {
        let code = if self.code.is_empty() { "error" } else { &self.code };
        format!("{code} ({})", self.status)
    }

    /// Code, status and the service's message.
    pub fn message(&self) -> String {
        format!("{}: {}", self.code_and_status(), self.said)
    }
}

fn reason(code: &str, status: u16) -> FailureReason {
    match code {
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" | "RequestLimitExceeded" => {
            FailureReason::Throttled
        }
        "ServiceUnavailableException"
        | "InternalServerException"
        | "ModelNotReadyException"
        | "ModelTimeoutException"
        | "ModelErrorException" => FailureReason::Unavailable,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => FailureReason::Denied,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "MissingAuthenticationToken"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException" => FailureReason::SignedOut,
        "ResourceNotFoundException" | "UnknownOperationException" => FailureReason::Missing,
        "ValidationException" => FailureReason::Rejected,
        "LimitExceeded" | "LimitExceededFault" | "LimitExceededException" | "ServiceQuotaExceededException" => {
            FailureReason::LimitReached
        }
        "ResourceAlreadyExistsException" => FailureReason::Exists,
        _ => match status {
            429 => FailureReason::Throttled,
            200..300 => FailureReason::Malformed,
            401 | 403 => FailureReason::Denied,
            404 => FailureReason::Missing,
            408 | 424 | 500.. => FailureReason::Unavailable,
            _ => FailureReason::Rejected,
        },
    }
}

/// What helps with the errors of one operation.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    /// What to allow: the IAM action, and on what.
    pub allow: &'static str,
    /// What to do where something is not there.
    pub missing: &'static str,
    /// What to do where the service finds the request not valid, if that is known.
    pub invalid: Option<&'static str>,
}

impl Advice {
    /// Advice for an operation whose requests cannot be invalid by the user's doing.
    pub const fn new(allow: &'static str, missing: &'static str) -> Self {
        Self { allow, missing, invalid: None }
    }
}

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
    /// Sorts an error of any client.
    pub fn of<E>(advice: Advice, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        Self::advised(advice, &ServiceFailure::of(error))
    }

    /// Adds what helps.
    pub fn advised(advice: Advice, failure: &ServiceFailure) -> Self {
        let (message, said) = (failure.message(), &failure.said);
        let with = |remedy: &str| format!("{message}; {remedy}");
        match failure.reason {
            FailureReason::Throttled => Self::Throttled(with("it passes by itself")),
            FailureReason::Unavailable => Self::Unavailable(message),
            FailureReason::Denied => Self::Denied(with(advice.allow)),
            FailureReason::SignedOut => Self::Denied(with(SIGN_IN)),
            FailureReason::Missing => Self::Missing(with(advice.missing)),
            FailureReason::Rejected => match advice.invalid {
                Some(remedy) if failure.code == "ValidationException" => Self::Rejected(with(remedy)),
                _ => Self::Rejected(message),
            },
            FailureReason::LimitReached => Self::LimitReached(message),
            FailureReason::Exists => Self::Exists(message),
            FailureReason::Malformed => Self::Unavailable(format!("the answer cannot be understood: {message}")),
            FailureReason::Unreadable => Self::Unavailable("the answer cannot be read".to_owned()),
            FailureReason::Late => Self::Unavailable("no answer in time".to_owned()),
            FailureReason::Unreached => {
                Self::Unavailable(format!("the connection failed: {said}; check the network and the endpoint"))
            }
            FailureReason::Unsent => {
                Self::Denied(format!("the request could not be sent; check credentials and Region: {said}"))
            }
            FailureReason::Unmade => Self::Rejected(unmade(said)),
        }
    }
}

/// A request that lacks what the SDK demands.
impl From<BuildError> for ServiceError {
    fn from(error: BuildError) -> Self {
        Self::Rejected(unmade(&error.to_string()))
    }
}

/// Says that a request cannot be made, and why.
pub fn unmade(why: &str) -> String {
    format!("the request could not be made: {why}")
}

impl Classified for ServiceError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Throttled(_) | Self::Unavailable(_) | Self::LimitReached(_) => {
                ErrorKind::Transient.named("ServiceUnavailable")
            }
            Self::Denied(_) => ErrorKind::User.named("Denied"),
            Self::Missing(_) | Self::Rejected(_) | Self::Exists(_) => ErrorKind::User.named("ServiceRefused"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_bedrockruntime::error::{ConnectorError, ErrorMetadata};
    use aws_sdk_bedrockruntime::operation::converse::ConverseError;
    use aws_smithy_types::body::SdkBody;

    const ADVICE: Advice = Advice { allow: "allow it", missing: "check the name", invalid: Some("mend the request") };

    fn response(status: u16, code: &str) -> SdkError<ConverseError> {
        let said = ConverseError::generic(ErrorMetadata::builder().code(code).message("no").build());
        let mut raw = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        raw.headers_mut().insert("retry-after", "2.5");
        SdkError::service_error(said, raw)
    }

    /// Codes and statuses as the API references of Bedrock, CloudWatch and CloudWatch Logs list them.
    #[test]
    fn a_response_is_sorted_by_its_code_and_else_by_its_status() {
        for (status, code, kind, said) in [
            (
                429,
                "ThrottlingException",
                ErrorKind::Transient,
                "throttled: ThrottlingException (429): no; it passes by itself",
            ),
            (400, "Throttling", ErrorKind::Transient, "throttled: Throttling (400): no; it passes by itself"),
            (429, "", ErrorKind::Transient, "throttled: error (429): no; it passes by itself"),
            (500, "InternalServerException", ErrorKind::Transient, "unavailable: InternalServerException (500): no"),
            (503, "New", ErrorKind::Transient, "unavailable: New (503): no"),
            (408, "", ErrorKind::Transient, "unavailable: error (408): no"),
            (200, "", ErrorKind::Transient, "unavailable: the answer cannot be understood: error (200): no"),
            (400, "LimitExceededException", ErrorKind::Transient, "limit reached: LimitExceededException (400): no"),
            (
                400,
                "ServiceQuotaExceededException",
                ErrorKind::Transient,
                "limit reached: ServiceQuotaExceededException (400): no",
            ),
            (400, "AccessDeniedException", ErrorKind::User, "denied: AccessDeniedException (400): no; allow it"),
            (403, "", ErrorKind::User, "denied: error (403): no; allow it"),
            (
                400,
                "ExpiredTokenException",
                ErrorKind::User,
                "denied: ExpiredTokenException (400): no; sign in again or renew the credentials",
            ),
            (
                403,
                "InvalidClientTokenId",
                ErrorKind::User,
                "denied: InvalidClientTokenId (403): no; sign in again or renew the credentials",
            ),
            (
                400,
                "ResourceNotFoundException",
                ErrorKind::User,
                "missing: ResourceNotFoundException (400): no; check the name",
            ),
            (404, "", ErrorKind::User, "missing: error (404): no; check the name"),
            (400, "ValidationException", ErrorKind::User, "rejected: ValidationException (400): no; mend the request"),
            (400, "New", ErrorKind::User, "rejected: New (400): no"),
            (
                400,
                "ResourceAlreadyExistsException",
                ErrorKind::User,
                "exists: ResourceAlreadyExistsException (400): no",
            ),
        ] {
            let error = ServiceError::of(ADVICE, &response(status, code));
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, said));
        }
        let failure = ServiceFailure::of(&response(429, ""));
        assert_eq!(
            (failure.reason, failure.retry_after),
            (FailureReason::Throttled, Some(Duration::from_millis(2500)))
        );
    }

    #[test]
    fn what_was_not_responded_to_says_its_deepest_cause() {
        let refused = || Box::new(std::io::Error::other(std::io::Error::other("connection refused")));
        type Dispatch = SdkError<ConverseError>;
        for (error, kind, said) in [
            (
                Dispatch::dispatch_failure(ConnectorError::io(refused())),
                ErrorKind::Transient,
                "unavailable: the connection failed: connection refused; check the network and the endpoint",
            ),
            (
                Dispatch::dispatch_failure(ConnectorError::other(refused(), Some(RetryKind::TransientError))),
                ErrorKind::Transient,
                "unavailable: the connection failed: connection refused; check the network and the endpoint",
            ),
            (
                Dispatch::dispatch_failure(ConnectorError::other(refused(), None)),
                ErrorKind::User,
                "denied: the request could not be sent; check credentials and Region: connection refused",
            ),
            (Dispatch::timeout_error(refused()), ErrorKind::Transient, "unavailable: no answer in time"),
            (
                Dispatch::construction_failure(refused()),
                ErrorKind::User,
                "rejected: the request could not be made: connection refused",
            ),
        ] {
            let error = ServiceError::of(ADVICE, &error);
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, said));
        }
    }
}
