//! CreateEvaluationJob: the request is checked, written into the book, and a worker is set to it.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::request::JobRequest;
use super::{rules, worker};
use crate::stand_in::behaviour::Fault;
use crate::stand_in::errors::ServiceError;
use crate::stand_in::exchange::{CallContext, Operation};
use crate::stand_in::service_model::Violation;
use crate::stand_in::shared::Shared;

/// A request to create a job.
#[derive(Debug, Default)]
pub(crate) struct CreateJob {
    request: Arc<JobRequest>,
    body: Value,
}

impl Operation for CreateJob {
    const NAME: &'static str = "CreateEvaluationJob";
    const STATUS: StatusCode = StatusCode::ACCEPTED;
    const IS_CONTROL: bool = true;

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self { request: Arc::new(JobRequest::read(body)?), body: body.clone() })
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        let mut violations = shared.violations(Self::NAME, Self::IS_CONTROL, labels, body);
        // The documentation demands this task type of judge jobs; the enumeration in the model lacks it.
        violations.retain(|violation| {
            let pointer = format!("/{}", violation.path.replace("].", "/").replace(['.', '['], "/"));
            let is_general = pointer.ends_with("/taskType") && body.pointer(&pointer).is_some_and(|at| at == "General");
            !(is_general && violation.constraint.contains("enum value set"))
        });
        violations
    }

    fn unwritten_violations(_subject: &str, body: &Value) -> Vec<Violation> {
        // What cannot be read is told by the service model, or as a broken body.
        JobRequest::read(body).map_or_else(|_| Vec::new(), |request| rules::violations(&request))
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let behaviour = {
            let plan = call.shared.plan();
            let judges = [self.request.evaluators(), self.request.custom_evaluators()].concat();
            let models = self.request.models().iter().filter(|source| !source.is_precomputed());
            let unknown = models.map(|source| source.identifier()).chain(judges).find(|model| !plan.knows(model));
            if let Some(error) = unknown.and_then(|model| ServiceError::of_fault(&Fault::NotFound, model)) {
                return Err(error);
            }
            plan.behaviour().jobs.clone()
        };
        let (arn, is_new) = call.shared.jobs.create(&self.request, &self.body, &behaviour)?;
        if is_new {
            tokio::spawn(worker::work(Arc::clone(call.shared), arn.clone()));
        }
        Ok(json!({"jobArn": arn}))
    }
}
