//! One model to ask, as the spec names it.

use assay_model::Inference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One model to ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Model id, inference profile id or ARN.
    #[schemars(length(min = 1, max = 2048))]
    pub id: String,
    /// How it is to answer.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub inference: Inference,
    /// Fields that only this model knows, passed on as they are.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub additional_model_request_fields: Map<String, Value>,
    /// A bound beside the adaptive pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.01))]
    pub requests_per_minute: Option<f64>,
}

impl ModelSpec {
    /// The model `id`, with the model's own defaults.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            inference: Inference::default(),
            additional_model_request_fields: Map::new(),
            requests_per_minute: None,
        }
    }
}
