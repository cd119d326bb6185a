//! Twenty questions that both models can answer, and how many of them each gets wrong.

use end_to_end::stack::{self, MODEL_IDS};
use local_stack::stand_in::{Answers, Missing, Recordings};
use serde_json::json;
use std::sync::Arc;

/// How many questions there are.
pub(crate) const QUESTIONS: usize = 20;

fn prompt(number: usize) -> String {
    format!("What is written on page {number}?")
}

fn reference(number: usize) -> String {
    format!("The secret of page {number}")
}

/// The questions as a dataset.
pub(crate) fn dataset() -> String {
    let line = |number| json!({"id": id(number), "prompt": prompt(number), "referenceResponse": reference(number)});
    (1..=QUESTIONS).map(|number| line(number).to_string() + "\n").collect()
}

/// The id of a question.
pub(crate) fn id(number: usize) -> String {
    format!("page-{number:02}")
}

/// From now on each model gets so many of the first questions wrong, and all others right.
pub(crate) fn settle(wrong: &[usize; 2]) {
    let mut recordings = Recordings::default();
    for (model, wrong) in MODEL_IDS.into_iter().zip(wrong) {
        for number in 1..=QUESTIONS {
            let answer = if number <= *wrong { "Nothing at all".to_owned() } else { reference(number) };
            recordings.add(model, prompt(number), answer);
        }
    }
    let answers = Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic };
    stack::deployed().stand_in().set_answers(answers);
}
