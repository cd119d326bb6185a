//! One line of JSON to one sample, or to everything that is wrong with it.

use super::fields::{ALIASES, Fields, kind};
use super::sample::Sample;
use assay_problem::Problem;
use serde_json::{Map, Value};

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_score::{Assertion, Check};

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
