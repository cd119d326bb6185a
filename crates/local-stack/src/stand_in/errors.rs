//! The errors of Bedrock as they stand on the wire (restJson1).
//!
//! When one is due is decided elsewhere.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::behaviour::Fault;

/// The name of an error, as in the header `x-amzn-errortype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// 429, too many requests or tokens.
    Throttling,
    /// 429, the model is being loaded.
    ModelNotReady,
    /// 503, no capacity.
    ServiceUnavailable,
    /// 500.
    InternalServer,
    /// 408, the model took too long.
    ModelTimeout,
    /// 424, the model failed.
    ModelError,
    /// 400, the request breaks a rule.
    Validation,
    /// 400, the body is not what the protocol says.
    Serialization,
    /// 400, the state of things is against it, such as a name that is taken.
    Conflict,
    /// 400, more than the account may have.
    ServiceQuotaExceeded,
    /// 403.
    AccessDenied,
    /// 404, no such model.
    ResourceNotFound,
    /// 404, no such operation.
    UnknownOperation,
}

impl ErrorKind {
    /// The name AWS gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttling => "ThrottlingException",
            Self::ModelNotReady => "ModelNotReadyException",
            Self::ServiceUnavailable => "ServiceUnavailableException",
            Self::InternalServer => "InternalServerException",
            Self::ModelTimeout => "ModelTimeoutException",
            Self::ModelError => "ModelErrorException",
            Self::Validation => "ValidationException",
            Self::Serialization => "SerializationException",
            Self::Conflict => "ConflictException",
            Self::ServiceQuotaExceeded => "ServiceQuotaExceededException",
            Self::AccessDenied => "AccessDeniedException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::UnknownOperation => "UnknownOperationException",
        }
    }

    /// The HTTP status it comes with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Throttling | Self::ModelNotReady => StatusCode::TOO_MANY_REQUESTS,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::InternalServer => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ModelTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::ModelError => StatusCode::FAILED_DEPENDENCY,
            Self::Validation | Self::Serialization | Self::Conflict | Self::ServiceQuotaExceeded => {
                StatusCode::BAD_REQUEST
            }
            Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::ResourceNotFound | Self::UnknownOperation => StatusCode::NOT_FOUND,
        }
    }

    /// Whether the service refuses before any model works, so that no model latency passes.
    pub(crate) fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Throttling
                | Self::ModelNotReady
                | Self::Validation
                | Self::Serialization
                | Self::Conflict
                | Self::ServiceQuotaExceeded
                | Self::AccessDenied
                | Self::ResourceNotFound
                | Self::UnknownOperation
        )
    }
}

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    /// Seconds for a `Retry-After` header, as the one who told it wrote them.
    pub(crate) retry_after: Option<String>,
    /// Status of the server behind a `ModelErrorException`.
    pub(crate) original_status: Option<u16>,
}

impl ServiceError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None, original_status: None }
    }

    /// The error that a fault stands for, if it is one.
    pub(crate) fn of_fault(fault: &Fault, model: &str) -> Option<Self> {
        let (kind, message) = match fault {
            Fault::Throttle { .. } => (ErrorKind::Throttling, "Too many requests, please wait before trying again."),
            Fault::ModelNotReady => (ErrorKind::ModelNotReady, "The model is not ready for inference requests."),
            Fault::ServerError => (ErrorKind::InternalServer, "An internal server error occurred."),
            Fault::Unavailable => (ErrorKind::ServiceUnavailable, "The service is not available."),
            Fault::ModelTimeout => (ErrorKind::ModelTimeout, "The request took too long to process."),
            Fault::ModelError => (ErrorKind::ModelError, "The model failed while it processed the request."),
            Fault::Denied => {
                (ErrorKind::AccessDenied, "You don't have access to the model with the specified model ID.")
            }
            Fault::NotFound => {
                (ErrorKind::ResourceNotFound, "Could not resolve the foundation model from the model identifier")
            }
            Fault::UnknownOperation => (ErrorKind::UnknownOperation, "The requested operation is not supported here."),
            Fault::Validation => (ErrorKind::Validation, "The request is refused by a fault rule."),
            Fault::ConnectionReset
            | Fault::Hang { .. }
            | Fault::Hold
            | Fault::MalformedBody
            | Fault::MissingOutput
            | Fault::ReasoningFirst
            | Fault::TextBlocks(_)
            | Fault::EmptyContent
            | Fault::StopReason(_)
            | Fault::ToolInput(_)
            | Fault::Severities(_) => return None,
        };
        let mut error = Self::new(kind, message);
        match fault {
            Fault::Throttle { retry_after_seconds } => {
                error.retry_after = retry_after_seconds.map(|seconds| seconds.to_string());
            }
            Fault::ModelError => error.original_status = Some(500),
            Fault::NotFound => error.message = format!("{message}: {model}"),
            _ => {}
        }
        Some(error)
    }

    pub(crate) fn into_response(self, model: Option<&str>) -> Response<Body> {
        let mut body = json!({ "message": self.message });
        if self.kind == ErrorKind::ModelError {
            // Both members are optional in the service's model.
            if let Some(status) = self.original_status {
                body["originalStatusCode"] = json!(status);
            }
            if let Some(model) = model {
                body["resourceName"] = json!(model);
            }
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-amzn-errortype", HeaderValue::from_static(self.kind.name()));
        if let Some(value) = self.retry_after.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(header::RETRY_AFTER, value);
        }
        response
    }
}
