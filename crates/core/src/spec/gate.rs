//! The gate: what has to hold for a run to pass, and a verdict that names its reasons.
//!
//! Judging is left to `verdict.rs`.

use assay_score::Measure;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every model of a run has to reach.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The share of samples, from 0 to 1, whose checks all pass. A sample that failed to be answered has not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub pass_rate: Option<f64>,
    /// The least mean of a score, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub min: BTreeMap<String, f64>,
    /// The greatest mean of a score, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub max: BTreeMap<String, f64>,
    /// That no measure is worse than in the run that is the suite's baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_regression: Option<NoRegression>,
}

/// What counts as worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoRegression {
    /// What is compared with.
    #[serde(default)]
    pub against: Against,
    /// The significance level, after correction for the number of measures.
    #[serde(default = "usual_level")]
    #[schemars(range(min = 0.000001, max = 0.5))]
    pub alpha: f64,
}

/// A run that others are compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The suite's baseline.
    #[default]
    Baseline,
}

fn usual_level() -> f64 {
    0.05
}

impl Gate {
    /// What of it a run here can reach: everything but the measures of managed jobs.
    pub fn online(&self) -> Self {
        self.without(|name| matches!(name.parse(), Ok(Measure::Job(_))))
    }

    /// Returns whether it asks for the comparison with the suite's baseline.
    pub fn requires_baseline(&self) -> bool {
        self.no_regression.is_some()
    }

    /// What of it a run can reach that has these measures and no other.
    pub fn over(&self, measures: &[Measure]) -> Self {
        self.without(|name| !name.parse().is_ok_and(|measure| measures.contains(&measure)))
    }

    fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut gate = self.clone();
        gate.min.retain(|name, _| !is_left_out(name));
        gate.max.retain(|name, _| !is_left_out(name));
        gate
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether everything holds.
    pub passed: bool,
    /// What does not, each with model, number and bound; empty when the gate passed.
    pub reasons: Vec<String>,
    /// What cannot fail the gate, and why: a baseline that was never set, a judge that nobody has reason to trust.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_kind_of_run_is_held_to_what_it_measures() {
        let text = r#"{"pass_rate": 0.5, "min": {"f1": 0.5, "job.Accuracy": 0.6}, "max": {"job.Toxicity": 0.1}}"#;
        let gate: Gate = serde_json::from_str(text).unwrap();
        assert_eq!((gate.online().min.len(), gate.online().max.len(), gate.online().pass_rate), (1, 0, Some(0.5)));
        let toxicity = gate.over(&["job.Toxicity".parse().unwrap()]);
        assert_eq!((toxicity.min.len(), toxicity.max["job.Toxicity"]), (0, 0.1));
    }
}
