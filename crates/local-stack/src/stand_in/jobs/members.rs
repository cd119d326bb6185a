//! The members of a CreateEvaluationJob request, as far as rules and the worker look at them.
//!
//! What they mean together is in `request`.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EvaluationConfig {
    pub(super) automated: Option<Automated>,
    pub(super) human: Option<Human>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Automated {
    pub(super) dataset_metric_configs: Vec<DatasetMetrics>,
    pub(super) evaluator_model_config: Option<Evaluators>,
    pub(super) custom_metric_config: Option<CustomMetrics>,
}

/// The human side.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Human {
    pub(super) human_workflow_config: HumanWorkflow,
    pub(super) custom_metrics: Vec<HumanMetric>,
    pub(super) dataset_metric_configs: Vec<DatasetMetrics>,
}

/// Who rates, and what they are told.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HumanWorkflow {
    pub(super) flow_definition_arn: String,
    pub(super) instructions: Option<String>,
}

/// A question to people.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HumanMetric {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) rating_method: String,
}

/// A dataset, and what is measured over it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DatasetMetrics {
    pub(super) task_type: String,
    pub(super) dataset: Dataset,
    pub(super) metric_names: Vec<String>,
}

/// A dataset; without a location it is one of the service's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Dataset {
    pub(super) name: String,
    pub(super) dataset_location: Option<Location>,
}

/// A place in S3.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Location {
    pub(super) s3_uri: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Evaluators {
    pub(super) bedrock_evaluator_models: Vec<BedrockModel>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomMetrics {
    pub(super) custom_metrics: Vec<CustomMetric>,
    pub(super) evaluator_model_config: Evaluators,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomMetric {
    pub(super) custom_metric_definition: CustomMetricDefinition,
}

/// A metric that a judge is told about.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomMetricDefinition {
    pub(super) name: String,
    pub(super) rating_scale: Vec<RatingScaleItem>,
}

/// A step of a rating scale.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RatingScaleItem {
    pub(super) definition: String,
    pub(super) value: RatingScaleValue,
}

/// The value of a step: one of the two.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RatingScaleValue {
    pub(super) string_value: Option<String>,
    pub(super) float_value: Option<f64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct InferenceConfig {
    pub(super) models: Vec<ModelSource>,
    pub(super) rag_configs: Vec<Value>,
}

/// A model, or the name of a source whose responses the dataset brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ModelSource {
    pub(super) bedrock_model: Option<BedrockModel>,
    pub(super) precomputed_inference_source: Option<PrecomputedSource>,
}

/// A model of Bedrock.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BedrockModel {
    pub(super) model_identifier: String,
    pub(super) inference_params: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PrecomputedSource {
    pub(super) inference_source_identifier: String,
}

impl ModelSource {
    /// The model's id or ARN, or the source's label.
    pub(super) fn identifier(&self) -> &str {
        match (&self.bedrock_model, &self.precomputed_inference_source) {
            (Some(model), _) => &model.model_identifier,
            (None, Some(source)) => &source.inference_source_identifier,
            (None, None) => "",
        }
    }

    /// Whether the dataset brings the responses.
    pub(super) fn is_precomputed(&self) -> bool {
        self.precomputed_inference_source.is_some()
    }
}
