//! Suites that tests drop: questions whose answers are known, and the spec of an automatic job.

use crate::world::MODEL;
use serde_json::json;

/// Two questions, their references, what [`MODEL`] answers, and the F1 of that.
pub(crate) const QUESTIONS: [(&str, &str, &str, f64); 2] =
    [("What is the capital of France?", "Paris is", "Paris", 2.0 / 3.0), ("Two plus two?", "four", "four", 1.0)];

/// [`QUESTIONS`] as a dataset with ids and categories.
pub(crate) fn dataset() -> String {
    let line = |(number, (prompt, reference, _, _)): (usize, &(&str, &str, &str, f64))| {
        let (id, category) = (format!("s{}", number + 1), format!("c{}", number + 1));
        json!({"id": id, "prompt": prompt, "referenceResponse": reference, "category": category}).to_string() + "\n"
    };
    QUESTIONS.iter().enumerate().map(line).collect()
}

/// So many different questions as a dataset.
pub(crate) fn many(count: usize) -> String {
    let line = |number| {
        let prompt = format!("question {number} of this dataset, asked once");
        json!({"id": format!("s{number}"), "prompt": prompt, "referenceResponse": format!("{number} once")})
    };
    (0..count).map(|number| line(number).to_string() + "\n").collect()
}

/// The spec of a suite with one automatic job.
pub(crate) fn automatic() -> String {
    format!(
        "scorers: [f1]\nonline: false\njobs: [{{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy, Robustness], models: [{{id: '{MODEL}'}}]}}]\n"
    )
}
