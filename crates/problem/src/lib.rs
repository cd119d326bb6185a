//! A problem in something a person wrote: where it is, what is wrong and what would be right.
//!
//! Validators collect problems and go on; what to do about them is decided by whoever asked.
//!
//! Problems quote what people wrote, which may be of any length. They are shortened here and nowhere else.

mod surrogates;

pub use surrogates::mend_surrogates;

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// What it names is not used.
    Error,
    /// What it names is used, but may not be what was meant.
    Warning,
}

/// One problem in a dataset or a spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file or the key in the bucket.
    pub place: String,
    /// The line in it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The field, as a path such as `models[0].id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether the thing named is used all the same.
    pub severity: Severity,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What would be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Problem {
    /// An error at `place`.
    pub fn error(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: clip(place.into(), LONGEST_TEXT),
            line: None,
            field: None,
            severity: Severity::Error,
            message: clip(message.into(), LONGEST_TEXT),
            remedy: None,
        }
    }

    /// A warning at `place`.
    pub fn warning(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message) }
    }

    /// The same problem, on `line` (from 1).
    pub fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same problem, in `field`.
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(clip(field.into(), LONGEST_TEXT));
        self
    }

    /// The same problem, with what would be right.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(clip(remedy.into(), LONGEST_TEXT));
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

/// The longest text of a problem, in characters: a key of a megabyte must not make a summary of megabytes.
const LONGEST_TEXT: usize = 300;

/// At most the first `longest` characters of `text`; `…` stands for the rest.
pub fn clip(mut text: String, longest: usize) -> String {
    // The bytes are counted first, as almost all texts are short.
    if text.len() > longest
        && let Some((end, _)) = text.char_indices().nth(longest)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How many problems are kept in full; the rest are counted, so that a file of broken lines does not fill the memory.
pub const KEPT_PROBLEMS: usize = 200;

/// The problems of one file: the first [`KEPT_PROBLEMS`] in full, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    /// All errors, also those that are not in `first`.
    pub errors: u64,
    /// All warnings, also those that are not in `first`.
    pub warnings: u64,
    /// The first of them, in the order in which they were found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<Problem>,
}

impl Problems {
    /// Counts a problem, and keeps it while there is room.
    pub fn add(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.first.len() < KEPT_PROBLEMS {
            self.first.push(problem);
        }
    }

    /// Whether there is none, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(list: Vec<Problem>) -> Self {
        let mut problems = Self::default();
        list.into_iter().for_each(|problem| problems.add(problem));
        problems
    }
}

/// The longest name that is compared, in characters: the work grows with the name, and no key is that long.
const LONGEST_NAME: usize = 64;

/// The name in `known` that is closest to `name`, when it is close enough to have been meant.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().nth(LONGEST_NAME).is_some() {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= 0.6)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_place_line_field_and_remedy() {
        let problem = Problem::error("cases.jsonl", "unknown key `promt`")
            .on_line(12)
            .in_field("promt")
            .remedy("did you mean `prompt`?");
        assert_eq!(problem.to_string(), "cases.jsonl:12: promt: unknown key `promt`; did you mean `prompt`?");
    }

    #[test]
    fn problems_beyond_the_room_are_counted() {
        let mut problems = Problems::default();
        for line in 0..(KEPT_PROBLEMS as u64 + 5) {
            problems.add(Problem::error("x", "y").on_line(line));
        }
        assert_eq!(problems.errors, KEPT_PROBLEMS as u64 + 5);
        assert_eq!(problems.first.len(), KEPT_PROBLEMS);
    }

    #[test]
    fn a_problem_is_short_whatever_it_quotes() {
        let long = "é".repeat(300_000);
        let problem = Problem::error(&long, format!("key `{long}`")).in_field(&long).remedy(&long);
        assert_eq!(problem.message.chars().count(), LONGEST_TEXT + 1);
        assert!(problem.message.starts_with("key `é") && problem.message.ends_with('…'));
        assert!(problem.to_string().chars().count() < 5 * LONGEST_TEXT);
        assert_eq!(clip("é".repeat(LONGEST_TEXT), LONGEST_TEXT), "é".repeat(LONGEST_TEXT));
    }

    #[test]
    fn a_name_that_is_no_key_is_not_compared() {
        let almost = "a".repeat(LONGEST_NAME);
        assert_eq!(closest(&almost[1..], [almost.as_str()]), Some(almost.as_str()));
        assert_eq!(closest(&format!("{almost}b"), [almost.as_str()]), None);
    }

    #[test]
    fn a_far_name_is_not_suggested() {
        assert_eq!(closest("promt", ["prompt", "category"]), Some("prompt"));
        assert_eq!(closest("zzz", ["prompt", "category"]), None);
    }
}
