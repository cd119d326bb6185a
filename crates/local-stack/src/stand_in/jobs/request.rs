//! A CreateEvaluationJob request, read from JSON as far as rules and the worker look at it.
//!
//! Types, lengths and patterns are checked along the service model, not here.

use serde::Deserialize;
use serde_json::Value;

use super::members::{
    CustomMetricDefinition, CustomMetrics, DatasetMetrics, EvaluationConfig, Evaluators, Human, InferenceConfig,
    Location, ModelSource,
};

/// What is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobRequest {
    pub(super) job_name: String,
    pub(super) role_arn: String,
    pub(super) client_request_token: Option<String>,
    pub(super) application_type: Option<String>,
    evaluation_config: EvaluationConfig,
    inference_config: InferenceConfig,
    pub(super) output_data_config: Location,
}

/// What kind of evaluation a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobKind {
    /// Scores by algorithms of the service.
    Automatic,
    /// A model judges answers.
    Judge,
    /// A model judges what a knowledge base finds.
    RetrieveOnly,
    /// A model judges what is answered from a knowledge base.
    RetrieveAndGenerate,
    /// People rate answers.
    Human,
}

/// A knowledge base, or the name of a source whose results the dataset brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RagSource {
    /// The knowledge base's id, or the source's label.
    pub(super) identifier: String,
    /// The model that generates, where one does.
    pub(super) model: Option<String>,
    /// Whether the dataset brings the results.
    pub(super) is_precomputed: bool,
    retrieves_only: bool,
}

impl JobRequest {
    pub(super) fn read(body: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(body)
    }

    pub(super) fn kind(&self) -> JobKind {
        if self.evaluation_config.human.is_some() {
            return JobKind::Human;
        }
        match self.rag_source() {
            Some(source) if source.retrieves_only => JobKind::RetrieveOnly,
            Some(_) => JobKind::RetrieveAndGenerate,
            None if self.is_judged() => JobKind::Judge,
            None => JobKind::Automatic,
        }
    }

    /// Nothing names a judge job as such: it has an evaluator, or the task type that only judges have.
    fn is_judged(&self) -> bool {
        let automated = self.evaluation_config.automated.as_ref();
        let has_evaluator = automated.is_some_and(|automated| {
            automated.evaluator_model_config.is_some() || automated.custom_metric_config.is_some()
        });
        has_evaluator || self.datasets().iter().any(|dataset| dataset.task_type == "General")
    }

    pub(super) fn human(&self) -> Option<&Human> {
        self.evaluation_config.human.as_ref()
    }

    pub(super) fn datasets(&self) -> &[DatasetMetrics] {
        match (&self.evaluation_config.automated, &self.evaluation_config.human) {
            (Some(automated), _) => &automated.dataset_metric_configs,
            (None, Some(human)) => &human.dataset_metric_configs,
            (None, None) => &[],
        }
    }

    pub(super) fn models(&self) -> &[ModelSource] {
        &self.inference_config.models
    }

    /// The judges of the service's own metrics.
    pub(super) fn evaluators(&self) -> Vec<&str> {
        let automated = self.evaluation_config.automated.as_ref();
        names(automated.and_then(|automated| automated.evaluator_model_config.as_ref()))
    }

    /// The judges of the request's own metrics.
    pub(super) fn custom_evaluators(&self) -> Vec<&str> {
        names(self.custom_metric_config().map(|config| &config.evaluator_model_config))
    }

    pub(super) fn custom_metrics(&self) -> Vec<&CustomMetricDefinition> {
        let metrics = self.custom_metric_config().map_or(&[][..], |config| &config.custom_metrics);
        metrics.iter().map(|metric| &metric.custom_metric_definition).collect()
    }

    fn custom_metric_config(&self) -> Option<&CustomMetrics> {
        self.evaluation_config.automated.as_ref()?.custom_metric_config.as_ref()
    }

    /// The one source of a RAG job.
    pub(super) fn rag_source(&self) -> Option<RagSource> {
        let config = self.inference_config.rag_configs.first()?;
        let text = |place: &str| config.pointer(place).and_then(Value::as_str).map(str::to_owned);
        let has = |place: &str| config.pointer(place).is_some_and(Value::is_object);
        let generate = "/knowledgeBaseConfig/retrieveAndGenerateConfig";
        let own = ["/precomputedRagSourceConfig/retrieveSourceConfig", "/knowledgeBaseConfig/retrieveConfig"];
        let identifier = [
            text(&format!("{}/ragSourceIdentifier", own[0])),
            text("/precomputedRagSourceConfig/retrieveAndGenerateSourceConfig/ragSourceIdentifier"),
            text(&format!("{}/knowledgeBaseId", own[1])),
            text(&format!("{generate}/knowledgeBaseConfiguration/knowledgeBaseId")),
        ];
        let model = [
            text(&format!("{generate}/knowledgeBaseConfiguration/modelArn")),
            text(&format!("{generate}/externalSourcesConfiguration/modelArn")),
        ];
        Some(RagSource {
            identifier: identifier.into_iter().flatten().next().unwrap_or_default(),
            model: model.into_iter().flatten().next(),
            is_precomputed: has("/precomputedRagSourceConfig"),
            retrieves_only: own.iter().any(|place| has(place)),
        })
    }

    /// The account of the role, which is the account that asks; zeros where the ARN names none.
    pub(super) fn account(&self) -> &str {
        let account = self.role_arn.split(':').nth(4).unwrap_or_default();
        if account.is_empty() { "000000000000" } else { account }
    }
}

fn names(evaluators: Option<&Evaluators>) -> Vec<&str> {
    let models = evaluators.map_or(&[][..], |evaluators| &evaluators.bedrock_evaluator_models);
    models.iter().map(|model| model.model_identifier.as_str()).collect()
}
