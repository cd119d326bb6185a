//! The fields of one line to a sample, and everything that is wrong with them.

use super::sample::{RecordedAnswer, Sample};
use assay_problem::{Problem, closest};
use assay_score::{Check, CheckSet};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Keys of a line, each under the name by which Bedrock's documentation or ours knows it.
const KEYS: [&str; 12] = [
    "prompt",
    "referenceResponse",
    "referenceResponses",
    "category",
    "modelResponses",
    "id",
    "system",
    "context",
    "label",
    "labels",
    "assert",
    "metadata",
];

/// Names that other tools use, and ours for the same thing.
pub(super) const ALIASES: [(&str, &str); 5] = [
    ("expected", "referenceResponse"),
    ("input", "prompt"),
    ("target", "referenceResponse"),
    ("question", "prompt"),
    ("answer", "referenceResponse"),
];

/// The fields of a line, by what they are called here; each is taken out once it is read.
pub(super) struct Fields<'a> {
    /// The dataset.
    pub place: &'a str,
    /// The line, from 1.
    pub number: u64,
    /// What has not been read yet.
    pub object: Map<String, Value>,
    /// Everything that is wrong.
    pub problems: &'a mut Vec<Problem>,
}

impl Fields<'_> {
    /// Reads the sample; what is wrong with it is among the problems.
    pub(super) fn sample(&mut self) -> Sample {
        let mut sample = Sample { line: self.number, ..Sample::default() };
        match self.text("prompt") {
            Some(prompt) if prompt.trim().is_empty() => {
                self.wrong("prompt", "the prompt is empty", "write the question");
            }
            Some(prompt) => sample.prompt = prompt,
            None if self.object.contains_key("conversationTurns") => {
                self.object.remove("conversationTurns");
                let remedy = "give `prompt`; conversation lines are read by managed RAG jobs only";
                self.wrong("conversationTurns", "a conversation cannot be asked as one prompt", remedy);
            }
            None if !self.problems.iter().any(|problem| problem.field.as_deref() == Some("prompt")) => {
                self.wrong("prompt", "the line has no prompt", "add \"prompt\": \"...\"");
            }
            None => {}
        }
        sample.id = self.text("id").unwrap_or_default();
        sample.system = self.text("system");
        sample.category = self.text("category");
        sample.context = self.text("context");
        let reference = self.text("referenceResponse");
        let references = self.texts("referenceResponses");
        if reference.is_some() && !references.is_empty() {
            let remedy = "keep `referenceResponses` with all acceptable answers";
            self.wrong("referenceResponse", "the line has `referenceResponses` too", remedy);
        }
        sample.references = reference.into_iter().chain(references).collect();
        let label = self.text("label");
        let labels = self.texts("labels");
        sample.labels = label.into_iter().chain(labels).collect();
        sample.checks = self.checks();
        sample.metadata = match self.object.remove("metadata") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(metadata)) => metadata,
            Some(other) => {
                self.mistyped("metadata", "an object", &other);
                Map::new()
            }
        };
        sample.recorded = self.recorded();
        sample
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.object.remove(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if key == "id" && text.is_empty() => {
                self.wrong("id", "the id is empty", "leave `id` out, or give the line a name");
                None
            }
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                self.mistyped(key, "a string", &other);
                None
            }
        }
    }

    fn list(&mut self, key: &str, expected: &str) -> Vec<Value> {
        match self.object.remove(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.mistyped(key, expected, &other);
                Vec::new()
            }
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let list = self.list(key, "a list of strings");
        let mut texts = Vec::with_capacity(list.len());
        for (index, item) in list.into_iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text),
                other => self.mistyped(&format!("{key}[{index}]"), "a string", &other),
            }
        }
        texts
    }

    fn checks(&mut self) -> Vec<Check> {
        let list = self.list("assert", "a list of checks");
        let mut checks = Vec::with_capacity(list.len());
        for (index, item) in list.into_iter().enumerate() {
            let field = format!("assert[{index}]");
            match serde_json::from_value::<Check>(item) {
                Ok(check) => match CheckSet::compile(std::slice::from_ref(&check)) {
                    Ok(_) => checks.push(check),
                    Err(problems) => problems.iter().for_each(|problem| {
                        self.wrong(&field, problem, "mend it; docs/metrics.md tells what each check takes")
                    }),
                },
                Err(error) => self.wrong(&field, &format!("not a check: {error}"), &Check::forms()),
            }
        }
        checks
    }

    fn recorded(&mut self) -> Vec<RecordedAnswer> {
        let list = self.list("modelResponses", "a list of recorded answers");
        let mut answers: Vec<RecordedAnswer> = Vec::with_capacity(list.len());
        // A line of megabytes holds a hundred thousand answers: too many to compare each with all.
        let mut models: HashSet<String> = HashSet::new();
        for (index, item) in list.into_iter().enumerate() {
            let field = format!("modelResponses[{index}]");
            let (response, model) = match &item {
                Value::Object(answer) => (answer.get("response"), answer.get("modelIdentifier")),
                other => {
                    self.mistyped(&field, "an object", other);
                    continue;
                }
            };
            match (response, model) {
                (Some(Value::String(_)), Some(Value::String(model))) if models.contains(model) => {
                    let message = format!("a second answer of `{model}`");
                    self.wrong(&field, &message, "give each model one answer a line");
                }
                (Some(Value::String(response)), Some(Value::String(model))) if !model.trim().is_empty() => {
                    models.insert(model.clone());
                    answers.push(RecordedAnswer { model: model.clone(), response: response.clone() });
                }
                _ => self.wrong(
                    &field,
                    "a recorded answer needs the strings `response` and `modelIdentifier`",
                    "write {\"response\": \"...\", \"modelIdentifier\": \"...\"}",
                ),
            }
        }
        answers
    }

    /// Reports the keys that are left.
    pub(super) fn unknown(&mut self) {
        for key in std::mem::take(&mut self.object).keys() {
            let known = KEYS.into_iter().chain(ALIASES.into_iter().map(|(alias, _)| alias));
            let remedy = match closest(key, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "put it under `metadata`, which is kept as it is".to_owned(),
            };
            self.wrong(key, "unknown key", &remedy);
        }
    }

    fn mistyped(&mut self, field: &str, expected: &str, found: &Value) {
        let message = format!("expected {expected}, found {}", kind(found));
        let remedy = match found {
            Value::Number(_) | Value::Bool(_) if expected == "a string" => "put it in quotes".to_owned(),
            _ => format!("write {expected}"),
        };
        self.wrong(field, &message, &remedy);
    }

    fn wrong(&mut self, field: &str, message: &str, remedy: &str) {
        let problem = Problem::error(self.place, message).on_line(self.number).in_field(field).remedy(remedy);
        self.problems.push(problem);
    }
}

/// What a JSON value is, in words that fit after "found".
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
