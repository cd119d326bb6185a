//! The control interface under `/control/`, for tests whose code under test lives in another process.
//!
//! It shows and sets what the neighbours hold, and decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::behaviour::Behaviour;
use super::calls::{Call, Totals, ViolatingRequest};
use super::faults::FaultPlan;
use super::shared::Shared;

/// Calls that are shown unless `?last=` says otherwise.
const CALLS_SHOWN: usize = 1_000;

pub(crate) async fn show_behaviour(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let behaviour = shared.plan().behaviour().clone();
    json_response(StatusCode::OK, &behaviour)
}

pub(crate) async fn set_behaviour(State(shared): State<Arc<Shared>>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<Behaviour>(&body) {
        Ok(behaviour) => {
            *shared.plan() = FaultPlan::new(behaviour);
            empty_response()
        }
        Err(error) => {
            let message = format!("not a behaviour: {error}");
            json_response(StatusCode::BAD_REQUEST, &json!({"message": message}))
        }
    }
}

pub(crate) async fn show_calls(State(shared): State<Arc<Shared>>, uri: Uri) -> Response<Body> {
    let query = uri.query().unwrap_or_default();
    let last = query.split('&').find_map(|pair| pair.strip_prefix("last="));
    let count = match last.map(str::parse) {
        None => CALLS_SHOWN,
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            let message = "`last` must be a number of calls";
            return json_response(StatusCode::BAD_REQUEST, &json!({"message": message}));
        }
    };
    let totals = shared.ledger.totals();
    let violations = shared.ledger.violations();
    let calls = shared.ledger.latest(count);
    json_response(StatusCode::OK, &LedgerView::new(&totals, &violations, &calls))
}

pub(crate) async fn show_jobs(State(shared): State<Arc<Shared>>) -> Response<Body> {
    json_response(StatusCode::OK, &shared.jobs.views())
}

pub(crate) async fn clear_calls(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.ledger.clear();
    empty_response()
}

/// The ledger as JSON.
#[derive(Serialize)]
struct LedgerView<'a> {
    total: u64,
    in_flight: u32,
    peak_in_flight: u32,
    repeated_calls: u64,
    repeated_answers: u64,
    outcomes: BTreeMap<&'static str, u64>,
    models: BTreeMap<&'a str, Value>,
    violations: Vec<Value>,
    calls: Vec<CallView<'a>>,
}

#[derive(Serialize)]
struct CallView<'a> {
    number: u64,
    operation: &'static str,
    model: &'a str,
    prompt: &'a str,
    prompt_sha256: &'a str,
    arrived_ms: f64,
    took_ms: Option<f64>,
    in_flight: u32,
    outcome: &'static str,
    metadata: &'a BTreeMap<String, String>,
}

impl<'a> LedgerView<'a> {
    fn new(totals: &'a Totals, violations: &[ViolatingRequest], calls: &'a [Call]) -> Self {
        let models = totals.models.iter().map(|(model, counts)| {
            let view = json!({"calls": counts.calls, "peak_in_flight": counts.peak_in_flight});
            (&**model, view)
        });
        let violations = violations.iter().map(|request| {
            json!({
                "operation": request.operation,
                "model": &*request.model,
                "violations": request.violations,
            })
        });
        let outcomes = totals.outcomes.iter();
        Self {
            total: totals.calls,
            in_flight: totals.in_flight,
            peak_in_flight: totals.peak_in_flight,
            repeated_calls: totals.repeated_calls,
            repeated_answers: totals.repeated_answers,
            outcomes: outcomes.map(|(outcome, count)| (outcome.name(), *count)).collect(),
            models: models.collect(),
            violations: violations.collect(),
            calls: calls.iter().map(CallView::new).collect(),
        }
    }
}

impl<'a> CallView<'a> {
    fn new(call: &'a Call) -> Self {
        Self {
            number: call.number,
            operation: call.operation,
            model: &call.model,
            prompt: &call.prompt,
            prompt_sha256: &call.prompt_sha256,
            arrived_ms: call.arrived.as_secs_f64() * 1e3,
            took_ms: call.took.map(|took| took.as_secs_f64() * 1e3),
            in_flight: call.in_flight,
            outcome: call.outcome.name(),
            metadata: &call.metadata,
        }
    }
}

fn json_response(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(text) => {
            let mut response = Response::new(Body::from(text));
            *response.status_mut() = status;
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        }
        Err(error) => {
            let mut response = Response::new(Body::from(error.to_string()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

fn empty_response() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
