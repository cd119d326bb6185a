//! What goes to a model and what comes back, in the words of no vendor.

use assay_score::ToxicityCategory;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Inference parameters, named as Converse names them. What is left out is left to the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inference {
    /// The longest answer, in tokens. Bedrock reserves it from the quota for every call, so set it close to the need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2147483647))]
    pub max_tokens: Option<i32>,
    /// Randomness, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub temperature: Option<f32>,
    /// Nucleus sampling, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub top_p: Option<f32>,
    /// Texts that end the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop_sequences: Vec<String>,
}

/// One question to a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// The system prompt.
    pub system: Option<String>,
    /// The user's message.
    pub prompt: String,
    /// How to answer.
    pub inference: Inference,
    /// Fields of the model's own, passed through.
    pub additional_model_request_fields: Map<String, Value>,
    /// The tool that the model has to use; what it puts in comes back as [`Structured::Tool`].
    pub tool: Option<Tool>,
    /// Marks in Bedrock's invocation logs, so that evaluation traffic can be told from production.
    pub metadata: BTreeMap<String, String>,
}

/// A form that the model has to fill in instead of answering in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The JSON Schema of what is put in. An answer that breaks it is malformed.
    pub schema: Value,
}

impl Tool {
    /// Its characters, as they are sent: a model reads them with the question.
    pub fn characters(&self) -> usize {
        let words = self.name.chars().count() + self.description.chars().count();
        words + self.schema.to_string().chars().count()
    }
}

/// An answer that is not words.
#[derive(Debug, Clone, PartialEq)]
pub enum Structured {
    /// What a model put into the tool of the request.
    Tool(Value),
    /// The embedding of the prompt.
    Vector(Vec<f64>),
    /// How severe each kind of harmful content in the prompt is, from 0 to 1; what was not measured is absent.
    Severities(BTreeMap<ToxicityCategory, f64>),
}

/// Tokens of one or many calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read at full price; cached ones are not among them.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Tokens read from the prompt cache.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cache_read_input_tokens: u64,
    /// Tokens written to the prompt cache.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cache_write_input_tokens: u64,
}

/// Whether a value is that of its type where nothing is given, such as 0: for serde, to leave it out.
pub fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cache_read_input_tokens += other.cache_read_input_tokens;
        self.cache_write_input_tokens += other.cache_write_input_tokens;
    }
}

impl std::ops::SubAssign for Usage {
    fn sub_assign(&mut self, other: Self) {
        self.input_tokens = self.input_tokens.saturating_sub(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_sub(other.output_tokens);
        self.cache_read_input_tokens = self.cache_read_input_tokens.saturating_sub(other.cache_read_input_tokens);
        self.cache_write_input_tokens = self.cache_write_input_tokens.saturating_sub(other.cache_write_input_tokens);
    }
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// All text of the answer, joined; reasoning is no part of it. `None` when the answer held no text at all, which
    /// is not the same as an empty text.
    pub text: Option<String>,
    /// What came instead of words. Not kept in records: what follows from it is.
    #[serde(skip)]
    pub structured: Option<Structured>,
    /// Why the model stopped, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    /// Tokens, where the model told them; recorded answers have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Milliseconds from the start of the successful attempt to its end: no waiting, no earlier attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Milliseconds as the service measured them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_latency_ms: Option<u64>,
    /// How often the model was asked until it answered; 0 for a recorded answer.
    #[serde(default)]
    pub attempts: u32,
    /// Milliseconds spent waiting: for a turn, and between attempts.
    #[serde(default)]
    pub waited_ms: u64,
}
