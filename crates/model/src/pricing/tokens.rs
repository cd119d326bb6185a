//! How many tokens a question may take before a model has counted them.
//!
//! An estimate is a guess, for people; a bound is what a budget sets aside until the model tells what it took.

use crate::{Inference, Request};

/// Characters of a token where nothing better is known: English text has about four.
pub const CHARACTERS_PER_TOKEN: f64 = 4.0;

/// The longest answer that is reckoned with where `maxTokens` is not set, in tokens.
pub const ASSUMED_ANSWER: u64 = 4096;

/// What a request takes beside its texts, in tokens: marks of the roles and the like.
const AROUND: u64 = 32;

/// The tokens that `request` may take at most, with the form that is to be filled in and the fields of the model's own.
/// A token for every two bytes is twice what English text has and as much as three tokens for two characters of Chinese
/// or Japanese.
pub fn most_input_tokens(request: &Request) -> u64 {
    let texts = request.prompt.len() + request.system.as_ref().map_or(0, String::len);
    let form = request
        .tool
        .as_ref()
        .map_or(0, |tool| tool.name.len() + tool.description.len() + tool.schema.to_string().len());
    let fields = &request.additional_model_request_fields;
    // Nobody knows which of these fields a model reads.
    let fields = serde_json::to_string(fields).map_or(0, |text| if fields.is_empty() { 0 } else { text.len() });
    let bytes = texts + form + fields;
    AROUND + bytes.div_ceil(2) as u64
}

/// The longest answer in tokens: `maxTokens`, else [`ASSUMED_ANSWER`].
pub fn longest_answer(inference: &Inference) -> u64 {
    inference.max_tokens.and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or(ASSUMED_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tool;
    use serde_json::json;

    #[test]
    fn everything_that_is_sent_counts() {
        let question = Request { prompt: "12345".to_owned(), system: Some("123".to_owned()), ..Request::default() };
        assert_eq!(most_input_tokens(&question), 32 + 4);
        let schema = json!({"a": 1});
        let tool = Tool { name: "1234".to_owned(), description: "123".to_owned(), schema };
        let fields = [("top_k".to_owned(), json!(5))].into_iter().collect();
        let form = Request { tool: Some(tool), additional_model_request_fields: fields, ..question };
        // `{"a":1}` and `{"top_k":5}` are sent too.
        assert_eq!(most_input_tokens(&form), 32 + (8 + 7 + 7 + 11_u64).div_ceil(2));
    }
}
