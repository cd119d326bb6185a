//! The kinds of evidence beyond the plain response, as records keep it: what was requested, and what came of it or why
//! nothing did.
//!
//! Collecting it is left to `collect`, making scores of it to `score_record`.

use crate::record::Failure;
use assay_model::{ModelError, Response, Usage};
use assay_score::ToxicityCategory;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the model answered to the question in other words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// The kind of perturbation.
    pub kind: String,
    /// Which variant of its kind, from 0.
    pub index: u32,
    /// The question as it was perturbed, before the template.
    pub prompt: String,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What the model answered to the very same question, asked once more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// Which of these answers, from 0.
    pub index: u32,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// How near an answer is to the references in meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similarity {
    /// Which answer, from 0.
    pub response: u32,
    /// The embeddings model.
    pub model: String,
    /// The cosine of the embeddings of the answer and of each acceptable answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cosines: Vec<f64>,
    /// Tokens that were read for it; a text that had been embedded before costs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Whether a text was embedded without a word of its tokens: what that cost is unknown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmetered: bool,
    /// Why there are no cosines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// How severe the harmful content of an answer is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Toxicity {
    /// Which answer, from 0.
    pub response: u32,
    /// What measured it: `InvokeGuardrailChecks`, or the guardrail's id.
    pub source: String,
    /// The severity of each category, from 0 to 1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<ToxicityCategory, f64>,
    /// Why there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What the judge says of an answer by one rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RubricVerdict {
    /// The rubric's name.
    pub rubric: String,
    /// The judge's model.
    pub judge: String,
    /// Which answer, from 0.
    pub response: u32,
    /// Which time the answer was judged, from 0.
    pub repeat: u32,
    /// The best rating there is; the worst is 1.
    pub scale: u32,
    /// The rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u32>,
    /// Why the judge rated so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The judge's tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Milliseconds of the successful attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Why there is no rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What a job that Bedrock manages says of an answer by one metric; people who rate say it once each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The metric, as it stands after `job.` in the name of its score: `Accuracy`, `custom.BrandVoice`, `human.Clarity`.
    pub metric: String,
    /// The model that judged, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluator: Option<String>,
    /// Which of the people who rated this answer, from 0; in no order. Who they are is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rater: Option<u32>,
    /// The number. None where the job has none, which is not the same as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The word, where a custom scale is one of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Why the judge judged so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

/// Tokens that were paid for and led to nothing that is kept: an answer that could not be understood, evidence that was
/// cut off or is asked for again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wasted {
    /// What was asked for.
    pub purpose: Purpose,
    /// Who was asked.
    pub model: String,
    /// The tokens.
    pub usage: Usage,
}

/// What somebody is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An answer of the model itself.
    Answer,
    /// An embedding.
    Similarity,
    /// A verdict.
    Verdict,
}

impl Wasted {
    /// What an error tells of tokens, where it does.
    pub fn by(error: &ModelError, purpose: Purpose, model: &str) -> Option<Self> {
        Some(Self { purpose, model: model.to_owned(), usage: error.usage()? })
    }
}
