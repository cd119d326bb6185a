//! A job as it is asked for: everything that the service is told, in plain values.
//!
//! It is kept in the job's note, so that a job that has to wait can be started by whoever comes by. Putting it into the
//! SDK's words is left to `control`.

use crate::input::RecordedSource;
use assay_core::spec::JobSpec;
use assay_model::Inference;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One job to create.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRequest {
    /// Its name, which is also the token that makes asking twice harmless.
    pub name: String,
    /// The service role.
    pub role: String,
    /// The Region that it runs in.
    #[serde(default)]
    pub region: String,
    /// What is evaluated by whom: kind, metrics, ratings, knowledge base.
    pub spec: JobSpec,
    /// The models that answer, one or (for people) two; none where answers are recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<RequestedModel>,
    /// The names under which the dataset records its answers, where it does: models, or a RAG source. For people up to two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<RecordedSource>,
    /// The model that judges, as the service takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluator: Option<String>,
    /// What is asked.
    pub datasets: Vec<RequestedDataset>,
    /// Where the output goes: `s3://bucket/job-output/suite/`.
    pub output: String,
    /// Marks of the job.
    pub tags: BTreeMap<String, String>,
}

/// A model that answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestedModel {
    /// As the spec names it, and so as records and metrics do.
    pub id: String,
    /// As the service takes it: profile ids are whole ARNs.
    pub identifier: String,
    /// How it is to answer.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub inference: Inference,
    /// Fields that only this model knows.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub additional_model_request_fields: Map<String, Value>,
}

/// A dataset of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedDataset {
    /// Its name: letters, digits, `-`, `_`, `.`; of a dataset of the service, as the service calls it.
    pub name: String,
    /// Where it lies; none for a dataset of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

impl JobRequest {
    /// Everybody who has to answer, as records name them: models, recorded sources, or a knowledge base alone.
    pub fn answerers(&self) -> impl Iterator<Item = &str> {
        let models = self.models.iter().map(|model| model.id.as_str());
        let sources = self.sources.iter().map(|source| source.name.as_str());
        let base = self.spec.knowledge_base.as_ref().filter(|_| self.models.is_empty());
        models.chain(sources).chain(base.map(|base| base.id.as_str()))
    }
}
