//! One answer over HTTP.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// What goes back: a status, a body, and the headers that matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) is_json: bool,
    pub(super) retry_after: Option<u64>,
    pub(super) location: Option<String>,
}

impl Answer {
    /// Plain text, as webhooks answer.
    pub(super) fn text(status: u16, body: &str) -> Self {
        Self { status, body: body.to_owned(), ..Self::default() }
    }

    /// JSON with status 200, as the Web API answers.
    pub(super) fn json(body: &Value) -> Self {
        Self { status: 200, body: body.to_string(), is_json: true, ..Self::default() }
    }

    /// A refusal of the Web API.
    pub(super) fn error(name: &str, messages: &[String]) -> Self {
        let mut body = json!({"ok": false, "error": name});
        if !messages.is_empty() {
            body["response_metadata"] = json!({ "messages": messages });
        }
        Self::json(&body)
    }

    /// 429, in the form that webhooks and the Web API share.
    pub(super) fn rate_limited(retry_after: Option<u64>) -> Self {
        let body = json!({"ok": false, "error": "ratelimited"}).to_string();
        Self { status: 429, body, is_json: true, retry_after, ..Self::default() }
    }

    pub(super) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = if self.is_json { "application/json; charset=utf-8" } else { "text/html" };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(location) = self.location.as_ref().and_then(|location| HeaderValue::from_str(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}
