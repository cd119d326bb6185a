//! Errors of the Bedrock runtime, whichever operation, to [`ModelError`]: sorted by what can be done about them.

use crate::ModelError;
use aws_sdk_bedrockruntime::config::http::HttpResponse;
use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use std::time::Duration;

/// What helps against an error, in the words of the operation that failed.
pub(super) struct Advice {
    /// Against a lack of access.
    pub(super) denied: String,
    /// Where there is no such thing here.
    pub(super) missing: String,
    /// Where the service refuses the request itself.
    pub(super) rejected: Option<String>,
}

impl Advice {
    /// For a model that is invoked by its id.
    pub(super) fn of_model(id: &str) -> Self {
        Self {
            denied: format!("allow bedrock:InvokeModel on `{id}` and enable the model in this Region"),
            missing: format!("check the id `{id}` and that this Region offers it, or use an inference profile"),
            rejected: None,
        }
    }
}

/// Sorts by the error's code and the HTTP status, never by its text, which changes.
pub(super) fn classify<E>(advice: &Advice, error: &SdkError<E>) -> ModelError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let unavailable = |message: String, retries| ModelError::Unavailable { message, retries };
    let (service, raw) = match error {
        SdkError::ServiceError(context) => (context.err(), context.raw()),
        SdkError::ResponseError(_) => {
            return ModelError::malformed("the answer cannot be read");
        }
        SdkError::TimeoutError(_) => return unavailable("no answer in time".to_owned(), 2),
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            return unavailable(format!("the request could not be sent: {cause}"), 2);
        }
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            return unavailable(format!("the connection failed: {cause}"), 5);
        }
        other => {
            return ModelError::Rejected { message: format!("the request could not be made: {}", deepest(other)) };
        }
    };
    let status = raw.status().as_u16();
    let code = service.code().unwrap_or_default();
    let said = service.message().unwrap_or("no message");
    let message = format!("{} ({status}): {said}", if code.is_empty() { "error" } else { code });
    match code {
        "ThrottlingException" | "TooManyRequestsException" => throttled(message, raw),
        "ModelNotReadyException" => unavailable(message, 8),
        "ServiceUnavailableException" | "InternalServerException" => unavailable(message, 5),
        "ModelTimeoutException" => unavailable(message, 2),
        "ModelErrorException" => unavailable(message, 1),
        "AccessDeniedException" => ModelError::Denied { message: format!("{message}; {}", advice.denied) },
        "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException" => {
            ModelError::Denied { message: format!("{message}; sign in again or renew the credentials") }
        }
        "ServiceQuotaExceededException" => {
            ModelError::Denied { message: format!("{message}; raise the quota or lower the load") }
        }
        "ResourceNotFoundException" | "UnknownOperationException" => missing(advice, &message),
        // The service answers an id that it does not know with a validation error as well.
        "ValidationException" if names_no_model(said) => missing(advice, &message),
        "ValidationException" => match &advice.rejected {
            Some(advice) => ModelError::Rejected { message: format!("{message}; {advice}") },
            None => ModelError::Rejected { message },
        },
        _ => match status {
            429 => throttled(message, raw),
            200..300 => ModelError::malformed(format!("the answer cannot be understood: {said}")),
            401 | 403 => ModelError::Denied { message },
            404 => missing(advice, &message),
            408 | 424 => unavailable(message, 2),
            500.. => unavailable(message, 5),
            _ => ModelError::Rejected { message },
        },
    }
}

fn throttled(message: String, raw: &HttpResponse) -> ModelError {
    let seconds = raw.headers().get("retry-after").and_then(|value| value.parse::<f64>().ok());
    ModelError::Throttled {
        message,
        retry_after: seconds.filter(|seconds| (0.0..=3600.0).contains(seconds)).map(Duration::from_secs_f64),
    }
}

fn missing(advice: &Advice, message: &str) -> ModelError {
    ModelError::Missing { message: format!("{message}; {}", advice.missing) }
}

/// Two errors share one code here, so there is no way around the text; it decides only whether one sample fails or all.
fn names_no_model(said: &str) -> bool {
    said.contains("model identifier is invalid")
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_bedrockruntime::config::http::HttpResponse;
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
                classify(&Advice::of_model("m"), &SdkError::service_error(said, raw)),
                ModelError::Denied { message }
            );
        }
    }
}
