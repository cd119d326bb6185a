//! One line of JSON to one sample, or to everything that is wrong with it.

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
const ALIASES: [(&str, &str); 5] = [
    ("expected", "referenceResponse"),
    ("input", "prompt"),
    ("target", "referenceResponse"),
    ("question", "prompt"),
    ("answer", "referenceResponse"),
];

/// What one line holds.
#[derive(Debug, Default)]
pub struct ParsedLine {
    /// The sample, unless an error was found. Its `id` is empty when the line has none.
    pub sample: Option<Sample>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// Aliases that were read, as (written, meant).
    pub aliases: Vec<(&'static str, &'static str)>,
}

/// Reads line `number` (from 1) of `place`.
pub fn parse_line(place: &str, number: u64, text: &str) -> ParsedLine {
    let mut parsed = ParsedLine::default();
    let at = |message: String| Problem::error(place, message).on_line(number);
    let object = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => object,
        Ok(other) => {
            let message = format!("expected a JSON object, found {}", kind(&other));
            parsed.problems.push(at(message).remedy("write one object a line: {\"prompt\": \"...\"}"));
            return parsed;
        }
        Err(error) => {
            // The parser's own text may quote the line; its position is enough.
            let message = format!("not valid JSON at column {}", error.column());
            let remedy = match error.classify() {
                serde_json::error::Category::Eof => "the line ends too early: one object must stand on one line",
                _ => "check quotes, commas and escapes there",
            };
            parsed.problems.push(at(message).remedy(remedy));
            return parsed;
        }
    };
    let mut fields =
        Fields { place, number, object: canonical(object, place, number, &mut parsed), problems: &mut parsed.problems };
    let sample = fields.sample();
    fields.unknown();
    if parsed.problems.is_empty() {
        parsed.sample = Some(sample);
    }
    parsed
}

/// Renames aliases; an alias beside its own meaning is an error.
fn canonical(mut object: Map<String, Value>, place: &str, number: u64, parsed: &mut ParsedLine) -> Map<String, Value> {
    for (alias, meant) in ALIASES {
        let Some(value) = object.remove(alias) else { continue };
        if object.contains_key(meant) {
            parsed.problems.push(
                Problem::error(place, format!("`{alias}` means `{meant}`, which the line has too"))
                    .on_line(number)
                    .in_field(alias)
                    .remedy(format!("keep `{meant}` only")),
            );
        } else {
            object.insert(meant.to_owned(), value);
            parsed.aliases.push((alias, meant));
        }
    }
    object
}

struct Fields<'a> {
    place: &'a str,
    number: u64,
    object: Map<String, Value>,
    problems: &'a mut Vec<Problem>,
}

impl Fields<'_> {
    fn sample(&mut self) -> Sample {
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

    fn texts(&mut self, key: &str) -> Vec<String> {
        let list = match self.object.remove(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.mistyped(key, "a list of strings", &other);
                return Vec::new();
            }
        };
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
        let list = match self.object.remove("assert") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.mistyped("assert", "a list of checks", &other);
                return Vec::new();
            }
        };
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
        let list = match self.object.remove("modelResponses") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.mistyped("modelResponses", "a list of recorded answers", &other);
                return Vec::new();
            }
        };
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

    fn unknown(&mut self) {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_score::Assertion;

    fn problems(text: &str) -> Vec<String> {
        let parsed = parse_line("f.jsonl", 3, text);
        assert_eq!(parsed.sample.is_none(), !parsed.problems.is_empty());
        parsed.problems.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_full_line_is_read() {
        let line = r#"{"id":"a","prompt":"p","referenceResponse":"r","category":"c","system":"s","context":"x",
            "label":"l","assert":[{"icontains":"y"}],"metadata":{"k":1},
            "modelResponses":[{"response":"","modelIdentifier":"m"}]}"#;
        let sample = parse_line("f", 1, line).sample.unwrap();
        assert_eq!((sample.id.as_str(), sample.prompt.as_str()), ("a", "p"));
        assert_eq!(sample.references, ["r"]);
        assert_eq!(sample.checks, [Check::from(Assertion::Icontains("y".to_owned()))]);
        assert_eq!(sample.recorded[0].model, "m");
    }

    #[test]
    fn every_problem_of_a_line_is_named() {
        let found =
            problems(r#"{"promt":"x","id":7,"referenceResponses":["a",1],"metadata":[],"assert":[{"size":1}]}"#);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found.iter().any(|p| p.contains("f.jsonl:3: promt: unknown key; did you mean `prompt`?")));
        assert!(found.iter().any(|p| p.contains("id: expected a string, found a number; put it in quotes")));
        assert!(found.iter().any(|p| p.contains("referenceResponses[1]: expected a string")));
        assert!(found.iter().any(|p| p.contains("prompt: the line has no prompt")));
    }

    #[test]
    fn aliases_are_read_and_told() {
        let parsed = parse_line("f", 1, r#"{"question":"q","expected":"e"}"#);
        assert_eq!(parsed.sample.unwrap().references, ["e"]);
        assert_eq!(parsed.aliases, [("expected", "referenceResponse"), ("question", "prompt")]);
        assert!(problems(r#"{"prompt":"p","input":"q"}"#)[0].contains("keep `prompt` only"));
    }

    #[test]
    fn an_empty_prompt_or_id_is_refused() {
        assert!(problems(r#"{"prompt":" \n"}"#)[0].contains("the prompt is empty"));
        assert_eq!(problems(r#"{"prompt":"p","id":""}"#).len(), 1);
    }

    #[test]
    fn broken_json_is_located_without_being_quoted() {
        let found = problems(r#"{"prompt":"secret question"#);
        assert!(found[0].contains("not valid JSON at column"), "{found:?}");
        assert!(!found[0].contains("secret"));
        assert!(problems("[1]")[0].contains("expected a JSON object, found a list"));
    }

    #[test]
    fn a_bad_pattern_is_told_where_it_stands() {
        let found = problems(r#"{"prompt":"p","assert":[{"contains":"x"},{"regex":"("}]}"#);
        assert!(found[0].contains("assert[1]"), "{found:?}");
        let found = problems(r#"{"prompt":"p","assert":[{"not_contain":"x"},{"regex":"a","weight":0}]}"#);
        assert!(found[0].contains("did you mean `not_contains`?; write {contains"), "{found:?}");
        assert!(found[1].contains("assert[1]: not a check: `weight` takes"), "{found:?}");
    }

    #[test]
    fn a_conversation_line_is_told_from_a_missing_prompt() {
        let found = problems(r#"{"conversationTurns":[]}"#);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("RAG"));
    }
}
