//! What is found wrong with one line, and the types of values that a person wrote.
//!
//! Which rule is broken is decided elsewhere.

use assay_core::dataset::json_kind;
use assay_problem::{Problem, Severity};
use serde_json::{Map, Value};

/// Collects the problems of one line.
pub(super) struct Findings<'a> {
    place: &'a str,
    line: u64,
    /// In the order in which they were found.
    pub problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    /// None so far on `line` of `place`.
    pub(super) fn new(place: &'a str, line: u64) -> Self {
        Self { place, line, problems: Vec::new() }
    }

    /// The line cannot be used.
    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let problem = Problem::error(self.place, message).on_line(self.line).in_field(field);
        self.problems.push(problem.remedy(remedy));
    }

    /// The line is used, though perhaps not as it was meant.
    pub(super) fn warn(&mut self, field: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let problem = Problem::warning(self.place, message).on_line(self.line).in_field(field);
        self.problems.push(problem.remedy(remedy));
    }

    /// Whether the line cannot be used.
    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// `value` if it is an object; else that is told.
    pub(super) fn object(&mut self, field: &str, value: Value) -> Option<Map<String, Value>> {
        match value {
            Value::Object(object) => Some(object),
            other => self.mistyped(field, "an object", &other),
        }
    }

    /// `value` if it is a list; else that is told.
    pub(super) fn list(&mut self, field: &str, value: Value) -> Option<Vec<Value>> {
        match value {
            Value::Array(list) => Some(list),
            other => self.mistyped(field, "a list", &other),
        }
    }

    /// Tells that something else was expected than was found.
    pub(super) fn mistyped<T>(&mut self, field: &str, expected: &str, found: &Value) -> Option<T> {
        let message = format!("expected {expected}, found {}", json_kind(found));
        self.wrong(field, message, format!("write {expected}"));
        None
    }
}
