//! What a check looks for.

use serde_json::Value;

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
}

impl From<Assertion> for Check {
    fn from(assertion: Assertion) -> Self {
        Self { assertion, negated: false, weight: 1.0 }
    }
}
