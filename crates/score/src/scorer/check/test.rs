//! What each check tests, and what is said of an answer that fails it.
//!
//! Reasons do not quote the answer: it may be long, and reasons are shown in tables.

use super::assertion::Assertion;
use super::json;
use crate::scorer::refusal;
use assay_problem::clip;
use jsonschema::{PatternOptions, Validator};
use regex::{Regex, RegexBuilder};
use serde_json::Value;
use std::cell::OnceCell;
use std::sync::Arc;

/// A pattern needs at most this much memory once compiled: patterns come from dropped files too.
const REGEX_SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// The longest part of a check that a reason repeats, in characters.
const LONGEST_QUOTE: usize = 120;

/// An assertion that is ready to be tested many times.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Contains { texts: Vec<Sought>, lowered: bool, all: bool },
    Equals(String),
    EqualsJson(Value),
    StartsWith(String),
    EndsWith(String),
    Matches(Regex),
    IsJson,
    IsValid(Arc<Validator>),
    AtMost(usize),
    AtLeast(usize),
    IsRefusal,
}

/// A text as it was written and as it is looked for.
#[derive(Debug, Clone)]
pub(super) struct Sought {
    written: String,
    sought: String,
}

/// An answer and what several checks need of it, made when the first one asks.
pub(super) struct Answer<'a> {
    text: &'a str,
    lowered: OnceCell<String>,
    json: OnceCell<Result<Value, String>>,
}

impl<'a> Answer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, lowered: OnceCell::new(), json: OnceCell::new() }
    }

    fn cased(&self, lowered: bool) -> &str {
        if lowered { self.lowered.get_or_init(|| self.text.to_lowercase()) } else { self.text }
    }

    /// The value, or why there is none.
    fn json(&self) -> Result<&Value, &str> {
        let parse = || serde_json::from_str(self.text).map_err(|_| self.not_json());
        self.json.get_or_init(parse).as_ref().map_err(String::as_str)
    }

    fn not_json(&self) -> String {
        match json::fault(self.text) {
            None => "answer is JSON with half a surrogate pair, a number that no double can hold or more than 127 \
                levels, which no schema judges"
                .to_owned(),
            Some(end) if end == self.text.len() => "answer is not JSON: it ends too early".to_owned(),
            Some(place) => {
                let character = self.text.get(..place).map_or(0, |before| before.chars().count()) + 1;
                format!("answer is not JSON from character {character} on")
            }
        }
    }

    fn length(&self) -> usize {
        self.text.chars().count()
    }
}

impl Test {
    /// Prepares an assertion, or tells what is wrong with it.
    pub(super) fn of(assertion: &Assertion) -> Result<Self, String> {
        let several = |texts: &[String], lowered: bool, all: bool| {
            if texts.is_empty() {
                return Err("lists no text; write the texts to look for".to_owned());
            }
            let texts: Result<Vec<Sought>, String> = texts.iter().map(|text| Sought::of(text, lowered)).collect();
            Ok(Self::Contains { texts: texts?, lowered, all })
        };
        match assertion {
            Assertion::Contains(text) => several(std::slice::from_ref(text), false, true),
            Assertion::Icontains(text) => several(std::slice::from_ref(text), true, true),
            Assertion::ContainsAny(texts) => several(texts, false, false),
            Assertion::ContainsAll(texts) => several(texts, false, true),
            Assertion::IcontainsAny(texts) => several(texts, true, false),
            Assertion::IcontainsAll(texts) => several(texts, true, true),
            Assertion::Equals(Value::String(text)) => Ok(Self::Equals(text.clone())),
            Assertion::Equals(value) => Ok(Self::EqualsJson(value.clone())),
            Assertion::StartsWith(text) => Ok(Self::StartsWith(not_empty(text)?.to_owned())),
            Assertion::EndsWith(text) => Ok(Self::EndsWith(not_empty(text)?.to_owned())),
            Assertion::Regex(pattern) => compile_pattern(not_empty(pattern)?).map(Self::Matches),
            Assertion::IsJson => Ok(Self::IsJson),
            Assertion::JsonSchema(schema) => compile_schema(schema).map(|schema| Self::IsValid(Arc::new(schema))),
            Assertion::MaxLength(limit) => Ok(Self::AtMost(*limit)),
            Assertion::MinLength(limit) => Ok(Self::AtLeast(*limit)),
            Assertion::IsRefusal => Ok(Self::IsRefusal),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, answer: &Answer<'_>) -> bool {
        match self {
            Self::Contains { texts, lowered, all } => {
                let text = answer.cased(*lowered);
                let mut found = texts.iter().map(|each| text.contains(each.sought.as_str()));
                if *all { found.all(|found| found) } else { found.any(|found| found) }
            }
            Self::Equals(text) => answer.text == text,
            Self::EqualsJson(value) => answer.json().is_ok_and(|found| json::equal(found, value)),
            Self::StartsWith(text) => answer.text.starts_with(text.as_str()),
            Self::EndsWith(text) => answer.text.ends_with(text.as_str()),
            Self::Matches(pattern) => pattern.is_match(answer.text),
            Self::IsJson => json::fault(answer.text).is_none(),
            Self::IsValid(schema) => answer.json().is_ok_and(|value| schema.is_valid(value)),
            Self::AtMost(limit) => answer.length() <= *limit,
            Self::AtLeast(limit) => answer.length() >= *limit,
            Self::IsRefusal => refusal::is_refusal(answer.text),
        }
    }

    /// What to say of an answer for which it should have held and does not.
    pub(super) fn lacking(&self, answer: &Answer<'_>) -> String {
        match self {
            Self::Contains { texts, lowered, all } => {
                let text = answer.cased(*lowered);
                let missing = texts.iter().find(|each| !text.contains(each.sought.as_str()));
                match missing {
                    Some(missing) if *all || texts.len() == 1 => {
                        format!("answer does not contain {}{}", quoted(&missing.written), in_any_case(*lowered))
                    }
                    _ => format!("answer contains none of the {} texts{}", texts.len(), in_any_case(*lowered)),
                }
            }
            Self::Equals(text) => format!("answer is not {}", quoted(text)),
            Self::EqualsJson(value) => match answer.json() {
                Ok(_) => format!("answer is not equal to {}", clip(value.to_string(), LONGEST_QUOTE)),
                Err(reason) => reason.to_owned(),
            },
            Self::StartsWith(text) => format!("answer does not begin with {}", quoted(text)),
            Self::EndsWith(text) => format!("answer does not end with {}", quoted(text)),
            Self::Matches(pattern) => {
                format!("answer does not match `{}`", clip(pattern.to_string(), LONGEST_QUOTE))
            }
            Self::IsJson => answer.not_json(),
            Self::IsValid(schema) => match answer.json() {
                Ok(value) => schema.validate(value).err().map_or_else(String::new, |error| {
                    let place = error.instance_path().to_string();
                    let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
                    let message = error.masked_with("the value").to_string();
                    format!("answer breaks the schema{place}: {}", clip(message, LONGEST_QUOTE))
                }),
                Err(reason) => reason.to_owned(),
            },
            Self::AtMost(limit) => {
                format!("answer has {} characters, at most {limit} are allowed", answer.length())
            }
            Self::AtLeast(limit) => {
                format!("answer has {} characters, at least {limit} are needed", answer.length())
            }
            Self::IsRefusal => "answer does not refuse".to_owned(),
        }
    }

    /// What to say of an answer for which it should not have held and does.
    pub(super) fn unwanted(&self, answer: &Answer<'_>) -> String {
        match self {
            Self::Contains { texts, lowered, all } => {
                let text = answer.cased(*lowered);
                let found = texts.iter().find(|each| text.contains(each.sought.as_str()));
                match found {
                    Some(found) if !*all || texts.len() == 1 => {
                        format!("answer contains {}{}", quoted(&found.written), in_any_case(*lowered))
                    }
                    _ => format!("answer contains all of the {} texts{}", texts.len(), in_any_case(*lowered)),
                }
            }
            Self::Equals(text) => format!("answer is {}", quoted(text)),
            Self::EqualsJson(value) => {
                format!("answer is equal to {}", clip(value.to_string(), LONGEST_QUOTE))
            }
            Self::StartsWith(text) => format!("answer begins with {}", quoted(text)),
            Self::EndsWith(text) => format!("answer ends with {}", quoted(text)),
            Self::Matches(pattern) => format!("answer matches `{}`", clip(pattern.to_string(), LONGEST_QUOTE)),
            Self::IsJson => "answer is JSON".to_owned(),
            Self::IsValid(_) => "answer is valid by the schema".to_owned(),
            Self::AtMost(limit) => {
                format!("answer has {} characters, more than {limit} are needed", answer.length())
            }
            Self::AtLeast(limit) => {
                format!("answer has {} characters, fewer than {limit} are allowed", answer.length())
            }
            Self::IsRefusal => "answer refuses".to_owned(),
        }
    }
}

impl Sought {
    fn of(text: &str, lowered: bool) -> Result<Self, String> {
        let sought = if lowered { not_empty(text)?.to_lowercase() } else { not_empty(text)?.to_owned() };
        Ok(Self { written: text.to_owned(), sought })
    }
}

fn not_empty(text: &str) -> Result<&str, String> {
    if text.is_empty() {
        return Err("is empty, so every answer would have it; write the text to look for".to_owned());
    }
    Ok(text)
}

fn quoted(text: &str) -> String {
    format!("{:?}", clip(text.to_owned(), LONGEST_QUOTE))
}

fn in_any_case(lowered: bool) -> &'static str {
    if lowered { " in any case" } else { "" }
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

/// Nothing is fetched: the crate is built without resolvers, so a reference to another document is a problem.
fn compile_schema(schema: &Value) -> Result<Validator, String> {
    let patterns = PatternOptions::regex().size_limit(REGEX_SIZE_LIMIT);
    jsonschema::options().with_pattern_options(patterns).build(schema).map_err(|error| {
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "the schema".to_owned() } else { format!("the schema at {place}") };
        format!("{place}: {}", clip(error.to_string(), LONGEST_QUOTE))
    })
}
