//! The CountTokens operation: what Converse would bill for a request, without asking a model.
//!
//! As the service, it counts for models and not for inference profiles. It is free, so the ledger does not know of it.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};

use super::answers::estimated_tokens;
use super::conversation::Conversation;
use super::errors::{ErrorKind, ServiceError};
use super::exchange::json_response;
use super::shared::Shared;

/// Beginnings of inference profile ids.
const PROFILES: [&str; 6] = ["us.", "eu.", "apac.", "jp.", "au.", "global."];

/// Answers one count.
pub(crate) fn count_tokens(shared: &Shared, model: &str, body: &Bytes) -> Response<Body> {
    let refuse = |message: &str| {
        let message = message.to_owned();
        ServiceError::new(ErrorKind::Validation, message).into_response(Some(model))
    };
    if PROFILES.iter().any(|profile| model.starts_with(profile)) || !shared.plan().knows(model) {
        return refuse("The provided model doesn't support counting tokens.");
    }
    let asked = serde_json::from_slice::<Value>(body).ok();
    let asked = asked.as_ref().and_then(|body| body.pointer("/input/converse")).map(Conversation::read);
    let Some(Ok(conversation)) = asked else {
        return refuse("the stand-in counts `input.converse` only");
    };
    let counted = json!({"inputTokens": estimated_tokens(conversation.characters())});
    json_response(StatusCode::OK, counted.to_string())
}
