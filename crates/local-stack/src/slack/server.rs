//! The addresses that Slack has, and two of our own by which another process scripts and reads the stand-in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::routing::{get, post, put};
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::Answer;
use super::limits::violations;
use super::script::{SlackAnswer, SlackRule};
use super::state::{SlackCall, State};
use super::web_api;
use crate::loopback::ResetHandle;

type SharedState = Arc<Mutex<State>>;

/// What answers at them.
pub(super) fn router(state: SharedState) -> Router {
    Router::new()
        .route("/services/{*rest}", post(call))
        .route("/api/{method}", post(call))
        .route("/control/rules", put(set_rules))
        .route("/control/calls", get(calls))
        .route("/control/messages", get(messages))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(state)
}

fn locked(state: &SharedState) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What becomes of a call.
enum Fate {
    Answered(Answer),
    Reset,
    Hang,
}

async fn call(
    Shared(state): Shared<SharedState>,
    ConnectInfo(reset): ConnectInfo<ResetHandle>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    // Decided before anything is waited for: the state must be free meanwhile.
    let fate = decide(&mut locked(&state), uri.path(), &headers, &body);
    match fate {
        Fate::Answered(answer) => answer.response(),
        Fate::Reset => {
            reset.reset();
            Answer::default().response()
        }
        Fate::Hang => std::future::pending().await,
    }
}

fn decide(state: &mut State, path: &str, headers: &HeaderMap, body: &[u8]) -> Fate {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let authorization = header(header::AUTHORIZATION);
    let is_json = header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
    let payload: Option<Value> = serde_json::from_slice(body).ok().filter(|_| is_json);
    let found = payload.as_ref().map_or_else(|| vec!["the body is no JSON object".to_owned()], violations);
    let scripted = state.next_answer(path, &String::from_utf8_lossy(body));
    let payload = payload.unwrap_or_default();

    let fate = match scripted {
        SlackAnswer::Ok => Fate::Answered(take(state, path, authorization.as_deref(), &payload, &found)),
        SlackAnswer::InvalidBlocks if is_plain(&payload) => {
            Fate::Answered(take(state, path, authorization.as_deref(), &payload, &found))
        }
        SlackAnswer::InvalidBlocks => Fate::Answered(refuse_blocks(path, &["scripted".to_owned()])),
        SlackAnswer::RateLimited { retry_after_seconds } => Fate::Answered(Answer::rate_limited(retry_after_seconds)),
        SlackAnswer::Status { status, body } => Fate::Answered(Answer::text(status, &body)),
        SlackAnswer::Error { name } => Fate::Answered(Answer::error(&name, &[])),
        SlackAnswer::Redirect { location } => {
            Fate::Answered(Answer { location: Some(location), ..Answer::text(307, "") })
        }
        SlackAnswer::TakeAndReset => {
            take(state, path, authorization.as_deref(), &payload, &found);
            Fate::Reset
        }
        SlackAnswer::Reset => Fate::Reset,
        SlackAnswer::Hang => Fate::Hang,
    };
    let (status, answer) = match &fate {
        Fate::Answered(answer) => (Some(answer.status), answer.body.clone()),
        Fate::Reset | Fate::Hang => (None, String::new()),
    };
    let path = path.to_owned();
    state.calls.push(SlackCall { path, body: payload, authorization, violations: found, status, answer });
    fate
}

/// Whether a message is text alone.
fn is_plain(payload: &Value) -> bool {
    ["blocks", "attachments"].iter().all(|key| payload[*key].as_array().is_none_or(Vec::is_empty))
}

/// What Slack answers of itself.
fn take(state: &mut State, path: &str, token: Option<&str>, payload: &Value, found: &[String]) -> Answer {
    let method = path.strip_prefix("/api/");
    if !found.is_empty() {
        return refuse_blocks(path, found);
    }
    match method {
        Some(method) => web_api::call(method, token, payload.clone(), &mut state.channels),
        None => {
            state.channels.post(path.to_owned(), path.to_owned(), payload.clone());
            Answer::text(200, "ok")
        }
    }
}

fn refuse_blocks(path: &str, found: &[String]) -> Answer {
    match path.starts_with("/api/") {
        true => Answer::error("invalid_blocks", found),
        false => Answer::text(400, "invalid_blocks"),
    }
}

async fn set_rules(Shared(state): Shared<SharedState>, body: Bytes) -> (StatusCode, String) {
    match serde_json::from_slice::<Vec<SlackRule>>(&body) {
        Ok(rules) => {
            locked(&state).set_rules(rules);
            (StatusCode::NO_CONTENT, String::new())
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("not a list of rules: {error}")),
    }
}

async fn calls(Shared(state): Shared<SharedState>) -> String {
    json!(locked(&state).calls).to_string()
}

async fn messages(Shared(state): Shared<SharedState>) -> String {
    json!(locked(&state).channels.messages()).to_string()
}
