//! Answers that were recorded in dataset files, found by model and prompt.
//!
//! Only what an answer needs is read; checking datasets as such is the core crate's business.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

/// Problems that one error names; more are counted.
const PROBLEMS_NAMED: usize = 20;

/// Recorded answers by model and prompt.
#[derive(Debug, Clone, Default)]
pub struct Recordings {
    by_model: HashMap<String, HashMap<String, Vec<String>>>,
    answers: usize,
}

// The rest of a dataset line is of no interest here, so unknown fields pass.
#[derive(Deserialize)]
struct Line {
    prompt: String,
    #[serde(default, rename = "modelResponses")]
    model_responses: Vec<ModelResponse>,
}

#[derive(Deserialize)]
struct ModelResponse {
    response: String,
    #[serde(rename = "modelIdentifier")]
    model_identifier: String,
}

impl Recordings {
    /// Reads dataset files (JSON Lines with `prompt` and `modelResponses`); lines without
    /// `modelResponses` are passed over.
    ///
    /// # Errors
    /// When a file cannot be read or lines are malformed; every such line is named.
    pub fn load<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> anyhow::Result<Self> {
        let mut recordings = Self::default();
        let mut problems = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the recorded answers {}", path.display()))?;
            for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
                if line.trim().is_empty() {
                    continue;
                }
                match serde_json::from_str::<Line>(line) {
                    Ok(line) => recordings.add_line(line),
                    Err(error) => problems.push(format!("{}:{}: {error}", path.display(), index + 1)),
                }
            }
        }
        if !problems.is_empty() {
            let unnamed = problems.len().saturating_sub(PROBLEMS_NAMED);
            problems.truncate(PROBLEMS_NAMED);
            if unnamed > 0 {
                problems.push(format!("and {unnamed} more"));
            }
            bail!("recorded answers are malformed:\n{}", problems.join("\n"));
        }
        Ok(recordings)
    }

    /// Adds one answer. Several answers to the same prompt are given in turn.
    pub fn add(&mut self, model: impl Into<String>, prompt: impl Into<String>, response: impl Into<String>) {
        let prompts = self.by_model.entry(model.into()).or_default();
        prompts.entry(prompt.into()).or_default().push(response.into());
        self.answers += 1;
    }

    /// The answer for this turn, counted from 0 and going round.
    #[must_use]
    pub fn answer(&self, model: &str, prompt: &str, turn: u64) -> Option<&str> {
        let answers = self.by_model.get(model)?.get(prompt)?;
        let place = usize::try_from(turn % answers.len().max(1) as u64).ok()?;
        answers.get(place).map(String::as_str)
    }

    /// The number of recorded answers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers
    }

    /// Whether nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers == 0
    }

    fn add_line(&mut self, line: Line) {
        for recorded in line.model_responses {
            self.add(recorded.model_identifier, line.prompt.clone(), recorded.response);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn answers_are_found_by_model_and_prompt_and_go_round() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cases.jsonl");
        let lines = r#"{"prompt": "one", "modelResponses": [{"response": "a", "modelIdentifier": "m"}, {"response": "b", "modelIdentifier": "n"}], "category": "x"}

{"prompt": "one", "modelResponses": [{"response": "c", "modelIdentifier": "m"}]}
{"prompt": "two"}
"#;
        std::fs::write(&file, lines).unwrap();
        let recordings = Recordings::load([&file]).unwrap();
        assert_eq!(recordings.len(), 3);
        let turns: Vec<_> = (0..3).map(|turn| recordings.answer("m", "one", turn)).collect();
        assert_eq!(turns, [Some("a"), Some("c"), Some("a")]);
        assert_eq!(recordings.answer("n", "one", 5), Some("b"));
        assert_eq!(recordings.answer("n", "two", 0), None);
        assert_eq!(recordings.answer("o", "one", 0), None);
    }

    #[test]
    fn every_malformed_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cases.jsonl");
        std::fs::write(&file, "{}\n{\"prompt\": \"one\"}\nnot json\n").unwrap();
        let error = Recordings::load([&file]).unwrap_err().to_string();
        assert!(error.contains("cases.jsonl:1: missing field `prompt`"), "{error}");
        assert!(error.contains("cases.jsonl:3: "), "{error}");
        assert!(Recordings::load([folder.path().join("none.jsonl")]).is_err());
    }
}
