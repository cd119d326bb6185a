//! What the control plane can answer instead of an answer, by what can be done about it.
//!
//! Sorted by the error's code and the HTTP status, never by its text, which changes.

use aws_sdk_bedrock::config::http::HttpResponse;
use aws_sdk_bedrock::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_types::error::operation::BuildError;

/// An operation on a job came to nothing. Messages hold what the service said, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// Too many requests, also after some pauses: come again later.
    #[error("throttled: {message}")]
    Throttled {
        /// What the service said, and what to do.
        message: String,
    },
    /// The service or the network failed, also after some attempts: come again later.
    #[error("unavailable: {message}")]
    Unavailable {
        /// What failed.
        message: String,
    },
    /// No access.
    #[error("denied: {message}")]
    Denied {
        /// What the service said, and what to do.
        message: String,
    },
    /// The service refuses the request itself.
    #[error("rejected: {message}")]
    Rejected {
        /// What the service said, and what to do.
        message: String,
    },
    /// Another job has the name. The same request again would have given the same job.
    #[error("name in use: {message}")]
    NameInUse {
        /// What the service said, and what to do.
        message: String,
    },
    /// As many jobs run or are kept as the account may have: come again when some have ended, or remove old ones.
    #[error("quota used up: {message}")]
    QuotaUsedUp {
        /// What the service said, and what to do.
        message: String,
    },
    /// There is no such job, or none of what the request names.
    #[error("missing: {message}")]
    Missing {
        /// What the service said, and what to do.
        message: String,
    },
}

impl ControlError {
    /// The class as notes and logs write it.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Unavailable { .. } => "unavailable",
            Self::Denied { .. } => "denied",
            Self::Rejected { .. } => "rejected",
            Self::NameInUse { .. } => "name_in_use",
            Self::QuotaUsedUp { .. } => "quota_used_up",
            Self::Missing { .. } => "missing",
        }
    }

    /// Whether the same request may succeed at another time without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. } | Self::QuotaUsedUp { .. })
    }
}

/// What was asked, for words that help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    Describe,
    List,
    Stop,
}

impl Operation {
    fn denied(self) -> &'static str {
        match self {
            Self::Create => {
                "allow bedrock:CreateEvaluationJob, bedrock:TagResource, and iam:PassRole on the service role with \
                 iam:PassedToService bedrock.amazonaws.com; the service's message names which is missing"
            }
            Self::Describe => "allow bedrock:GetEvaluationJob on the job",
            Self::List => "allow bedrock:ListEvaluationJobs",
            Self::Stop => "allow bedrock:StopEvaluationJob on the job",
        }
    }

    fn missing(self) -> &'static str {
        match self {
            Self::Create => {
                "check that role, models, knowledge base and flow definition are in the job's account and Region"
            }
            Self::Describe | Self::Stop => "check the job's ARN and Region; somebody may have removed the job",
            Self::List => "check the Region and the endpoint",
        }
    }
}

/// A request that lacks what the SDK demands.
pub(super) fn unbuilt(error: BuildError) -> ControlError {
    ControlError::Rejected { message: format!("the request could not be made: {error}") }
}

/// A request that lacks what its kind of job needs. Specs are checked for it, so somebody made the request wrongly.
pub(super) fn lacks(job: &str, what: &str) -> ControlError {
    ControlError::Rejected { message: format!("the request of `{job}` lacks {what}; this is a defect of Assay") }
}

pub(super) fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> ControlError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let (service, raw) = match error {
        SdkError::ServiceError(context) => (context.err(), context.raw()),
        SdkError::ResponseError(_) => return unavailable("the answer cannot be read".to_owned()),
        SdkError::TimeoutError(_) => return unavailable("no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| deepest(error)).unwrap_or_default();
            if failure.is_io() || failure.is_timeout() {
                return unavailable(format!("the connection failed: {cause}; check the network and the endpoint"));
            }
            // Nothing was sent: almost always there are no credentials, which the SDK tells in words of its own.
            let message = format!("the request could not be sent; check credentials and Region: {cause}");
            return ControlError::Denied { message };
        }
        other => {
            let message = format!("the request could not be made: {}", deepest(other));
            return ControlError::Rejected { message };
        }
    };
    let status = raw.status().as_u16();
    let code = service.code().unwrap_or_default();
    let said = service.message().unwrap_or("no message");
    let said = format!("{} ({status}): {said}", if code.is_empty() { "error" } else { code });
    let with = |remedy: &str| format!("{said}; {remedy}");
    match code {
        "ThrottlingException" | "TooManyRequestsException" => throttled(with("it passes by itself")),
        "InternalServerException" | "ServiceUnavailableException" => unavailable(said),
        "AccessDeniedException" => ControlError::Denied { message: with(operation.denied()) },
        "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException" => {
            ControlError::Denied { message: with("sign in again or renew the credentials") }
        }
        "ConflictException" if operation == Operation::Create => ControlError::NameInUse {
            message: with(
                "another job has this name, which the service keeps until the job is deleted; drop the dataset again, or `assay job start --again`",
            ),
        },
        "ConflictException" => ControlError::Rejected { message: with("the job's state does not allow it") },
        "ServiceQuotaExceededException" => ControlError::QuotaUsedUp {
            message: with("wait until other jobs have ended; where the account keeps 5,000 jobs, delete old ones"),
        },
        "ResourceNotFoundException" => ControlError::Missing { message: with(operation.missing()) },
        "ValidationException" => ControlError::Rejected { message: with("mend the suite's `jobs` accordingly") },
        _ => match status {
            429 => throttled(with("it passes by itself")),
            200..300 => unavailable(format!("the answer cannot be understood: {said}")),
            401 | 403 => ControlError::Denied { message: with(operation.denied()) },
            404 => ControlError::Missing { message: with(operation.missing()) },
            408 | 500.. => unavailable(said),
            _ => ControlError::Rejected { message: said },
        },
    }
}

fn throttled(message: String) -> ControlError {
    ControlError::Throttled { message }
}

fn unavailable(message: String) -> ControlError {
    ControlError::Unavailable { message }
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
