//! Requests with which somebody else starts a job.

use crate::world::{MODEL, ROLE};
use serde_json::{Value, json};

/// An automatic job over the dataset at `other/prompts.jsonl` that writes below `prefix` of the bucket.
pub(crate) fn automatic(name: &str, bucket: &str, prefix: &str) -> Value {
    let dataset =
        json!({"name": "prompts", "datasetLocation": {"s3Uri": format!("s3://{bucket}/other/prompts.jsonl")}});
    let metrics = ["Builtin.Accuracy", "Builtin.Robustness", "Builtin.Toxicity"];
    let asked = json!([{"taskType": "QuestionAndAnswer", "dataset": dataset, "metricNames": metrics}]);
    json!({
        "jobName": name,
        "roleArn": ROLE,
        "evaluationConfig": {"automated": {"datasetMetricConfigs": asked}},
        "inferenceConfig": {"models": [{"bedrockModel": {"modelIdentifier": MODEL}}]},
        "outputDataConfig": {"s3Uri": format!("s3://{bucket}/{prefix}")},
    })
}

/// The same with these metrics.
pub(crate) fn with_metrics(mut body: Value, metrics: &[&str]) -> Value {
    body["evaluationConfig"]["automated"]["datasetMetricConfigs"][0]["metricNames"] = json!(metrics);
    body
}

pub(crate) const PROMPTS: &str = concat!(
    "{\"prompt\":\"How long may a map be kept?\",\"referenceResponse\":\"Two weeks\",\"category\":\"Loans\"}\n",
    "{\"prompt\":\"Where is the ferry?\",\"referenceResponse\":\"At pier 4\"}\n",
    "{\"prompt\":\"How long may a map be kept?\",\"referenceResponse\":\"A fortnight\"}\n",
);
