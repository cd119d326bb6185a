//! What a schema finds, in the words of people: which field on which line, and what would be right.

use crate::spec::findings::problem_at;
use crate::spec::schema::schema_json;
use crate::spec::yaml::Lines;
use assay_problem::{Problem, closest};
use assay_score::Scorer;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::BTreeSet;

/// The problems behind one finding of the schema.
pub(super) fn violations(place: &str, error: &ValidationError<'_>, lines: &Lines) -> Vec<Problem> {
    let pointer = error.instance_path().to_string();
    let at = |pointer: &str, message: String| problem_at(place, pointer, lines, message);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| at(&format!("{pointer}/{key}"), "unknown key".to_owned()).remedy(instead_of(key, &pointer)))
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
                let message = format!("not one of the allowed forms: {}", shown(&pointer, error.instance()));
                return vec![at(&pointer, message).remedy(ELSEWHERE)];
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
            let message = format!("not one of the allowed forms: {}", shown(&pointer, error.instance()));
            vec![at(&pointer, message).remedy(ELSEWHERE)]
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let given = error.instance().as_str().unwrap_or_default();
            let remedy = match closest(given, options.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? known are {}", options.join(", ")),
                None => format!("known are {}", options.join(", ")),
            };
            vec![at(&pointer, format!("unknown value {}", shown(&pointer, error.instance()))).remedy(remedy)]
        }
        // The validator's own text quotes the whole value, be it a prompt.
        _ => vec![at(&pointer, error.masked_with("the value").to_string()).remedy(ELSEWHERE)],
    }
}

/// What would be right where nothing better is known.
pub(super) const ELSEWHERE: &str = "docs/formats.md tells what may stand there";

/// What to do about a key that the schema does not know at a place.
fn instead_of(key: &str, pointer: &str) -> String {
    match closest(key, known_keys(pointer).iter().map(String::as_str)) {
        Some(meant) if meant != key => format!("did you mean `{meant}`?"),
        _ => "remove it; docs/formats.md lists the keys".to_owned(),
    }
}

/// The property names that the schema knows at a place.
fn known_keys(pointer: &str) -> BTreeSet<String> {
    let schema = schema_json();
    let mut place = &schema;
    for part in pointer.split('/').skip(1) {
        let inner = match part.bytes().all(|byte| byte.is_ascii_digit()) {
            true => place.get("items"),
            false => place.get("properties").and_then(|properties| properties.get(part)),
        };
        match inner.map(|inner| resolved(&schema, inner)) {
            Some(inner) => place = inner,
            None => return BTreeSet::new(),
        }
    }
    let properties = place.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
}

/// What a reference refers to; of something that may be left out, what it is otherwise.
fn resolved<'a>(schema: &'a Value, place: &'a Value) -> &'a Value {
    let otherwise = place.get("anyOf").and_then(|branches| branches.get(0)).unwrap_or(place);
    let target = otherwise.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| schema.pointer(target)).unwrap_or(otherwise)
}

/// The beginning of a value, unless it may be what is asked: problems are told to people who may not read prompts.
fn shown(pointer: &str, value: &Value) -> String {
    if pointer.is_empty() || pointer.starts_with("/system") || pointer.starts_with("/prompt") {
        return "the value is not shown".to_owned();
    }
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
