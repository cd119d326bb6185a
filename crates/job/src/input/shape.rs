//! The documented shapes of what a RAG job reads, and the walk that keeps what is documented of a value.
//!
//! Whether a value has to be there at all, and what its texts may say, is left to `rag`.

use super::findings::Findings;
use assay_problem::closest;
use serde_json::{Map, Value};

/// What a value looks like.
pub(super) enum Shape {
    Text,
    Number,
    Anything,
    List(&'static Shape),
    Object(&'static [Key]),
}

/// A key of an object.
pub(super) struct Key {
    name: &'static str,
    is_needed: bool,
    shape: Shape,
}

use Shape::{Anything, List, Number, Object, Text};

const fn needed(name: &'static str, shape: Shape) -> Key {
    Key { name, is_needed: true, shape }
}

const fn optional(name: &'static str, shape: Shape) -> Key {
    Key { name, is_needed: false, shape }
}

const TEXT: Shape = Object(&[needed("text", Text)]);
const MESSAGE: Shape = Object(&[needed("content", List(&TEXT))]);
const PASSAGE: Shape = Object(&[optional("name", Text), needed("content", TEXT), optional("metadata", Anything)]);
const PASSAGES: Shape = Object(&[needed("retrievalResults", List(&PASSAGE))]);
const SPAN: Shape = Object(&[needed("start", Number), needed("end", Number)]);
const ANSWER_PART: Shape =
    Object(&[needed("textResponsePart", Object(&[optional("span", SPAN), needed("text", Text)]))]);
const CITATION: Shape =
    Object(&[needed("generatedResponsePart", ANSWER_PART), needed("retrievedReferences", List(&PASSAGE))]);

/// One turn of a conversation. Its `output` is looked at by those who want one.
pub(super) const TURN: Shape = Object(&[
    needed("prompt", MESSAGE),
    optional("referenceResponses", List(&MESSAGE)),
    optional("referenceContexts", List(&MESSAGE)),
    optional("output", Anything),
]);

/// A recorded answer, and what it was made of.
pub(super) const GENERATED: Shape = Object(&[
    needed("text", Text),
    optional("modelIdentifier", Text),
    needed("knowledgeBaseIdentifier", Text),
    needed("retrievedPassages", PASSAGES),
    optional("citations", List(&CITATION)),
]);

/// What was retrieved, where nothing is generated.
pub(super) const RETRIEVED: Shape =
    Object(&[needed("knowledgeBaseIdentifier", Text), needed("retrievedResults", PASSAGES)]);

/// What happens to keys that no shape knows.
pub(super) enum Unknown<'a> {
    /// They are told as slips.
    Refused,
    /// They are left out, and named here.
    LeftOut(&'a mut Vec<String>),
}

impl Shape {
    /// What is documented of `value`. Whatever is wrong with it is found at once, and each with its place; then there is
    /// nothing to keep.
    pub(super) fn keep(
        &self,
        value: Value,
        field: &str,
        unknown: &mut Unknown<'_>,
        findings: &mut Findings,
    ) -> Option<Value> {
        match (self, value) {
            (Anything, value) | (Text, value @ Value::String(_)) | (Number, value @ Value::Number(_)) => Some(value),
            (Text, other) => findings.mistyped(field, "a string", &other),
            (Number, other) => findings.mistyped(field, "a number", &other),
            (List(item), value) => {
                let list = findings.list(field, value)?;
                let items = list.into_iter().enumerate();
                // Collected first, so that a bad item does not hide those after it.
                let kept: Vec<Option<Value>> = items
                    .map(|(number, value)| item.keep(value, &format!("{field}[{number}]"), unknown, findings))
                    .collect();
                kept.into_iter().collect::<Option<Vec<Value>>>().map(Value::Array)
            }
            (Object(keys), value) => {
                let object = findings.object(field, value)?;
                keep_object(keys, object, field, unknown, findings).map(Value::Object)
            }
        }
    }
}

fn keep_object(
    keys: &[Key],
    mut object: Map<String, Value>,
    field: &str,
    unknown: &mut Unknown<'_>,
    findings: &mut Findings<'_>,
) -> Option<Map<String, Value>> {
    let mut kept = Map::new();
    let mut is_whole = true;
    for key in keys {
        match object.remove(key.name) {
            None | Some(Value::Null) if !key.is_needed => {}
            None | Some(Value::Null) => {
                is_whole = false;
                findings.wrong(field, format!("`{}` is missing", key.name), format!("add `{}`", key.name));
            }
            Some(value) => match key.shape.keep(value, &format!("{field}.{}", key.name), unknown, findings) {
                Some(value) => drop(kept.insert(key.name.to_owned(), value)),
                None => is_whole = false,
            },
        }
    }
    for (name, _) in object {
        match unknown {
            Unknown::LeftOut(names) => names.push(name),
            Unknown::Refused => {
                let remedy = match closest(&name, keys.iter().map(|key| key.name)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "leave it out".to_owned(),
                };
                findings.wrong(&format!("{field}.{name}"), "unknown key", remedy);
                is_whole = false;
            }
        }
    }
    is_whole.then_some(kept)
}
