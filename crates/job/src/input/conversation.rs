//! Lines in Bedrock's form for RAG jobs: conversations of turns.
//!
//! Reads them into samples and turns beside each other; how many turns there may be, and what they need, is left to `rag`.

use super::findings::Findings;
use super::shape::{TURN, Unknown};
use assay_core::dataset::{ParsedLine, Sample, parse_line};
use serde_json::Value;

/// One turn of a conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Turn {
    /// The question, before it is put into the template.
    pub prompt: String,
    /// Acceptable answers.
    pub references: Vec<String>,
    /// Passages that should be found.
    pub reference_contexts: Vec<String>,
    /// What is recorded of its answer, as it was written.
    pub output: Option<Value>,
}

impl Turn {
    /// A plain sample as a conversation of one turn.
    pub(super) fn of(sample: &Sample) -> Self {
        Self { prompt: sample.prompt.clone(), references: sample.references.clone(), ..Self::default() }
    }
}

const KEY: &str = "conversationTurns";

/// Reads line `number` (from 1) of `place`, and its turns where it is a conversation. The sample of a conversation holds
/// what belongs to the whole line; its prompt is that of all turns, so that its id is made of them all.
pub(super) fn read(place: &str, number: u64, text: &str) -> (ParsedLine, Option<Vec<Turn>>) {
    let Ok(Value::Object(mut object)) = serde_json::from_str(text) else {
        return (parse_line(place, number, text), None);
    };
    let Some(list) = object.remove(KEY) else {
        return (parse_line(place, number, text), None);
    };
    let mut findings = Findings::new(place, number);
    if object.contains_key("prompt") {
        findings.wrong("prompt", format!("the line has `{KEY}` too"), "keep one of them");
    }
    let turns = turns(list, &mut findings);
    let prompts: Vec<&str> = turns.iter().map(|turn| turn.prompt.as_str()).collect();
    // Where turns are broken there may be no prompt, and that has been told.
    let prompt = if findings.has_errors() { "?".to_owned() } else { prompts.join("\n") };
    object.insert("prompt".to_owned(), prompt.into());
    let mut parsed = parse_line(place, number, &Value::Object(object).to_string());
    if let Some(sample) = &parsed.sample {
        if !sample.references.is_empty() {
            let remedy = "write `referenceResponses` into the turns";
            findings.wrong("referenceResponse", "a conversation has reference answers for each turn", remedy);
        }
        if !sample.recorded.is_empty() {
            let remedy = "write `output` into the turns";
            findings.wrong("modelResponses", "a conversation has a recorded answer for each turn", remedy);
        }
    }
    if findings.has_errors() {
        parsed.sample = None;
    }
    findings.problems.append(&mut parsed.problems);
    parsed.problems = findings.problems;
    (parsed, Some(turns))
}

fn turns(list: Value, findings: &mut Findings<'_>) -> Vec<Turn> {
    let Some(list) = findings.list(KEY, list) else { return Vec::new() };
    if list.is_empty() {
        findings.wrong(KEY, "the conversation has no turn", "write one turn at least");
    }
    let read =
        list.into_iter().enumerate().filter_map(|(index, value)| turn(&format!("{KEY}[{index}]"), value, findings));
    read.collect()
}

fn turn(field: &str, value: Value, findings: &mut Findings<'_>) -> Option<Turn> {
    let Value::Object(mut kept) = TURN.keep(value, field, &mut Unknown::Refused, findings)? else { return None };
    let texts = |key: &str, findings: &mut Findings<'_>| {
        let list = kept.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let named = list.iter().enumerate().map(|(index, message)| (format!("{field}.{key}[{index}]"), message));
        named.filter_map(|(field, message)| text(&field, message, findings)).collect::<Vec<String>>()
    };
    let references = texts("referenceResponses", findings);
    let reference_contexts = texts("referenceContexts", findings);
    let field = format!("{field}.prompt");
    let prompt = kept.get("prompt").and_then(|message| text(&field, message, findings))?;
    if prompt.trim().is_empty() {
        findings.wrong(&field, "the prompt is empty", "write the question");
    }
    Some(Turn { prompt, references, reference_contexts, output: kept.remove("output") })
}

/// The text of a message. The form lets several stand there, but nothing says what the service makes of them.
fn text(field: &str, message: &Value, findings: &mut Findings<'_>) -> Option<String> {
    match message.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default() {
        [part] => part.get("text").and_then(Value::as_str).map(str::to_owned),
        parts => {
            let found = format!("expected one text, found {}", parts.len());
            findings.wrong(&format!("{field}.content"), found, "put all of it into one text");
            None
        }
    }
}
