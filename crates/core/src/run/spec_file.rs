//! `assay.yaml` to a [`RunSpec`], or to every problem with it: line, field, what is wrong, what would be right.
//!
//! One JSON Schema, made from the types of `spec.rs`, is what editors check by and what finds the problems here.

use super::spec::RunSpec;
use super::{template, yaml};
use crate::problem::{Problem, closest};
use crate::scorer::{CheckSet, Scorer};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The largest spec that is read, in bytes.
pub const LARGEST_SPEC: usize = 1024 * 1024;

/// The JSON Schema of `assay.yaml`, as published in `docs/assay.schema.json`.
pub fn schema_json() -> Value {
    let mut schema = schemars::schema_for!(RunSpec).to_value();
    if let Value::Object(schema) = &mut schema {
        schema.insert("title".to_owned(), "assay.yaml".into());
    }
    schema
}

/// The schema, ready to check specs.
#[derive(Debug)]
pub struct Schema(Validator);

impl Schema {
    /// Prepares the schema.
    ///
    /// # Errors
    /// When the schema is not one, which a test rules out.
    pub fn new() -> Result<Self, String> {
        let validator = jsonschema::validator_for(&schema_json()).map_err(|error| error.to_string())?;
        Ok(Self(validator))
    }
}

/// Reads the spec `text` of the file `place`.
///
/// # Errors
/// Every problem of it.
pub fn parse_spec(place: &str, text: &str) -> Result<RunSpec, Vec<Problem>> {
    if text.len() > LARGEST_SPEC {
        let message = format!("the file has {} bytes, more than the {LARGEST_SPEC} that are read", text.len());
        return Err(vec![Problem::error(place, message).remedy("is this a spec?")]);
    }
    let (value, lines) = yaml::read(place, text)?;
    let schema = Schema::new().map_err(|message| vec![Problem::error(place, message)])?;
    let mut problems: Vec<Problem> =
        schema.0.iter_errors(&value).flat_map(|error| violations(place, &error, &lines)).collect();
    if problems.is_empty() {
        match serde_json::from_value::<RunSpec>(value) {
            Ok(spec) => {
                problems = meaning(place, &spec, &lines);
                if problems.is_empty() {
                    return Ok(spec);
                }
            }
            Err(error) => problems.push(Problem::error(place, error.to_string())),
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

fn violations(place: &str, error: &ValidationError<'_>, lines: &HashMap<String, u64>) -> Vec<Problem> {
    let pointer = error.instance_path().to_string();
    let at = |pointer: &str, message: String| {
        let line = lines.get(pointer).copied().unwrap_or(1);
        Problem::error(place, message).on_line(line).in_field(field(pointer))
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| {
                let known = known_keys();
                let remedy = match closest(key, known.iter().map(String::as_str)) {
                    Some(meant) if meant != key => format!("did you mean `{meant}`?"),
                    _ => "remove it; docs/formats.md lists the keys".to_owned(),
                };
                at(&format!("{pointer}/{key}"), "unknown key".to_owned()).remedy(remedy)
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![at(&pointer, format!("`{name}` is missing")).remedy(format!("add `{name}: ...`"))]
        }
        // Something that may be left out: what is wrong inside of it says more than that it is not absent.
        ValidationErrorKind::AnyOf { context } if !error.instance().is_null() && context.len() == 2 => {
            let is_absence = |branch: &[ValidationError<'_>]| {
                branch.iter().any(|inner| {
                    matches!(&inner.kind(), ValidationErrorKind::Type { .. })
                        && inner.instance_path().to_string() == pointer
                })
            };
            let inside = context.iter().filter(|branch| !is_absence(branch)).flatten();
            let found: Vec<Problem> = inside.flat_map(|inner| violations(place, inner, lines)).collect();
            if found.is_empty() {
                let message = format!("not one of the allowed forms: {}", short(error.instance()));
                return vec![at(&pointer, message).remedy(remedy_for(&pointer))];
            }
            found
        }
        // A name that no scorer has: the scorer's own answer tells which was meant.
        ValidationErrorKind::OneOfNotValid { .. }
            if pointer.starts_with("/scorers/") && error.instance().is_string() =>
        {
            let given = error.instance().as_str().unwrap_or_default();
            let told = given.parse::<Scorer>().err().map(|unknown| unknown.to_string());
            vec![at(&pointer, told.unwrap_or_default())]
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::AnyOf { .. } => {
            let message = format!("not one of the allowed forms: {}", short(error.instance()));
            vec![at(&pointer, message).remedy(remedy_for(&pointer))]
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let given = error.instance().as_str().unwrap_or_default();
            let remedy = match closest(given, options.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? known are {}", options.join(", ")),
                None => format!("known are {}", options.join(", ")),
            };
            vec![at(&pointer, format!("unknown value {}", short(error.instance()))).remedy(remedy)]
        }
        _ => vec![at(&pointer, error.to_string()).remedy(remedy_for(&pointer))],
    }
}

fn remedy_for(pointer: &str) -> String {
    if pointer.starts_with("/checks/") {
        return "write one of {contains: \"...\"}, {icontains: \"...\"}, {regex: \"...\"}, {max_length: 400}"
            .to_owned();
    }
    "docs/formats.md tells what may stand there".to_owned()
}

/// What a schema cannot tell.
fn meaning(place: &str, spec: &RunSpec, lines: &HashMap<String, u64>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |pointer: String, message: String, remedy: &str| {
        let line = lines.get(&pointer).copied().unwrap_or(1);
        let problem = Problem::error(place, message).on_line(line).in_field(field(&pointer));
        problems.push(problem.remedy(remedy));
    };
    for unknown in template::unknown_names(&spec.prompt) {
        let remedy = "known are {{prompt}}, {{context}}, {{category}}, {{id}} and {{metadata.name}}";
        wrong("/prompt".to_owned(), format!("the template names `{{{{{unknown}}}}}`"), remedy);
    }
    for (index, check) in spec.checks.iter().enumerate() {
        for problem in CheckSet::compile(std::slice::from_ref(check)).err().unwrap_or_default() {
            wrong(format!("/checks/{index}"), problem, "mend the pattern");
        }
    }
    let mut ids = BTreeSet::new();
    for (index, model) in spec.models.iter().enumerate() {
        if !ids.insert(&model.id) {
            let message = format!("the model `{}` is listed twice", model.id);
            wrong(format!("/models/{index}/id"), message, "list each model once");
        }
        if model.id.trim() != model.id || model.id.chars().any(char::is_whitespace) {
            wrong(format!("/models/{index}/id"), "a model id has no spaces".to_owned(), "remove them");
        }
    }
    let mut scorers = BTreeSet::new();
    for (index, scorer) in spec.scorers.iter().enumerate() {
        if !scorers.insert(*scorer) {
            let message = format!("the scorer `{scorer}` is listed twice");
            wrong(format!("/scorers/{index}"), message, "list each scorer once");
        }
    }
    let gated = spec.gate.iter().flat_map(|gate| gate.min.keys());
    for name in gated.filter(|name| !spec.scorers.iter().any(|scorer| scorer.name() == name.as_str())) {
        let message = format!("the gate asks for `{name}`, which is not among the scorers");
        wrong(format!("/gate/min/{name}"), message, "add it to `scorers`, or take it out of the gate");
    }
    if let Some(gate) = &spec.gate
        && gate.pass_rate.is_none()
        && gate.min.is_empty()
    {
        wrong("/gate".to_owned(), "the gate asks for nothing".to_owned(), "give `pass_rate` or `min`");
    }
    problems
}

/// Every property name anywhere in the schema.
fn known_keys() -> BTreeSet<String> {
    fn collect(value: &Value, keys: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::Object(properties)) = object.get("properties") {
                    keys.extend(properties.keys().cloned());
                }
                object.values().for_each(|value| collect(value, keys));
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, keys)),
            _ => {}
        }
    }
    let mut keys = BTreeSet::new();
    collect(&schema_json(), &mut keys);
    keys
}

/// A JSON pointer as people write paths: `/models/0/id` is `models[0].id`.
fn field(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    if path.is_empty() { "the spec".to_owned() } else { path }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        parse_spec("assay.yaml", text).unwrap_err().iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_full_spec_is_read() {
        let text = "suite: support-faq\napplication: CustomerSupport\ndataset: cases.jsonl\nsystem: You help.\n\
            prompt: \"Q: {{prompt}} {{metadata.hint}}\"\nmodels:\n  - id: us.amazon.nova-lite-v1:0\n    \
            inference: {maxTokens: 512, temperature: 0}\n    requests_per_minute: 200\nrepeats: 2\n\
            scorers: [relevance, f1]\nchecks: [{icontains: \"30 days\"}, {max_length: 400}]\n\
            gate: {pass_rate: 0.9, min: {f1: 0.6}}\nfailure_limit: 0.1\n";
        let spec = parse_spec("assay.yaml", text).unwrap();
        assert_eq!(spec.models[0].inference.max_tokens, Some(512));
        assert_eq!(spec.models[0].inference.temperature, Some(0.0));
        assert_eq!(spec.checks.len(), 2);
        assert_eq!(spec.repeats, 2);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(parse_spec("assay.json", &json).unwrap(), spec, "JSON is read too");
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let found = problems(
            "suite: \"not a name!\"\nmodel: []\nmodels:\n  - inference: {maxtokens: 5, temperature: 3}\nrepeats: 0\n\
             scorers: [relevence]\nchecks: [{size: 3}]\n",
        );
        let has = |place: &str, text: &str| found.iter().any(|p| p.starts_with(place) && p.contains(text));
        assert!(has("assay.yaml:1: suite: ", ""), "{found:#?}");
        assert!(has("assay.yaml:2: model: unknown key", "did you mean `models`?"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0]", "`id` is missing"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0].inference.maxtokens: unknown key", "maxTokens"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0].inference.temperature", ""), "{found:#?}");
        assert!(has("assay.yaml:5: repeats", ""), "{found:#?}");
        assert!(has("assay.yaml:6: scorers[0]", "relevance"), "{found:#?}");
        assert!(has("assay.yaml:7: checks[0]", "contains"), "{found:#?}");
    }

    #[test]
    fn what_a_schema_cannot_tell_is_told_too() {
        let found = problems(
            "prompt: \"{{promt}}\"\nmodels: [{id: a}, {id: a}]\nscorers: [f1, f1]\nchecks: [{regex: \"(\"}]\n\
             gate: {min: {relevance: 0.5}}\n",
        );
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[0].contains("{{promt}}"));
    }

    #[test]
    fn broken_yaml_and_other_documents_are_told() {
        assert!(problems("a: [1\nb: 2")[0].contains("not valid YAML"));
        assert!(problems("")[0].contains("one YAML document") || problems("")[0].contains("the spec"));
        assert!(problems("- 1\n")[0].contains("the spec"));
        assert!(problems("suite: a\nsuite: b\n")[0].contains("not valid YAML"), "a key twice");
    }

    #[test]
    fn paths_read_as_people_write_them() {
        assert_eq!(field("/models/0/inference/top~1p"), "models[0].inference.top/p");
        assert_eq!(field(""), "the spec");
    }
}
