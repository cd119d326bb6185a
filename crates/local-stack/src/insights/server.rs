//! AWS JSON 1.1: one address, the operation in a header, errors by name in the body.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::post;
use bytes::Bytes;
use serde_json::{Value, json};

use super::LogsCall;
use super::operations::answer;
use super::script::LogsError;
use super::state::State;

/// What stands before the operation's name.
const TARGET: &str = "Logs_20140328.";

/// What answers there.
pub(super) fn router(state: Arc<Mutex<State>>) -> Router {
    Router::new().route("/", post(call)).with_state(state)
}

async fn call(Shared(state): Shared<Arc<Mutex<State>>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target).to_owned();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (answered, latency, released) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let violations = state.violations(&operation, &body);
        let answered = match violations.first() {
            Some(violation) => Err(LogsError::new("InvalidParameterException", &violation.to_string())),
            None => answer(&mut state, &operation, &body),
        };
        // An answer that the service could not give is a defect of the script or of the stand-in.
        let answered = answered.and_then(|found| match state.output_violations(&operation, &found).first() {
            Some(violation) => Err(LogsError::new("StandInDefect", &violation.to_string())),
            None => Ok(found),
        });
        let error = answered.as_ref().err().map(|error| error.name.clone());
        let released = state.released(&operation);
        state.calls.push(LogsCall { operation, body, violations, error });
        (answered, Duration::from_millis(state.script.latency_ms), released)
    };
    released.await;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let (status, text) = match answered {
        Ok(found) => (StatusCode::OK, found.to_string()),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, json!({"__type": error.name, "message": error.message}).to_string())
        }
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}
