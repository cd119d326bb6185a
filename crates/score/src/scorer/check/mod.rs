//! Checks: assertions about an answer that pass or fail, without a reference.
//!
//! Which checks apply to which line of a dataset is left to the run. The meaning is that of the assertions of the
//! same names in promptfoo, so suites can be carried over.
//!
//! | check | passes when |
//! |---|---|
//! | `contains: text` | the answer contains the text, letter for letter |
//! | `icontains: text` | it does once both are in lower case |
//! | `contains_any: [text, ...]`, `icontains_any` | it contains at least one of the texts |
//! | `contains_all: [text, ...]`, `icontains_all` | it contains every one |
//! | `equals: text` | the answer is the text |
//! | `equals: value` | the answer is JSON that is deeply equal to the value, which is not a text |
//! | `starts_with: text`, `ends_with: text` | the answer begins or ends with the text |
//! | `regex: pattern` | the pattern is found anywhere; `(?i)` in front ignores case, `^` and `$` bind it |
//! | `is_json: true` | the answer is JSON by RFC 8259, and nothing else |
//! | `json_schema: schema` | the answer is JSON that is valid by the JSON Schema |
//! | `max_length: n`, `min_length: n` | the answer has at most, at least `n` code points |
//! | `is_refusal: true` | the answer declines to answer, by the rules of the scorer `refusal` |
//!
//! - Each has an opposite with `not_` in front, which passes exactly when the check does not.
//! - `weight` beside a check says how much it counts in the [`check_score`].
//! - Patterns are those of the regex crate: linear time whatever the answer, hence neither look-around nor
//!   back-references; `.` stops at line feeds, `\d`, `\w` and `\s` know Unicode. This holds in schemas too.

mod compiled;
mod form;
mod json;
mod schema;
mod test;

use serde_json::Value;
use std::fmt;

pub use compiled::{CheckResult, CheckSet, CompiledCheck, check_score};

/// One assertion that an answer passes or fails.
///
/// Written as a map with one key, such as `{icontains: "30 days"}`, and `weight` beside it if it is not 1:
/// `{not_regex: "(?i)sorry", weight: 2}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is looked for.
    pub assertion: Assertion,
    /// Whether the answer passes when the assertion does not hold: the name has `not_` in front.
    pub negated: bool,
    /// How much the check counts beside others: positive, finite, 1 if nothing is said.
    pub weight: f64,
}

/// What a check looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Assertion {
    /// The answer contains this text, letter for letter.
    Contains(String),
    /// The answer contains this text, case ignored.
    Icontains(String),
    /// The answer contains one of these texts.
    ContainsAny(Vec<String>),
    /// The answer contains all of these texts.
    ContainsAll(Vec<String>),
    /// The answer contains one of these texts, case ignored.
    IcontainsAny(Vec<String>),
    /// The answer contains all of these texts, case ignored.
    IcontainsAll(Vec<String>),
    /// The answer is this text; or, when this is no text, JSON that is deeply equal to it.
    Equals(Value),
    /// The answer begins with this text.
    StartsWith(String),
    /// The answer ends with this text.
    EndsWith(String),
    /// This pattern is found in the answer.
    Regex(String),
    /// The answer is JSON.
    IsJson,
    /// The answer is JSON that is valid by this schema.
    JsonSchema(Value),
    /// The answer has at most this many characters (code points).
    MaxLength(usize),
    /// The answer has at least this many characters (code points).
    MinLength(usize),
    /// The answer declines to answer.
    IsRefusal,
}

impl Check {
    /// The check that passes when the assertion does not hold.
    pub fn not(assertion: Assertion) -> Self {
        Self { negated: true, ..assertion.into() }
    }

    /// The same check, counted `weight` times.
    pub fn weighing(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// What may be written as a check, for the remedy of a problem.
    pub fn forms() -> String {
        let names: Vec<&str> = form::FORMS.iter().map(|form| form.name).collect();
        format!("write {{contains: \"...\"}} or another of {}, each also with not_ in front", names.join(", "))
    }
}

impl From<Assertion> for Check {
    fn from(assertion: Assertion) -> Self {
        Self { assertion, negated: false, weight: 1.0 }
    }
}

/// The check as it is written, without its weight.
impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            formatter.write_str(form::NOT)?;
        }
        write!(formatter, "{}: ", self.assertion.name())?;
        match self.assertion.argument() {
            Value::String(text) => formatter.write_str(&text),
            other => write!(formatter, "{other}"),
        }
    }
}
