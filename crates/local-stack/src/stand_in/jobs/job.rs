//! One evaluation job: what was asked, how it stands, and how the service writes it.
//!
//! When its status changes is decided by the book and the worker.

use std::sync::Arc;

use jiff::{Timestamp, Unit};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::members::ModelSource;
use super::request::{JobKind, JobRequest};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum JobStatus {
    /// It works.
    InProgress,
    /// Its output is written.
    Completed,
    /// It came to nothing; `failureMessages` say why.
    Failed,
    /// It was asked to stop.
    Stopping,
    /// It was stopped, and wrote nothing.
    Stopped,
    /// It is being deleted.
    Deleting,
}

impl JobStatus {
    /// The service's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
            Self::Deleting => "Deleting",
        }
    }

    /// Whether nothing changes it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Stopped)
    }
}

/// A job as tests look at it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvaluationJob {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Why it failed; empty otherwise.
    pub failure_messages: Vec<String>,
    /// The body of the request that created it.
    pub request: Value,
}

/// A job as the book keeps it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// Counts jobs from 1, in the order of creation.
    pub(super) number: u64,
    pub(super) arn: String,
    pub(super) request: Arc<JobRequest>,
    pub(super) body: Value,
    pub(super) status: JobStatus,
    /// Its output is being written or lies there: too late to stop it.
    pub(super) is_concluding: bool,
    pub(super) failure_messages: Vec<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}

/// The members of a request that Get gives back as they came.
const ECHOED: [&str; 8] = [
    "jobName",
    "jobDescription",
    "roleArn",
    "customerEncryptionKeyId",
    "applicationType",
    "evaluationConfig",
    "inferenceConfig",
    "outputDataConfig",
];

impl Job {
    pub(super) fn is_human(&self) -> bool {
        self.request.kind() == JobKind::Human
    }

    /// The last part of the ARN.
    pub(super) fn id(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    fn job_type(&self) -> &'static str {
        if self.is_human() { "Human" } else { "Automated" }
    }

    /// What GetEvaluationJob answers.
    pub(super) fn description(&self) -> Value {
        let echoed = ECHOED.iter().filter_map(|name| Some(((*name).to_owned(), self.body.get(*name)?.clone())));
        let mut described: Map<String, Value> = echoed.collect();
        let mut add = |name: &str, value: Value| described.insert(name.to_owned(), value);
        add("jobArn", json!(self.arn));
        add("status", json!(self.status.name()));
        add("jobType", json!(self.job_type()));
        add("creationTime", json!(on_wire(self.created)));
        add("lastModifiedTime", json!(on_wire(self.modified)));
        add("applicationType", json!(self.application_type()));
        if !self.failure_messages.is_empty() {
            add("failureMessages", json!(self.failure_messages));
        }
        Value::Object(described)
    }

    /// What stands for it in a list: without the reasons of a failure.
    pub(super) fn summary(&self) -> Value {
        let request = &self.request;
        let mut summary = json!({
            "jobArn": self.arn,
            "jobName": request.job_name,
            "status": self.status.name(),
            "creationTime": on_wire(self.created),
            "jobType": self.job_type(),
            "applicationType": self.application_type(),
            "evaluationTaskTypes": request.datasets().first().map(|dataset| &dataset.task_type).into_iter().collect::<Vec<_>>(),
        });
        let (own, models): (Vec<_>, Vec<_>) = request.models().iter().partition(|source| source.is_precomputed());
        let identifiers =
            |sources: Vec<&ModelSource>| json!(sources.into_iter().map(ModelSource::identifier).collect::<Vec<_>>());
        if let Some(source) = request.rag_source() {
            let name = if source.is_precomputed {
                "precomputedRagSourceIdentifiers"
            } else {
                summary["ragIdentifiers"] = json!([source.identifier]);
                "bedrockKnowledgeBaseIdentifiers"
            };
            summary["inferenceConfigSummary"] = json!({"ragConfigSummary": {name: [source.identifier]}});
        } else {
            let mut models_summary = json!({});
            if !models.is_empty() {
                summary["modelIdentifiers"] = identifiers(models.clone());
                models_summary["bedrockModelIdentifiers"] = identifiers(models);
            }
            if !own.is_empty() {
                models_summary["precomputedInferenceSourceIdentifiers"] = identifiers(own);
            }
            summary["inferenceConfigSummary"] = json!({"modelConfigSummary": models_summary});
        }
        for (name, judges) in [
            ("evaluatorModelIdentifiers", request.evaluators()),
            ("customMetricsEvaluatorModelIdentifiers", request.custom_evaluators()),
        ] {
            if !judges.is_empty() {
                summary[name] = json!(judges);
            }
        }
        summary
    }

    pub(super) fn application_type(&self) -> &str {
        let by_kind = if self.request.rag_source().is_some() { "RagEvaluation" } else { "ModelEvaluation" };
        self.request.application_type.as_deref().unwrap_or(by_kind)
    }

    pub(super) fn view(&self) -> EvaluationJob {
        EvaluationJob {
            name: self.request.job_name.clone(),
            arn: self.arn.clone(),
            status: self.status,
            failure_messages: self.failure_messages.clone(),
            request: self.body.clone(),
        }
    }
}

/// Now, as precisely as the service tells the time.
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}

/// ISO 8601 with milliseconds.
fn on_wire(moment: Timestamp) -> String {
    format!("{moment:.3}")
}
