//! Questions of datasets, and answers to them.

use local_stack::stand_in::{Answers, Missing, Recordings};
use serde_json::json;
use std::sync::Arc;

/// Two questions, their references and answers.
pub const QUESTIONS: [(&str, &str, &str); 2] =
    [("What is the capital of France?", "Paris is the capital", "Paris"), ("Two plus two?", "four", "four")];

/// [`QUESTIONS`] as a dataset.
pub fn dataset() -> String {
    let line = |(prompt, reference, _)| json!({"prompt": prompt, "referenceResponse": reference}).to_string() + "\n";
    QUESTIONS.into_iter().map(line).collect()
}

/// So many different questions as a dataset.
pub fn many(count: usize) -> String {
    many_about("this dataset", count)
}

/// The same, different from those about other subjects.
pub fn many_about(subject: &str, count: usize) -> String {
    let line = |number| {
        let prompt = format!("question {number} of {subject}, asked once");
        json!({"id": format!("s{number}"), "prompt": prompt, "referenceResponse": format!("{number} once")})
    };
    (0..count).map(|number| line(number).to_string() + "\n").collect()
}

/// Answers of `model` to these prompts, and made-up ones to all others.
pub fn answers<'a>(model: &str, known: impl IntoIterator<Item = (&'a str, &'a str)>) -> Answers {
    let mut recordings = Recordings::default();
    for (prompt, answer) in known {
        recordings.add(model, prompt, answer);
    }
    Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic }
}
