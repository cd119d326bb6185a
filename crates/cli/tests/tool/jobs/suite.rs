//! The suites of these tests, as files on disk.

use crate::tool::{MODEL, OTHER, Tool};
use serde_json::{Value, json};

/// The model that judges.
pub(super) const JUDGE: &str = "amazon.nova-pro-v1:0";
/// Who rates.
pub(super) const FLOW: &str = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters";

/// The question on a line, from 1.
pub(super) fn question(number: usize) -> String {
    format!("How long does the parcel {number} take?")
}

/// A dataset of so many questions with references.
pub(super) fn cases(count: usize) -> String {
    let line = |number: usize| {
        json!({"id": format!("case-{number}"), "prompt": question(number), "referenceResponse": "Three days",
            "category": if number.is_multiple_of(2) { "even" } else { "odd" }})
        .to_string()
    };
    (1..=count).map(|number| line(number) + "\n").collect()
}

/// A dataset whose answers are recorded.
pub(super) fn recorded(count: usize) -> String {
    let line = |number: usize| {
        let answers = [json!({"response": format!("In {number} days"), "modelIdentifier": "ours:1"})];
        json!({"id": format!("case-{number}"), "prompt": question(number), "referenceResponse": "Three days",
            "modelResponses": answers})
        .to_string()
    };
    (1..=count).map(|number| line(number) + "\n").collect()
}

/// An automatic job.
pub(super) fn automatic(name: &str, metrics: &[&str]) -> Value {
    json!({"name": name, "kind": "automatic", "task": "QuestionAndAnswer", "metrics": metrics})
}

/// A job with a judge.
pub(super) fn judge(name: &str) -> Value {
    json!({"name": name, "kind": "judge", "metrics": ["Correctness", "FollowingInstructions"], "evaluator": JUDGE})
}

/// A job with people.
pub(super) fn human(name: &str) -> Value {
    json!({"name": name, "kind": "human", "flow_definition": FLOW, "instructions": "Be fair.",
        "ratings": [{"name": "Helpful", "method": "ThumbsUpDown"}]})
}

/// A job over a knowledge base.
pub(super) fn rag(name: &str) -> Value {
    json!({"name": name, "kind": "rag", "metrics": ["Correctness"], "evaluator": JUDGE,
        "models": [{"id": JUDGE}], "knowledge_base": {"id": "KB12345678"}})
}

/// Writes the folder `suite` with these jobs over `count` questions to both models.
pub(super) fn write(tool: &Tool, count: usize, jobs: &[Value]) {
    write_with(tool, &cases(count), jobs, json!({}));
}

/// The same over a dataset of one's own, with more keys of the spec.
pub(super) fn write_with(tool: &Tool, dataset: &str, jobs: &[Value], more: Value) {
    let mut spec = json!({"suite": "parcels", "dataset": "cases.jsonl", "models": [{"id": MODEL}, {"id": OTHER}],
        "scorers": ["relevance"], "jobs": jobs});
    for (name, value) in more.as_object().unwrap() {
        spec[name] = value.clone();
    }
    tool.write("suite/cases.jsonl", dataset);
    tool.write("suite/assay.yaml", spec.to_string());
}
