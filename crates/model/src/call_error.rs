//! Errors of the Bedrock runtime, whichever operation, to [`ModelError`].

use crate::ModelError;
use crate::service_error::{FailureReason, SIGN_IN, ServiceFailure, unmade};
use aws_sdk_bedrockruntime::config::http::HttpResponse;
use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};

/// What helps against an error, in the words of the operation that failed.
pub(super) struct CallAdvice {
    /// Against a lack of access.
    pub(super) denied: String,
    /// Where there is no such thing here.
    pub(super) missing: String,
    /// Where the service refuses the request itself.
    pub(super) rejected: Option<String>,
}

impl CallAdvice {
    /// For a model that is invoked by its id.
    pub(super) fn of_model(id: &str) -> Self {
        Self {
            denied: format!("allow bedrock:InvokeModel on `{id}` and enable the model in this Region"),
            missing: format!("check the id `{id}` and that this Region offers it, or use an inference profile"),
            rejected: None,
        }
    }
}

/// Adds what helps, and how often it makes sense to call again.
pub(super) fn classify<E>(advice: &CallAdvice, error: &SdkError<E, HttpResponse>) -> ModelError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let failure = ServiceFailure::of(error);
    let (message, said) = (failure.message(), &failure.said);
    let is_invalid = failure.code == "ValidationException";
    let with = |remedy: &str| format!("{message}; {remedy}");
    match failure.reason {
        FailureReason::Throttled => ModelError::Throttled { message, retry_after: failure.retry_after },
        FailureReason::Unavailable => ModelError::Unavailable { retries: retries(&failure), message },
        FailureReason::Denied if failure.code == "AccessDeniedException" => {
            ModelError::Denied { message: with(&advice.denied) }
        }
        FailureReason::Denied => ModelError::Denied { message },
        FailureReason::SignedOut => ModelError::Denied { message: with(SIGN_IN) },
        FailureReason::LimitReached => ModelError::Denied { message: with("raise the quota or lower the load") },
        FailureReason::Missing => ModelError::Missing { message: with(&advice.missing) },
        // The service responds to an id that it does not know with a validation error as well.
        FailureReason::Rejected if is_invalid && names_no_model(said) => {
            ModelError::Missing { message: with(&advice.missing) }
        }
        FailureReason::Rejected | FailureReason::Exists => match &advice.rejected {
            Some(remedy) if is_invalid => ModelError::Rejected { message: with(remedy) },
            _ => ModelError::Rejected { message },
        },
        FailureReason::Malformed => ModelError::malformed(format!("the answer cannot be understood: {said}")),
        FailureReason::Unreadable => ModelError::malformed("the answer cannot be read"),
        FailureReason::Late => ModelError::Unavailable { message: "no answer in time".to_owned(), retries: 2 },
        FailureReason::Unreached | FailureReason::Unsent => {
            ModelError::Unavailable { message: format!("the connection failed: {said}"), retries: 5 }
        }
        FailureReason::Unmade => ModelError::Rejected { message: unmade(said) },
    }
}

/// How often it makes sense to call again after the service or the model failed.
fn retries(failure: &ServiceFailure) -> u32 {
    match (failure.code.as_str(), failure.status) {
        ("ModelNotReadyException", _) => 8,
        ("ModelErrorException", _) => 1,
        ("ServiceUnavailableException" | "InternalServerException", _) => 5,
        ("ModelTimeoutException", _) | (_, 408 | 424) => 2,
        _ => 5,
    }
}

/// Two errors share one code here, so there is no way around the text; it decides only whether one sample fails or all.
fn names_no_model(said: &str) -> bool {
    said.contains("model identifier is invalid")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_bedrockruntime::error::ErrorMetadata;
    use aws_sdk_bedrockruntime::operation::converse::ConverseError;
    use aws_smithy_types::body::SdkBody;

    #[test]
    fn a_refusal_says_what_helps_against_it() {
        for (code, remedy) in [
            ("AccessDeniedException", "; allow bedrock:InvokeModel on `m` and enable the model in this Region"),
            ("ExpiredTokenException", "; sign in again or renew the credentials"),
            ("UnrecognizedClientException", "; sign in again or renew the credentials"),
            ("InvalidSignatureException", "; sign in again or renew the credentials"),
            ("ServiceQuotaExceededException", "; raise the quota or lower the load"),
        ] {
            let said = ConverseError::generic(ErrorMetadata::builder().code(code).message("no").build());
            let raw = HttpResponse::new(403.try_into().unwrap(), SdkBody::empty());
            let message = format!("{code} (403): no{remedy}");
            assert_eq!(
                classify(&CallAdvice::of_model("m"), &SdkError::service_error(said, raw)),
                ModelError::Denied { message }
            );
        }
    }
}
