//! The walk over a JSON body along its shape, collecting every violation.
//!
//! Values without parts are judged in `scalar`; headers and the query are left out.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::shape::{Bounds, Reference, Shape, Structure};
use super::violation::Violation;

/// One walk.
#[derive(Debug)]
pub(super) struct Check<'a> {
    shapes: &'a HashMap<String, Shape>,
    path: String,
    violations: Vec<Violation>,
}

impl<'a> Check<'a> {
    pub(super) fn new(shapes: &'a HashMap<String, Shape>) -> Self {
        Self { shapes, path: String::new(), violations: Vec::new() }
    }

    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    /// Notes a violation at the place where the walk is.
    pub(super) fn violation(&mut self, constraint: impl Into<String>) {
        self.violations.push(Violation { path: self.path.clone(), constraint: constraint.into() });
    }

    /// Checks a whole request or answer: its body, and the labels from its address.
    pub(super) fn message(&mut self, shape: &str, labels: &[(&str, &str)], body: &Value) {
        let Some(Shape::Structure(structure)) = self.shapes.get(shape) else {
            return self.violation(format!("shape {shape} of the service model is not a structure"));
        };
        for (name, text) in labels {
            if let Some(reference) = structure.members.get(*name) {
                let value = Value::String((*text).to_owned());
                self.below(name, |check| check.reference(reference, &value));
            }
        }
        match &structure.payload {
            // A blob, a text or a stream is sent as it is, without JSON around it.
            Some(payload) => {
                let reference = structure.members.get(payload);
                let shape = reference.and_then(|reference| self.shapes.get(&reference.shape));
                if let (Some(reference), Some(Shape::Structure(_))) = (reference, shape) {
                    self.reference(reference, body);
                }
            }
            None => self.structure(structure, body),
        }
    }

    fn reference(&mut self, reference: &'a Reference, value: &Value) {
        let Some(shape) = self.shapes.get(&reference.shape) else {
            return;
        };
        match shape {
            Shape::Structure(structure) => self.structure(structure, value),
            Shape::List { member, min, max } => {
                self.list(member, Bounds { min: *min, max: *max }, value);
            }
            Shape::Map { key, value: member, min, max } => {
                self.map(key, member, Bounds { min: *min, max: *max }, value);
            }
            Shape::String(text) | Shape::Character(text) => self.text(text, value),
            Shape::Byte(bounds) => self.integer(*bounds, i64::from(i8::MIN)..=i64::from(i8::MAX), value),
            Shape::Short(bounds) => self.integer(*bounds, i64::from(i16::MIN)..=i64::from(i16::MAX), value),
            Shape::Integer(bounds) => self.integer(*bounds, i64::from(i32::MIN)..=i64::from(i32::MAX), value),
            Shape::Long(bounds) => self.integer(*bounds, i64::MIN..=i64::MAX, value),
            Shape::Float(bounds) | Shape::Double(bounds) => self.float(*bounds, value),
            Shape::Boolean {} => {
                if !value.is_boolean() {
                    self.wrong_type("a boolean", value);
                }
            }
            Shape::Blob(bounds) => self.blob(*bounds, value),
            Shape::Timestamp(timestamp) => {
                let format = reference.timestamp_format.as_deref().or(timestamp.timestamp_format.as_deref());
                self.timestamp(format, value);
            }
        }
    }

    fn structure(&mut self, structure: &'a Structure, value: &Value) {
        if structure.document || structure.eventstream {
            return;
        }
        let Value::Object(object) = value else {
            return self.wrong_type("an object", value);
        };
        for name in &structure.required {
            if let Some(wire_name) = structure.wire_name(name)
                && object.get(wire_name).is_none_or(Value::is_null)
            {
                self.below(wire_name, |check| check.violation("Member must not be null"));
            }
        }
        let mut set = 0;
        let mut unknown = 0;
        for (name, member) in object {
            match structure.on_wire(name) {
                None => {
                    unknown += 1;
                    self.below(name, |check| {
                        check.violation("Member is not known to this operation");
                    });
                }
                // On this wire a null member is one that is not there.
                Some(_) if member.is_null() => {}
                Some(reference) => {
                    set += 1;
                    self.below(name, |check| check.reference(reference, member));
                }
            }
        }
        // A lone unknown member has been named; "none is set" would say it twice.
        if structure.union && (set > 1 || set + unknown == 0) {
            self.violation(format!("Union must have exactly one member set, not {set}"));
        }
    }

    fn list(&mut self, member: &'a Reference, bounds: Bounds, value: &Value) {
        let Value::Array(items) = value else {
            return self.wrong_type("a list", value);
        };
        self.length(bounds, items.len());
        for (index, item) in items.iter().enumerate() {
            self.below(&format!("[{index}]"), |check| {
                if item.is_null() {
                    check.violation("Member must not be null");
                } else {
                    check.reference(member, item);
                }
            });
        }
    }

    fn map(&mut self, key: &'a Reference, member: &'a Reference, bounds: Bounds, value: &Value) {
        let Value::Object(entries) = value else {
            return self.wrong_type("an object", value);
        };
        self.length(bounds, entries.len());
        self.entries(key, member, entries);
    }

    fn entries(&mut self, key: &'a Reference, member: &'a Reference, entries: &Map<String, Value>) {
        for (name, entry) in entries {
            self.below(name, |check| {
                check.reference(key, &Value::String(name.clone()));
                if entry.is_null() {
                    check.violation("Member must not be null");
                } else {
                    check.reference(member, entry);
                }
            });
        }
    }

    pub(super) fn length(&mut self, bounds: Bounds, length: usize) {
        if bounds.min.is_some_and(|min| (length as f64) < min) {
            let min = bounds.min.unwrap_or_default();
            self.violation(format!("Member must have length greater than or equal to {min}"));
        }
        if bounds.max.is_some_and(|max| (length as f64) > max) {
            let max = bounds.max.unwrap_or_default();
            self.violation(format!("Member must have length less than or equal to {max}"));
        }
    }

    pub(super) fn wrong_type(&mut self, expected: &str, value: &Value) {
        let found = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "a boolean".to_owned(),
            Value::Number(number) => format!("the number {number}"),
            Value::String(_) => "a string".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        };
        self.violation(format!("Member must be {expected}, not {found}"));
    }

    /// Goes one step down, does the work there, and comes back.
    fn below(&mut self, step: &str, work: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        let separator = if length == 0 || step.starts_with('[') { "" } else { "." };
        // Writing into a String cannot fail.
        let _ = write!(self.path, "{separator}{step}");
        work(self);
        self.path.truncate(length);
    }
}
