//! GetEvaluationJob, StopEvaluationJob and BatchDeleteEvaluationJob: each is little more than a look into the book.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::book;
use crate::stand_in::errors::ServiceError;
use crate::stand_in::exchange::{CallContext, Operation};

/// A request to describe a job; its ARN is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct GetJob;

impl Operation for GetJob {
    const NAME: &'static str = "GetEvaluationJob";
    const IS_CONTROL: bool = true;

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let job = call.shared.jobs.get(call.subject);
        job.map(|job| job.description()).ok_or_else(|| book::unknown(call.subject))
    }
}

/// A request to stop a job; its ARN is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct StopJob;

impl Operation for StopJob {
    const NAME: &'static str = "StopEvaluationJob";
    const IS_CONTROL: bool = true;

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        call.shared.jobs.stop(call.subject)?;
        Ok(json!({}))
    }
}

/// A request to delete jobs.
#[derive(Debug, Default)]
pub(crate) struct DeleteJobs {
    arns: Vec<String>,
}

impl Operation for DeleteJobs {
    const NAME: &'static str = "BatchDeleteEvaluationJob";
    const STATUS: StatusCode = StatusCode::ACCEPTED;
    const IS_CONTROL: bool = true;

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let arns = body["jobIdentifiers"].as_array().into_iter().flatten();
        Ok(Self { arns: arns.filter_map(|arn| arn.as_str().map(str::to_owned)).collect() })
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let (mut errors, mut deleted) = (Vec::new(), Vec::new());
        for arn in &self.arns {
            match call.shared.jobs.delete(arn) {
                Ok(()) => deleted.push(json!({"jobIdentifier": arn, "jobStatus": "Deleting"})),
                Err(error) => {
                    errors.push(json!({"jobIdentifier": arn, "code": error.kind.name(), "message": error.message}));
                }
            }
        }
        Ok(json!({"errors": errors, "evaluationJobs": deleted}))
    }
}
