//! Which of two responses a judge prefers, as it is kept.

use super::answer_key::{AnswerKey, answer_key};
use super::failure::Failure;
use super::sample_record::RECORD_FORMAT;
use crate::dataset::Sample;
use crate::judge::{Order, Preference};
use assay_model::Usage;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The answers of two models to one question. The model whose id sorts first stands first.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The question.
    pub sample: Arc<Sample>,
    /// The first model and its answer.
    pub first: (String, Arc<str>),
    /// The second model and its answer.
    pub second: (String, Arc<str>),
}

impl Pair {
    /// What the comparison in this order is known by.
    pub fn key(&self, order: Order) -> AnswerKey {
        comparison_key(&self.sample.id, &self.first.0, &self.second.0, order)
    }
}

/// What a comparison is known by.
pub(crate) fn comparison_key(sample: &str, first: &str, second: &str, order: Order) -> AnswerKey {
    answer_key(sample, &format!("{first}\0{second}\0{order:?}"))
}

/// Two answers compared in one order. One line of `pairwise/part-NNNNN.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of the format, as that of records.
    pub format: u32,
    /// The sample's id.
    pub sample: String,
    /// Its line in the dataset.
    pub line: u64,
    /// The model that stands first.
    pub first: String,
    /// The other model.
    pub second: String,
    /// Which of their answers was shown as A.
    pub order: Order,
    /// The judge's model.
    pub judge: String,
    /// How often earlier deliveries of the run have asked for it in vain.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub attempt: u32,
    /// Whose answer is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preference: Option<Preference>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The judge's tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Milliseconds of the successful attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Why there is no preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

impl Comparison {
    /// Of this pair, not judged yet.
    pub fn new(pair: &Pair, order: Order, judge: &str) -> Self {
        Self {
            format: RECORD_FORMAT,
            sample: pair.sample.id.clone(),
            line: pair.sample.line,
            first: pair.first.0.clone(),
            second: pair.second.0.clone(),
            order,
            judge: judge.to_owned(),
            attempt: 0,
            preference: None,
            explanation: None,
            usage: None,
            latency_ms: None,
            failure: None,
        }
    }

    /// What it is known by.
    pub fn key(&self) -> AnswerKey {
        comparison_key(&self.sample, &self.first, &self.second, self.order)
    }
}
