//! What a run has to say, computed once more from what the job has written, with nothing of the crates under test.

use serde_json::Value;
use std::collections::BTreeMap;

/// Values of each metric in output of automatic jobs and of those with a judge: those that were given, and how many were
/// not.
pub(crate) fn scores(lines: &[Value]) -> BTreeMap<String, (Vec<f64>, u64)> {
    let mut scores: BTreeMap<String, (Vec<f64>, u64)> = BTreeMap::new();
    for line in lines {
        let own = line["automatedEvaluationResult"]["scores"].as_array().into_iter().flatten();
        let turns = line["conversationTurns"].as_array().into_iter().flatten();
        let of_turns = turns.flat_map(|turn| turn["results"].as_array().unwrap());
        for score in own.chain(of_turns) {
            let name = score["metricName"].as_str().unwrap();
            let entry = scores.entry(name.strip_prefix("Builtin.").unwrap_or(name).to_owned()).or_default();
            match score["result"].as_f64() {
                Some(value) => entry.0.push(value),
                None => entry.1 += 1,
            }
        }
    }
    scores
}

/// A score of a record.
pub(crate) fn score(record: &Value, name: &str) -> Option<f64> {
    record["scores"][name]["value"].as_f64()
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The model of this name in a summary.
pub(crate) fn model<'a>(summary: &'a Value, name: &str) -> &'a Value {
    let models = summary["models"].as_array().unwrap();
    models.iter().find(|model| model["model"] == name).unwrap_or_else(|| panic!("no {name} in {models:?}"))
}

/// Asserts mean, n and unscored of a score in a summary.
#[track_caller]
pub(crate) fn assert_score(model: &Value, name: &str, values: &[f64], unscored: u64) {
    let score = &model["scores"][name];
    assert_eq!(score["n"], values.len(), "{name}: {score}");
    assert_eq!(score["unscored"], unscored, "{name}: {score}");
    match score["mean"].as_f64() {
        None => assert!(values.is_empty(), "{name}: {score}"),
        Some(found) => assert!((found - mean(values)).abs() < 1e-9, "{name}: {score} is not of {values:?}"),
    }
}
