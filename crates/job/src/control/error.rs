//! What the control plane can answer instead of an answer, beside what every service can.

use assay_model::{Advice, FailureReason, ServiceError, ServiceFailure};
use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_sdk_bedrock::config::http::HttpResponse;
use aws_sdk_bedrock::error::{BuildError, ProvideErrorMetadata, SdkError};

/// An operation on a job came to nothing. Messages hold what the service said, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// As any service answers.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Another job has the name. The same request again would have given the same job.
    #[error("name in use: {0}")]
    NameInUse(String),
    /// As many jobs run or are kept as the account may have: come again when some have ended, or remove old ones.
    #[error("quota used up: {0}")]
    QuotaUsedUp(String),
}

impl ControlError {
    /// Returns whether the caller may not do this.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Service(ServiceError::Denied(_)))
    }

    /// Returns whether there is no such job, or none of what the request names.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Service(ServiceError::Missing(_)))
    }
}

impl Classified for ControlError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Service(error) => error.classify(),
            Self::NameInUse(_) => ErrorKind::User.named("ServiceRefused"),
            Self::QuotaUsedUp(_) => ErrorKind::Transient.named("ServiceUnavailable"),
        }
    }
}

impl From<BuildError> for ControlError {
    fn from(error: BuildError) -> Self {
        Self::Service(error.into())
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
    fn advice(self) -> Advice {
        let allow = match self {
            Self::Create => {
                "allow bedrock:CreateEvaluationJob, bedrock:TagResource, and iam:PassRole on the service role with \
                 iam:PassedToService bedrock.amazonaws.com; the service's message names which is missing"
            }
            Self::Describe => "allow bedrock:GetEvaluationJob on the job",
            Self::List => "allow bedrock:ListEvaluationJobs",
            Self::Stop => "allow bedrock:StopEvaluationJob on the job",
        };
        let missing = match self {
            Self::Create => {
                "check that role, models, knowledge base and flow definition are in the job's account and Region"
            }
            Self::Describe | Self::Stop => "check the job's ARN and Region; somebody may have removed the job",
            Self::List => "check the Region and the endpoint",
        };
        Advice { allow, missing, invalid: Some("mend the suite's `jobs` accordingly") }
    }
}

/// A request that lacks what its kind of job needs. Specs are checked for it, so somebody made the request wrongly.
pub(super) fn lacks(job: &str, what: &str) -> ControlError {
    ServiceError::Rejected(format!("the request of `{job}` lacks {what}; this is a defect of Assay")).into()
}

pub(super) fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> ControlError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let failure = ServiceFailure::of(error);
    let with = |remedy: &str| format!("{}; {remedy}", failure.message());
    match failure.code.as_str() {
        "ConflictException" if operation == Operation::Create => ControlError::NameInUse(with(
            "another job has this name, which the service keeps until the job is deleted; drop the dataset again, or `assay job start --again`",
        )),
        "ConflictException" => ServiceError::Rejected(with("the job's state does not allow it")).into(),
        _ if failure.reason == FailureReason::LimitReached => ControlError::QuotaUsedUp(with(
            "wait until other jobs have ended; where the account keeps 5,000 jobs, delete old ones",
        )),
        _ => ServiceError::advised(operation.advice(), &failure).into(),
    }
}
