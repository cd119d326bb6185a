//! GetEvaluationJob, StopEvaluationJob and BatchDeleteEvaluationJob: each is little more than a look into the book.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::book;
use crate::stand_in::behaviour::Fault;
use crate::stand_in::errors::ServiceError;
use crate::stand_in::exchange::Operation;
use crate::stand_in::ledger::OpenCall;
use crate::stand_in::service_model::Violation;
use crate::stand_in::shared::Shared;

/// A request to describe a job; its ARN is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct GetJob;

impl Operation for GetJob {
    const NAME: &'static str = "GetEvaluationJob";
    const BILLED: bool = false;

    type Answer = Value;

    fn read(_body: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.control_violations(Self::NAME, labels, body)
    }

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        _call: &OpenCall,
        subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<Value, ServiceError> {
        shared.jobs.get(subject).map(|job| job.description()).ok_or_else(|| book::unknown(subject))
    }

    fn body(&self, answer: Value, _fault: Option<&Fault>, _took: Duration) -> Value {
        answer
    }
}

/// A request to stop a job; its ARN is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct StopJob;

impl Operation for StopJob {
    const NAME: &'static str = "StopEvaluationJob";
    const BILLED: bool = false;

    type Answer = ();

    fn read(_body: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.control_violations(Self::NAME, labels, body)
    }

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        _call: &OpenCall,
        subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<(), ServiceError> {
        shared.jobs.stop(subject)
    }

    fn body(&self, (): (), _fault: Option<&Fault>, _took: Duration) -> Value {
        json!({})
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
    const BILLED: bool = false;

    /// Each job, with the refusal where it stays.
    type Answer = Vec<(String, Result<(), ServiceError>)>;

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        let arns = body["jobIdentifiers"].as_array().into_iter().flatten();
        Ok(Self { arns: arns.filter_map(|arn| arn.as_str().map(str::to_owned)).collect() })
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.control_violations(Self::NAME, labels, body)
    }

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        _call: &OpenCall,
        _subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<Self::Answer, ServiceError> {
        Ok(self.arns.iter().map(|arn| (arn.clone(), shared.jobs.delete(arn))).collect())
    }

    fn body(&self, answer: Self::Answer, _fault: Option<&Fault>, _took: Duration) -> Value {
        let (mut errors, mut deleted) = (Vec::new(), Vec::new());
        for (arn, result) in answer {
            match result {
                Ok(()) => deleted.push(json!({"jobIdentifier": arn, "jobStatus": "Deleting"})),
                Err(error) => {
                    errors.push(json!({"jobIdentifier": arn, "code": error.kind.name(), "message": error.message}));
                }
            }
        }
        json!({"errors": errors, "evaluationJobs": deleted})
    }
}
