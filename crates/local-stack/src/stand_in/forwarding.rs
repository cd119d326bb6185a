//! Answers from a real model behind an OpenAI-compatible server.
//!
//! It translates both ways and tells honestly what failed; it never makes up an answer instead.

use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Counted};
use super::conversation::Conversation;
use super::errors::{ErrorKind, ServiceError};

/// An OpenAI-compatible server (Ollama, vLLM, llama.cpp), asked at `/v1/chat/completions`.
#[derive(Debug, Clone)]
pub struct Forwarding {
    client: reqwest::Client,
    address: String,
    model: Option<String>,
}

impl Forwarding {
    /// Forwards to the server at this address, for example `http://127.0.0.1:11434`; a `/v1` at its
    /// end may be there or not. A call that takes longer than `timeout` ends as a model timeout.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(base_url: &str, timeout: Duration) -> anyhow::Result<Self> {
        let base = base_url.trim_end_matches('/');
        let base = base.strip_suffix("/v1").unwrap_or(base);
        let client = reqwest::Client::builder()
            // The server is on this machine or beside it: a proxy for the outside is in the way.
            .no_proxy()
            .timeout(timeout)
            .build()
            .context("cannot make an HTTP client for forwarding")?;
        Ok(Self { client, address: format!("{base}/v1/chat/completions"), model: None })
    }

    /// Asks that server for this model, whatever model the caller named.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    pub(crate) async fn answer(&self, model: &str, conversation: &Conversation) -> Result<Answer, ServiceError> {
        let question = question(self.model.as_deref().unwrap_or(model), conversation)?;
        let sent = self.client.post(&self.address).json(&question).send().await;
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if !status.is_success() {
            let retry_after = response.headers().get("retry-after").cloned();
            let said = response.text().await.unwrap_or_default();
            let said: String = said.chars().take(300).collect();
            let message = format!("{} answered {status}: {said}", self.address);
            let kind = match status.as_u16() {
                429 => ErrorKind::Throttling,
                503 => ErrorKind::ServiceUnavailable,
                _ => ErrorKind::ModelError,
            };
            return Err(ServiceError {
                retry_after: retry_after.and_then(|value| value.to_str().ok().map(str::to_owned)),
                original_status: Some(status.as_u16()),
                ..ServiceError::new(kind, message)
            });
        }
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        read(&body).map_err(|reason| {
            let message = format!("{} answered what cannot be used: {reason}", self.address);
            ServiceError::new(ErrorKind::ModelError, message)
        })
    }

    fn unreachable(&self, error: &reqwest::Error) -> ServiceError {
        let kind = if error.is_timeout() { ErrorKind::ModelTimeout } else { ErrorKind::ServiceUnavailable };
        // The outer error repeats the address; the cause is what helps.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        ServiceError::new(kind, format!("{} gave no answer: {cause}", self.address))
    }
}

/// The request as the other server wants it.
fn question(model: &str, conversation: &Conversation) -> Result<Value, ServiceError> {
    if !conversation.beyond_text.is_empty() {
        let message =
            format!("a forwarded request may hold text only, this one has {}", conversation.beyond_text.join(", "));
        return Err(ServiceError::new(ErrorKind::Validation, message));
    }
    let message = |role: &str, text: &str| json!({"role": role, "content": text});
    let system = (!conversation.system.is_empty()).then(|| message("system", &conversation.system));
    let turns = conversation.turns.iter().map(|turn| message(&turn.role, &turn.text));
    let messages: Vec<Value> = system.into_iter().chain(turns).collect();

    let inference = &conversation.inference;
    let mut question = Map::new();
    question.insert("model".to_owned(), json!(model));
    question.insert("messages".to_owned(), json!(messages));
    question.insert("stream".to_owned(), json!(false));
    // Only what the caller set is sent: some models refuse a parameter at any value.
    let optional = [
        ("max_tokens", inference.max_tokens.map(Value::from)),
        ("temperature", inference.temperature.map(Value::from)),
        ("top_p", inference.top_p.map(Value::from)),
        ("stop", inference.stop_sequences.clone().map(Value::from)),
    ];
    let set = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    question.extend(set);
    Ok(Value::Object(question))
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    // vLLM and llama.cpp use the first name, Ollama and newer vLLM the second.
    reasoning_content: Option<String>,
    reasoning: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
}

fn read(body: &[u8]) -> Result<Answer, String> {
    let completion: Completion = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let choice = completion.choices.into_iter().next().ok_or("it has no choices")?;
    let stop_reason = match choice.finish_reason.as_deref() {
        Some("length") => "max_tokens",
        Some("content_filter") => "content_filtered",
        Some("tool_calls" | "function_call") => "tool_use",
        Some("stop_sequence") => "stop_sequence",
        // `stop` stands for a stop sequence, too; that server does not tell them apart.
        _ => "end_turn",
    };
    let message = choice.message;
    let reasoning = message.reasoning_content.or(message.reasoning);
    Ok(Answer {
        tool_use: None,
        reasoning: reasoning.filter(|text| !text.is_empty()),
        text: message.content.unwrap_or_default(),
        stop_reason: stop_reason.to_owned(),
        counted: completion
            .usage
            .map(|usage| Counted { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens }),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn finish_reasons_become_stop_reasons() {
        let stop_reason = |finish: &str| {
            let body = format!(r#"{{"choices": [{{"message": {{"content": "x"}}, "finish_reason": {finish}}}]}}"#);
            read(body.as_bytes()).unwrap().stop_reason
        };
        assert_eq!(stop_reason("\"stop\""), "end_turn");
        assert_eq!(stop_reason("\"length\""), "max_tokens");
        assert_eq!(stop_reason("\"content_filter\""), "content_filtered");
        assert_eq!(stop_reason("null"), "end_turn");
    }

    #[test]
    fn an_answer_without_choices_is_no_answer() {
        assert!(read(br#"{"choices": []}"#).is_err());
        assert!(read(b"<html>").is_err());
    }

    #[test]
    fn reasoning_is_kept_apart() {
        let body = br#"{"choices": [{"message": {"content": "x", "reasoning_content": "hm"}}]}"#;
        let answer = read(body).unwrap();
        assert_eq!((answer.reasoning.as_deref(), answer.text.as_str()), (Some("hm"), "x"));
        assert_eq!(answer.counted, None);
    }
}
