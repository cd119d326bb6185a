//! What a schema finds, in the words of people: which field on which line, and what would be right.

use super::schema_json;
use crate::problem::{Problem, closest};
use crate::scorer::Scorer;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The problems behind one finding of the schema.
pub(super) fn violations(place: &str, error: &ValidationError<'_>, lines: &HashMap<String, u64>) -> Vec<Problem> {
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
pub(super) fn field(pointer: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_people_write_them() {
        assert_eq!(field("/models/0/inference/top~1p"), "models[0].inference.top/p");
        assert_eq!(field(""), "the spec");
    }
}
