//! The gate: what has to hold for a run to pass, and a verdict that names its reasons.
//!
//! Judging is left to `verdict.rs`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every model of a run has to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The share of samples, from 0 to 1, whose checks all pass. A sample that failed to be answered has not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub pass_rate: Option<f64>,
    /// The least mean of a scorer, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub min: BTreeMap<String, f64>,
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether everything holds.
    pub passed: bool,
    /// What does not, each with model, number and bound; empty when the gate passed.
    pub reasons: Vec<String>,
    /// What does not hold either, but cannot fail the gate, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
