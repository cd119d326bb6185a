//! Lines of datasets for RAG jobs: the turns of a conversation, perhaps with what a source of one's own made of them.

use serde_json::{Map, Value};

use super::problems::Problems;
use crate::stand_in::jobs::members::DatasetMetrics;
use crate::stand_in::jobs::request::{JobKind, JobRequest, RagSource};

/// The most turns of a conversation.
const MOST_TURNS: usize = 5;

pub(super) fn check(
    request: &JobRequest,
    dataset: &DatasetMetrics,
    record: &Map<String, Value>,
    problems: &mut Problems,
) {
    problems.unknown(record, &["conversationTurns"], "");
    let Some(Value::Array(turns)) = record.get("conversationTurns") else {
        return problems.add("`conversationTurns` must be a list");
    };
    let retrieves_only = request.kind() == JobKind::RetrieveOnly;
    let most = if retrieves_only { 1 } else { MOST_TURNS };
    if turns.is_empty() || turns.len() > most {
        problems.add(format!("a conversation of this job has 1 to {most} turns, not {}", turns.len()));
    }
    let source = request.rag_source();
    for (index, turn) in turns.iter().enumerate() {
        let place = format!("conversationTurns[{index}].");
        let Some(object) = turn.as_object() else {
            problems.add(format!("`conversationTurns[{index}]` must be an object"));
            continue;
        };
        let mut known = vec!["prompt", "referenceResponses"];
        if !dataset.metric_names.iter().any(|name| name.starts_with("Builtin.")) {
            // It is for metrics of one's own; the service's refuse it.
            known.push("referenceContexts");
        }
        if let Some(source) = source.as_ref().filter(|source| source.is_precomputed) {
            known.push("output");
            output(source, retrieves_only, &turn["output"], &place, problems);
        }
        problems.unknown(object, &known, &place);
        match text(&turn["prompt"]) {
            Some(prompt) => problems.prompt(&prompt),
            None => problems.add(format!("`{place}prompt` must have the form {{\"content\": [{{\"text\": …}}]}}")),
        }
        references(dataset, turn, &place, problems);
    }
}

fn references(dataset: &DatasetMetrics, turn: &Value, place: &str, problems: &mut Problems) {
    match turn.get("referenceResponses") {
        None => {
            if dataset.metric_names.iter().any(|name| name == "Builtin.ContextCoverage") {
                problems.add(format!("Builtin.ContextCoverage needs `{place}referenceResponses`"));
            }
        }
        Some(Value::Array(references)) if references.iter().all(|reference| text(reference).is_some()) => {}
        Some(_) => problems.add(format!("`{place}referenceResponses` must list {{\"content\": [{{\"text\": …}}]}}")),
    }
}

fn output(source: &RagSource, retrieves_only: bool, output: &Value, place: &str, problems: &mut Problems) {
    let Some(object) = output.as_object() else {
        return problems.add(format!("`{place}output` must be an object"));
    };
    let (known, passages): (&[&str], _) = if retrieves_only {
        (&["knowledgeBaseIdentifier", "retrievedResults"], "retrievedResults")
    } else {
        let known = &["text", "modelIdentifier", "knowledgeBaseIdentifier", "retrievedPassages", "citations"];
        (known, "retrievedPassages")
    };
    problems.unknown(object, known, &format!("{place}output."));
    if output["knowledgeBaseIdentifier"] != source.identifier.as_str() {
        problems.add(format!("`{place}output.knowledgeBaseIdentifier` is not the job's ragSourceIdentifier"));
    }
    let results = output[passages]["retrievalResults"].as_array();
    if !results.is_some_and(|results| results.iter().all(|result| result["content"]["text"].is_string())) {
        problems.add(format!("`{place}output.{passages}.retrievalResults` must list passages"));
    }
    if !retrieves_only && !output["text"].is_string() {
        problems.add(format!("`{place}output.text` must be a string"));
    }
}

/// The texts of a message's content, a line each; nothing when it is no such message.
pub(in crate::stand_in::jobs) fn text(message: &Value) -> Option<String> {
    let object = message.as_object().filter(|object| object.len() == 1)?;
    let blocks = object.get("content")?.as_array().filter(|blocks| !blocks.is_empty())?;
    let texts: Option<Vec<&str>> = blocks.iter().map(|block| block["text"].as_str()).collect();
    texts.map(|texts| texts.join("\n"))
}
