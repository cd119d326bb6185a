//! How many tokens a question may take before a model has counted them.
//!
//! An estimate is a guess, for people; a bound is what a budget sets aside until the model tells what it took.

use crate::model::{Inference, Request};

/// Characters of a token where nothing better is known: English text has about four.
pub const CHARACTERS_PER_TOKEN: f64 = 4.0;

/// The longest answer that is reckoned with where `maxTokens` is not set, in tokens.
pub const ASSUMED_ANSWER: u64 = 4096;

/// What a request takes beside its texts, in tokens: marks of the roles and the like.
const AROUND: u64 = 32;

/// The tokens that `request` may take at most. A token for every two bytes is twice what English text has and as much
/// as three tokens for two characters of Chinese or Japanese.
pub fn most_input_tokens(request: &Request) -> u64 {
    let bytes = request.prompt.len() + request.system.as_ref().map_or(0, String::len);
    AROUND + bytes.div_ceil(2) as u64
}

/// The longest answer in tokens: `maxTokens`, else [`ASSUMED_ANSWER`].
pub fn longest_answer(inference: &Inference) -> u64 {
    inference.max_tokens.and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or(ASSUMED_ANSWER)
}
