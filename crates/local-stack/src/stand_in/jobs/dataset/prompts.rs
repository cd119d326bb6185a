//! Lines of datasets for jobs over models: a prompt, its reference, perhaps the responses to judge.

use serde_json::{Map, Value};

use super::problems::Problems;
use crate::stand_in::jobs::members::{DatasetMetrics, ModelSource};
use crate::stand_in::jobs::request::{JobKind, JobRequest};

/// Metrics that compare with a reference.
const NEED_REFERENCE: [&str; 2] = ["Builtin.Accuracy", "Builtin.Robustness"];

pub(super) fn check(
    request: &JobRequest,
    dataset: &DatasetMetrics,
    record: &Map<String, Value>,
    problems: &mut Problems,
) {
    let brings_responses = request.models().iter().any(ModelSource::is_precomputed);
    let mut known = vec!["prompt", "referenceResponse", "category"];
    if brings_responses {
        known.push("modelResponses");
    }
    problems.unknown(record, &known, "");
    match record.get("prompt") {
        Some(Value::String(prompt)) => problems.prompt(prompt),
        _ => problems.add("`prompt` must be a string"),
    }
    for name in ["referenceResponse", "category"] {
        if record.get(name).is_some_and(|value| !value.is_string()) {
            problems.add(format!("`{name}` must be a string"));
        }
    }
    let needed = dataset.metric_names.iter().find(|name| NEED_REFERENCE.contains(&name.as_str()));
    if let (JobKind::Automatic, Some(metric), None) = (request.kind(), needed, record.get("referenceResponse")) {
        problems.add(format!("{metric} needs a `referenceResponse`"));
    }
    if brings_responses {
        responses(request, record, problems);
    }
}

/// Each source has exactly one response on each line.
fn responses(request: &JobRequest, record: &Map<String, Value>, problems: &mut Problems) {
    let Some(Value::Array(responses)) = record.get("modelResponses") else {
        return problems.add("`modelResponses` must be a list");
    };
    let sources: Vec<&str> =
        request.models().iter().filter(|source| source.is_precomputed()).map(ModelSource::identifier).collect();
    if responses.len() != sources.len() {
        problems.add(format!("there are {} model responses instead of {}", responses.len(), sources.len()));
    }
    let mut seen = Vec::new();
    for (index, response) in responses.iter().enumerate() {
        let place = format!("modelResponses[{index}].");
        let Some(object) = response.as_object() else {
            problems.add(format!("`modelResponses[{index}]` must be an object"));
            continue;
        };
        problems.unknown(object, &["response", "modelIdentifier"], &place);
        if !response["response"].is_string() {
            problems.add(format!("`{place}response` must be a string"));
        }
        match response["modelIdentifier"].as_str() {
            Some(name) if seen.contains(&name) => problems.add(format!("{name} has two responses")),
            Some(name) if sources.contains(&name) => seen.push(name),
            Some(name) => problems.add(format!("{name} is not an inferenceSourceIdentifier of the job")),
            None => problems.add(format!("`{place}modelIdentifier` must be a string")),
        }
    }
}
