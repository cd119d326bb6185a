//! Checks: assertions about an answer that pass or fail, without a reference.
//!
//! Which checks apply to which line of a dataset is left to the run. The meaning of `contains`, `icontains` and
//! `regex` is that of the assertions of the same name in promptfoo, so suites can be carried over.
//!
//! | check | passes when |
//! |---|---|
//! | `contains: text` | the answer contains the text, letter for letter |
//! | `icontains: text` | it does once both are in lower case |
//! | `regex: pattern` | the pattern is found anywhere; `(?i)` in front ignores case, `^` and `$` bind it |
//! | `max_length: n` | the answer has at most `n` code points |
//!
//! Patterns are those of the regex crate: linear time whatever the answer, hence neither look-around nor
//! back-references; `.` stops at line feeds, `\d`, `\w` and `\s` know Unicode.

use std::cell::OnceCell;
use std::fmt;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A pattern needs at most this much memory once compiled: patterns come from dropped files too.
const REGEX_SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// One assertion that an answer passes or fails. A map with one key, such as `{icontains: "30 days"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The answer contains this text, letter for letter.
    Contains(String),
    /// The answer contains this text, case ignored.
    Icontains(String),
    /// This pattern is found in the answer.
    Regex(String),
    /// The answer has at most this many characters (code points).
    MaxLength(usize),
}

/// What became of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// The check as it was written, such as `icontains: 30 days`.
    pub check: String,
    /// Whether the answer passed.
    pub passed: bool,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A check that is ready to be evaluated many times.
#[derive(Debug, Clone)]
pub struct CompiledCheck {
    label: String,
    test: Test,
}

/// Checks that are evaluated together.
#[derive(Debug, Clone, Default)]
pub struct CheckSet {
    checks: Vec<CompiledCheck>,
}

#[derive(Debug, Clone)]
enum Test {
    Contains(String),
    ContainsLowered { text: String, lowered: String },
    Matches(Regex),
    AtMost(usize),
}

/// An answer and its lower-cased form, made when the first check asks for it.
struct Answer<'a> {
    text: &'a str,
    lowered: OnceCell<String>,
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contains(text) => write!(formatter, "contains: {text}"),
            Self::Icontains(text) => write!(formatter, "icontains: {text}"),
            Self::Regex(pattern) => write!(formatter, "regex: {pattern}"),
            Self::MaxLength(limit) => write!(formatter, "max_length: {limit}"),
        }
    }
}

impl CheckSet {
    /// Prepares all checks, or tells every problem: which check (counted from 1), what is wrong, what would be right.
    pub fn compile(checks: &[Check]) -> Result<Self, Vec<String>> {
        let (mut compiled, mut problems) = (Vec::with_capacity(checks.len()), Vec::new());
        for (index, check) in checks.iter().enumerate() {
            match CompiledCheck::new(check) {
                Ok(check) => compiled.push(check),
                Err(problem) => problems.push(format!("check {} ({check}): {problem}", index + 1)),
            }
        }
        if problems.is_empty() { Ok(Self { checks: compiled }) } else { Err(problems) }
    }

    /// Number of checks.
    pub fn len(&self) -> usize {
        self.checks.len()
    }

    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Results in the order of the checks.
    pub fn evaluate(&self, response: &str) -> Vec<CheckResult> {
        let answer = Answer::new(response);
        self.checks.iter().map(|check| check.judge(&answer)).collect()
    }
}

impl CompiledCheck {
    /// Prepares one check, or tells what is wrong with it.
    pub fn new(check: &Check) -> Result<Self, String> {
        let test = match check {
            Check::Contains(text) | Check::Icontains(text) | Check::Regex(text) if text.is_empty() => {
                return Err("is empty, so every answer would pass; write the text to look for".to_owned());
            }
            Check::Contains(text) => Test::Contains(text.clone()),
            Check::Icontains(text) => Test::ContainsLowered { text: text.clone(), lowered: text.to_lowercase() },
            Check::Regex(pattern) => Test::Matches(compile_pattern(pattern)?),
            Check::MaxLength(limit) => Test::AtMost(*limit),
        };
        Ok(Self { label: check.to_string(), test })
    }

    /// Whether the response passes, and why not.
    pub fn evaluate(&self, response: &str) -> CheckResult {
        self.judge(&Answer::new(response))
    }

    fn judge(&self, answer: &Answer<'_>) -> CheckResult {
        let reason = self.test.failure(answer);
        CheckResult { check: self.label.clone(), passed: reason.is_none(), reason }
    }
}

impl Test {
    /// Why the answer fails, without quoting it: it may be long, and reasons are shown in tables.
    fn failure(&self, answer: &Answer<'_>) -> Option<String> {
        match self {
            Self::Contains(text) => {
                (!answer.text.contains(text.as_str())).then(|| format!("answer does not contain {text:?}"))
            }
            Self::ContainsLowered { text, lowered } => (!answer.lowered().contains(lowered.as_str()))
                .then(|| format!("answer does not contain {text:?} in any case")),
            Self::Matches(pattern) => {
                (!pattern.is_match(answer.text)).then(|| format!("answer does not match `{pattern}`"))
            }
            Self::AtMost(limit) => {
                let length = answer.text.chars().count();
                (length > *limit).then(|| format!("answer has {length} characters, at most {limit} are allowed"))
            }
        }
    }
}

impl<'a> Answer<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, lowered: OnceCell::new() }
    }

    fn lowered(&self) -> &str {
        self.lowered.get_or_init(|| self.text.to_lowercase())
    }
}

fn compile_pattern(pattern: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(pattern).size_limit(REGEX_SIZE_LIMIT).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => {
            let mebibytes = limit / (1024 * 1024);
            format!("needs more than {mebibytes} MiB once compiled; use smaller repetition counts")
        }
        // The crate draws the pattern with a mark below; its last line says what is wrong.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(check: Check, response: &str) -> Option<String> {
        CompiledCheck::new(&check).unwrap().evaluate(response).reason
    }

    #[test]
    fn a_check_is_a_map_with_one_key() {
        let text = r#"[{"contains":"a"},{"icontains":"b"},{"regex":"c"},{"max_length":4}]"#;
        let checks: Vec<Check> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&checks).unwrap(), text);
        for refused in [r#"{"contain":"a"}"#, r#"{"regex":"a","contains":"b"}"#, r#"{"max_length":-1}"#] {
            assert!(serde_json::from_str::<Check>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn results_name_the_check_and_the_reason() {
        let checks = [Check::Icontains("30 Days".to_owned()), Check::MaxLength(10)];
        let results = CheckSet::compile(&checks).unwrap().evaluate("Within 30 DAYS.");
        assert_eq!(results[0].check, "icontains: 30 Days");
        assert!(results[0].passed && results[0].reason.is_none());
        assert_eq!(serde_json::to_string(&results[0]).unwrap(), r#"{"check":"icontains: 30 Days","passed":true}"#);
        let too_long = "answer has 15 characters, at most 10 are allowed";
        assert_eq!(results[1].reason.as_deref(), Some(too_long));
    }

    #[test]
    fn length_counts_code_points_and_allows_the_limit() {
        assert_eq!(reason(Check::MaxLength(2), "\u{e9}\u{1f600}"), None);
        assert!(reason(Check::MaxLength(1), "\u{e9}\u{1f600}").is_some());
        assert_eq!(reason(Check::MaxLength(0), ""), None);
    }

    #[test]
    fn every_bad_check_is_reported() {
        let regex = |pattern: &str| Check::Regex(pattern.to_owned());
        let huge = regex(r"(\w{900}){900}");
        let checks = [regex("a(b"), Check::MaxLength(1), Check::Contains(String::new()), regex("(?=a)"), huge];
        let problems = CheckSet::compile(&checks).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert_eq!(problems[0], "check 1 (regex: a(b): unclosed group");
        assert!(problems[1].starts_with("check 3 (contains: ): is empty"), "{problems:?}");
        assert!(problems[2].contains("look-around"), "{problems:?}");
        assert!(problems[3].contains("10 MiB"), "{problems:?}");
    }
}
