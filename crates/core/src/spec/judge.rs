//! The spec key `judge`.

use super::findings::Findings;
use assay_model::Inference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A model that judges answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeSpec {
    /// Model id, inference profile id or ARN of the judge. It has to support tools with a forced choice.
    #[schemars(length(min = 1, max = 2048))]
    pub model: String,
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
    /// What each answer is rated by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub rubrics: Vec<RubricSpec>,
    /// How often each answer is rated by each rubric. Two or more tell how far the judge agrees with itself.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 20))]
    pub repeats: u32,
    /// The agreement, with itself and with people, below which the judge's ratings cannot fail a gate.
    #[serde(default = "substantial")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub minimum_agreement: f64,
    /// Whether answers of different models to the same question are compared in pairs, and by what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairwise: Option<PairwiseSpec>,
}

/// What answers are rated by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricSpec {
    /// Its name: the rating is the score `judge.<name>`.
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"))]
    pub name: String,
    /// What a good answer is, for the judge to read.
    #[schemars(length(min = 1))]
    pub text: String,
    /// The best rating; the worst is 1.
    #[serde(default = "five")]
    #[schemars(range(min = 2, max = 100))]
    pub scale: u32,
}

/// What answers are compared by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairwiseSpec {
    /// What makes one answer better than another, for the judge to read.
    #[schemars(length(min = 1))]
    pub text: String,
}

impl JudgeSpec {
    /// Notes what is wrong with it beyond its schema.
    pub(super) fn check(&self, found: &mut Findings<'_>) {
        if self.rubrics.is_empty() && self.pairwise.is_none() {
            found.wrong("", "the judge has nothing to judge by", "give `rubrics` or `pairwise`");
        }
        if self.model.chars().any(char::is_whitespace) {
            found.wrong("model", "a model id has no spaces", "remove them");
        }
        let mut names = BTreeSet::new();
        for (index, rubric) in self.rubrics.iter().enumerate() {
            if !names.insert(&rubric.name) {
                let message = format!("the rubric `{}` is listed twice", rubric.name);
                found.wrong(&format!("rubrics/{index}/name"), message, "give each rubric a name of its own");
            }
        }
    }
}

fn once() -> u32 {
    1
}

fn five() -> u32 {
    5
}

/// "Substantial" agreement begins at 0.6 (Landis and Koch, 1977).
fn substantial() -> f64 {
    0.6
}
