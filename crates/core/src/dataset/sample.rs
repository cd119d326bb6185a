//! A sample: one question of a dataset, with what is known about the right answer.

use assay_score::Check;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One line of a dataset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The line's `id`; where it has none, a digest of the question, so that the same question keeps its id when
    /// lines are moved.
    pub id: String,
    /// The line in the file, from 1.
    pub line: u64,
    /// What is put into the spec's prompt template; never empty.
    pub prompt: String,
    /// The system prompt of this line, in place of the spec's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The acceptable answers; empty when the line has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// The group that this sample is reported under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Text that the prompt template may use as `{{context}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Class labels of the right answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Checks for this line alone, beside the spec's.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "assert")]
    pub checks: Vec<Check>,
    /// Whatever else the line's author wants to find again in the record.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Answers that came with the line. They are answers of their own records, so a record does not repeat them.
    #[serde(skip)]
    pub recorded: Vec<RecordedAnswer>,
}

/// An answer that came with the dataset: no model is called for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// Who is said to have answered.
    pub model: String,
    /// The answer; may be empty.
    pub response: String,
}
