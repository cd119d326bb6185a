//! What a job was given and what models answered: the parts that all kinds of records but conversations share.
//!
//! Scores and ratings are left to `automatic` and `human`.

use super::one_or_many::OneOrMany;
use super::text::Text;
use super::{JudgedAnswer, python_text};
use serde::Deserialize;

/// What the job was given: a copy of a line of the dataset.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct InputRecord {
    #[serde(default)]
    prompt: Text,
    #[serde(default)]
    reference_response: Text,
    #[serde(default)]
    reference_responses: OneOrMany<Text>,
    #[serde(default)]
    category: Text,
    /// Recorded answers, as Bedrock takes them.
    #[serde(default)]
    model_responses: OneOrMany<ModelResponse>,
    /// Recorded answers, as SageMaker takes them.
    #[serde(default)]
    responses: OneOrMany<ModelResponse>,
}

/// What a model answered.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelResponse {
    #[serde(default)]
    model_identifier: Text,
    #[serde(default)]
    response: Text,
    /// What SageMaker calls the response.
    #[serde(default)]
    text: Text,
    #[serde(default)]
    stop_reason: Text,
}

/// The answers of a record, unjudged: `beside` are those at its top; without them, those inside of the input count. A
/// record without answers is one of a question that nobody answered.
pub(super) fn unjudged(input: Option<InputRecord>, beside: Vec<ModelResponse>) -> Vec<JudgedAnswer> {
    let input = input.unwrap_or_default();
    let places = [beside, input.model_responses.0, input.responses.0];
    let responses = places.into_iter().find(|responses| !responses.is_empty()).unwrap_or_default();
    let written = input.prompt.written().unwrap_or_default();
    let messages = python_text::messages(&written);
    let of_python = messages.is_some();
    let question = JudgedAnswer {
        prompt: messages.unwrap_or(written),
        references: references(input.reference_response, input.reference_responses.0),
        category: input.category.filled(),
        ..JudgedAnswer::default()
    };
    if responses.is_empty() {
        return vec![question];
    }
    let answered = responses.into_iter().map(|found| JudgedAnswer {
        model: found.model_identifier.written().unwrap_or_default(),
        response: found.response.written().or(found.text.written()).map(|response| {
            // Only beside such a prompt: an answer may be a list in Python because somebody asked for one.
            let only = of_python.then(|| python_text::only_text(&response)).flatten();
            only.unwrap_or(response)
        }),
        stop_reason: found.stop_reason.filled(),
        ..question.clone()
    });
    answered.collect()
}

/// The acceptable answers. An empty one says that there is none.
pub(super) fn references(first: Text, more: Vec<Text>) -> Vec<String> {
    std::iter::once(first).chain(more).filter_map(Text::filled).collect()
}
