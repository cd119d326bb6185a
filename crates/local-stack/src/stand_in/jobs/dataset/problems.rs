//! What is wrong with one line.

use serde_json::{Map, Value};

/// The most bytes of a prompt.
const LARGEST_PROMPT: usize = 4 << 10;

/// What is wrong with one line.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<String>);

impl Problems {
    pub(super) fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }

    /// Members that nobody documented.
    pub(super) fn unknown(&mut self, object: &Map<String, Value>, known: &[&str], place: &str) {
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(format!("the key `{place}{name}` is not known"));
        }
    }

    pub(super) fn prompt(&mut self, prompt: &str) {
        if prompt.trim().is_empty() {
            self.add("the prompt is empty");
        } else if prompt.len() > LARGEST_PROMPT {
            self.add(format!("the prompt has {} bytes; at most 4 KB are allowed", prompt.len()));
        }
    }
}
