//! Records of automatic jobs and of jobs with a judge, which differ in the judge's details alone.
//!
//! What the scores say is left to `evaluations`.

use super::JudgedAnswer;
use super::context::{Context, Unreadable};
use super::evaluations::{Score, evaluations};
use super::input::{InputRecord, ModelResponse, unjudged};
use serde::Deserialize;

/// What stands under `automatedEvaluationResult`.
#[derive(Deserialize)]
pub(super) struct AutomaticResult {
    scores: Option<Vec<Score>>,
}

/// The one answer of the record. A record without answers is one of an answer without a text.
pub(super) fn answers(
    result: AutomaticResult,
    input: Option<InputRecord>,
    responses: Vec<ModelResponse>,
    context: &Context,
) -> Result<Vec<JudgedAnswer>, Unreadable> {
    let mut answers = unjudged(input, responses);
    let [answer] = answers.as_mut_slice() else { return Err(Unreadable::SeveralAnswers) };
    answer.evaluations = evaluations(result.scores.unwrap_or_default(), context)?;
    Ok(answers)
}
