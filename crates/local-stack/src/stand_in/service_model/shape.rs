//! The shapes of a service model, as far as JSON bodies are concerned.
//!
//! Documentation, traits for signing and code generation are left out; `check` walks over the rest.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

/// A use of a shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    pub(super) shape: String,
    /// `uri`, `header`, `headers`, `querystring` or `statusCode`: not in the body.
    pub(super) location: Option<String>,
    /// The name on the wire where it differs from the member's.
    pub(super) location_name: Option<String>,
    pub(super) timestamp_format: Option<String>,
}

/// Bounds of a number, or of a length in characters, bytes or items.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Bounds {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

/// What a value must be.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Shape {
    Structure(Structure),
    List { member: Reference, min: Option<f64>, max: Option<f64> },
    Map { key: Reference, value: Reference, min: Option<f64>, max: Option<f64> },
    String(Text),
    Character(Text),
    Byte(Bounds),
    Short(Bounds),
    Integer(Bounds),
    Long(Bounds),
    Float(Bounds),
    Double(Bounds),
    Boolean {},
    Blob(Bounds),
    Timestamp(Timestamp),
}

/// A structure, a union, or a document (any JSON).
#[derive(Debug, Deserialize)]
pub(super) struct Structure {
    #[serde(default)]
    pub(super) members: HashMap<String, Reference>,
    #[serde(default)]
    pub(super) required: Vec<String>,
    #[serde(default)]
    pub(super) union: bool,
    #[serde(default)]
    pub(super) document: bool,
    #[serde(default)]
    pub(super) eventstream: bool,
    /// The one member that is the whole body.
    pub(super) payload: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Text {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) pattern: Option<Pattern>,
    #[serde(default, rename = "enum")]
    pub(super) allowed: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Timestamp {
    pub(super) timestamp_format: Option<String>,
}

/// A regular expression that the whole text must match.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    pub(super) source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        Self { source, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// Whether the whole text matches. The models are written for another dialect: an expression
    /// that this one cannot express (look-around) forbids nothing.
    pub(super) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| {
            let built = RegexBuilder::new(&format!("^(?:{})$", self.source)).size_limit(64 << 20).build();
            if let Err(error) = &built {
                tracing::warn!(pattern = self.source, %error, "a pattern of the service model is not checked");
            }
            built.ok()
        });
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

impl Shape {
    /// The other shapes that this one is made of.
    pub(super) fn references(&self) -> Vec<&Reference> {
        match self {
            Self::Structure(structure) => structure.members.values().collect(),
            Self::List { member, .. } => vec![member],
            Self::Map { key, value, .. } => vec![key, value],
            _ => Vec::new(),
        }
    }
}

impl Structure {
    /// The name in the body of a member; nothing when it travels elsewhere.
    pub(super) fn wire_name<'a>(&'a self, member: &'a str) -> Option<&'a str> {
        let reference = self.members.get(member)?;
        let in_body = reference.location.is_none();
        in_body.then(|| reference.location_name.as_deref().unwrap_or(member))
    }

    /// The member that has this name in the body.
    pub(super) fn on_wire(&self, wire_name: &str) -> Option<&Reference> {
        if self.wire_name(wire_name) == Some(wire_name) {
            return self.members.get(wire_name);
        }
        self.members
            .values()
            .find(|reference| reference.location.is_none() && reference.location_name.as_deref() == Some(wire_name))
    }
}
