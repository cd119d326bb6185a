//! What the stand-in says when nothing goes wrong.
//!
//! Recordings are read in `recordings`, a real model is asked in `forwarding`; faults alter an
//! answer in `converse`.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::errors::{ErrorKind, ServiceError};
use super::forwarding::Forwarding;
use super::recordings::Recordings;

/// Where answers come from.
#[derive(Debug, Clone, Default)]
pub enum Answers {
    /// Made from model id and prompt alone; see [`deterministic_answer`].
    #[default]
    Deterministic,
    /// Read from dataset files.
    Recorded {
        /// The recorded answers.
        recordings: Arc<Recordings>,
        /// What happens to a prompt without one.
        missing: Missing,
    },
    /// Asked from an OpenAI-compatible server.
    Forwarded(Forwarding),
}

/// What happens to a prompt that has no recorded answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// 400 `ValidationException` that says so.
    #[default]
    Refuse,
    /// [`deterministic_answer`], for prompts that nobody can have recorded, such as a judge's.
    Deterministic,
}

impl Answers {
    /// Recorded answers; a prompt without one is refused.
    #[must_use]
    pub fn recorded(recordings: Recordings) -> Self {
        Self::Recorded { recordings: Arc::new(recordings), missing: Missing::Refuse }
    }
}

/// The answer that a model gives to a prompt when there is nothing better, the same at any time and
/// on any machine.
///
/// It is `<model> answers <8 hexadecimal digits>: ` and then the first words of the prompt, 8 to 32
/// of them. Digits and number of words come from the SHA-256 of model id and prompt, so that two
/// models differ, a changed prompt changes the answer, and the answer still has words in common with
/// the question.
#[must_use]
pub fn deterministic_answer(model: &str, prompt: &str) -> String {
    let digest = Sha256::new().chain_update(model).chain_update([0]).chain_update(prompt).finalize();
    let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let most = 8 + usize::from(digest[4] % 25);
    let words: Vec<&str> = prompt.split_whitespace().take(most).collect();
    format!("{model} answers {number:08x}: {}", words.join(" "))
}

/// The answer made from the prompt, within `maxTokens`.
pub(crate) fn deterministic(model: &str, prompt: &str, max_tokens: Option<u64>) -> Answer {
    let mut answer = Answer::of(deterministic_answer(model, prompt));
    let Some(max_tokens) = max_tokens else {
        return answer;
    };
    let most_characters = usize::try_from(max_tokens).map_or(usize::MAX, |tokens| tokens.saturating_mul(4));
    if let Some((end, _)) = answer.text.char_indices().nth(most_characters) {
        answer.text.truncate(end);
        answer.stop_reason = "max_tokens".to_owned();
    }
    answer
}

/// The recorded answer as it was given, whatever `maxTokens` says; a prompt that was recorded
/// several times gets its answers in turn.
pub(crate) fn recorded(
    recordings: &Recordings,
    missing: Missing,
    (model, prompt): (&str, &str),
    turn: u64,
    max_tokens: Option<u64>,
) -> Result<Answer, ServiceError> {
    match (recordings.answer(model, prompt, turn), missing) {
        (Some(text), _) => Ok(Answer::of(text.to_owned())),
        (None, Missing::Deterministic) => Ok(deterministic(model, prompt, max_tokens)),
        (None, Missing::Refuse) => {
            let start: String = prompt.chars().take(80).collect();
            Err(ServiceError::new(
                ErrorKind::Validation,
                format!("no answer of {model} is recorded for the prompt that starts with: {start}"),
            ))
        }
    }
}

/// The estimate of tokens that the stand-in bills: a quarter of the characters, rounded up.
#[must_use]
pub fn estimated_tokens(characters: usize) -> u64 {
    characters.div_ceil(4) as u64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn deterministic_answers_never_change() {
        let answer = deterministic_answer("amazon.nova-lite-v1:0", "What is  the\ncapital of France?");
        assert_eq!(answer, "amazon.nova-lite-v1:0 answers 7142c317: What is the capital of France?");
        assert_ne!(answer, deterministic_answer("amazon.nova-pro-v1:0", "What is the capital of France?"));
        let long = "word ".repeat(100);
        let words = deterministic_answer("m", &long).split(' ').count();
        assert!((11..=35).contains(&words), "{words}");
    }

    #[test]
    fn max_tokens_cuts_at_four_characters_a_token() {
        let cut = deterministic("modèle", "one two three", Some(2));
        assert_eq!((cut.text.as_str(), cut.stop_reason.as_str()), ("modèle a", "max_tokens"));
        assert_eq!(deterministic("m", "one", Some(100)).stop_reason, "end_turn");
        assert_eq!(deterministic("m", "one", Some(u64::MAX)).stop_reason, "end_turn");
    }

    #[test]
    fn tokens_are_a_quarter_of_the_characters_rounded_up() {
        assert_eq!([0, 1, 4, 5].map(estimated_tokens), [0, 1, 1, 2]);
    }
}
