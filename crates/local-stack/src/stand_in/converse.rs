//! The Converse operation from a request's body to its answer.
//!
//! Every decision is taken by a neighbour (rules, checks, answers, ledger); this file is their order.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use serde_json::Value;

use super::answers::{self, Answer, Answers};
use super::behaviour::Fault;
use super::calls::{Outcome, ViolatingRequest};
use super::connection::ResetHandle;
use super::conversation::{Conversation, unwritten_violations};
use super::errors::{ErrorKind, ServiceError};
use super::faults::Meeting;
use super::ledger::{Arrival, OpenCall};
use super::reply;
use super::shared::Shared;

const OPERATION: &str = "Converse";

/// Answers one call and writes it down.
pub(crate) async fn converse(shared: &Shared, model: &str, body: Bytes, reset: &ResetHandle) -> Response<Body> {
    let at = Instant::now();
    let parsed: Result<Value, _> = serde_json::from_slice(&body);
    let read = parsed.as_ref().map(Conversation::read);
    let conversation = match &read {
        Ok(Ok(conversation)) => conversation,
        _ => &Conversation::default(),
    };
    let call = shared.ledger.open(Arrival {
        operation: OPERATION,
        model,
        prompt: conversation.prompt(),
        metadata: conversation.metadata.clone(),
        body,
        at,
    });
    let unreadable = match (&parsed, &read) {
        (Err(error), _) | (_, Ok(Err(error))) => Some(error.to_string()),
        _ => None,
    };
    let refused = match &parsed {
        Ok(request) => violation(shared, model, request),
        Err(_) => None,
    };
    // The service model says more about a wrong type than the parser does.
    let refused = refused
        .or_else(|| unreadable.map(|reason| ServiceError::new(ErrorKind::Serialization, reason)))
        .or_else(|| (!shared.plan().knows(model)).then(|| ServiceError::of_fault(&Fault::NotFound, model)).flatten());
    if let Some(error) = refused {
        return refuse(call, error, model);
    }
    respond(shared, call, (model, conversation), reset, at).await
}

/// Answers a call that is well formed.
async fn respond(
    shared: &Shared,
    call: OpenCall,
    (model, conversation): (&str, &Conversation),
    reset: &ResetHandle,
    at: Instant,
) -> Response<Body> {
    let (fault, latency) = {
        let mut plan = shared.plan();
        let fault = plan.meet(Meeting {
            model,
            prompt: conversation.prompt(),
            fingerprint: call.fingerprint(),
            earlier_calls: call.earlier_calls,
        });
        (fault, plan.behaviour().latency_ms.map(Duration::from_millis))
    };
    let ready = at + latency.unwrap_or(shared.latency);

    if let Some(error) = fault.as_ref().and_then(|fault| ServiceError::of_fault(fault, model)) {
        if !error.kind.is_refusal() {
            shared.timer.until(ready).await;
        }
        return refuse(call, error, model);
    }
    match &fault {
        Some(Fault::ConnectionReset) => {
            shared.timer.until(ready).await;
            reset.reset();
            call.end(Outcome::Reset);
            return Response::new(Body::empty());
        }
        Some(Fault::Hang { for_ms: Some(for_ms) }) => shared.timer.until(at + Duration::from_millis(*for_ms)).await,
        Some(Fault::Hang { for_ms: None }) => std::future::pending().await,
        _ => {}
    }
    let answer = match answer(shared, &call, model, conversation).await {
        Ok(answer) => answer,
        Err(error) => return refuse(call, error, model),
    };
    shared.timer.until(ready).await;
    let body = reply::body(conversation, answer, fault.as_ref(), at.elapsed());
    let mut text = body.to_string();
    let outcome = match fault {
        Some(Fault::MalformedBody) => {
            // Cut where a connection that breaks off might cut, on a character's edge.
            text.truncate(text.floor_char_boundary(text.len() / 2));
            Outcome::Malformed
        }
        Some(Fault::MissingOutput) => Outcome::Malformed,
        _ => Outcome::Answered,
    };
    call.end(outcome);
    let mut response = Response::new(Body::from(text));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn refuse(call: OpenCall, error: ServiceError, model: &str) -> Response<Body> {
    call.end(Outcome::Error(error.kind));
    error.into_response(Some(model))
}

/// Everything that is wrong with a request, as the service would say it, and noted.
fn violation(shared: &Shared, model: &str, request: &Value) -> Option<ServiceError> {
    let mut violations = shared
        .service_model
        .as_ref()
        .map_or_else(Vec::new, |service| service.check_input(OPERATION, &[("modelId", model)], request));
    violations.extend(unwritten_violations(model, request));
    if violations.is_empty() {
        return None;
    }
    let named: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let plural = if named.len() == 1 { "error" } else { "errors" };
    let message = format!("{} validation {plural} detected: {}", named.len(), named.join("; "));
    shared.ledger.violating(ViolatingRequest { operation: OPERATION, model: model.into(), violations });
    Some(ServiceError::new(ErrorKind::Validation, message))
}

async fn answer(
    shared: &Shared,
    call: &OpenCall,
    model: &str,
    conversation: &Conversation,
) -> Result<Answer, ServiceError> {
    let prompt = conversation.prompt();
    let max_tokens = conversation.inference.max_tokens;
    match &shared.answers {
        Answers::Deterministic => Ok(answers::deterministic(model, prompt, max_tokens)),
        Answers::Recorded { recordings, missing } => {
            answers::recorded(recordings, *missing, (model, prompt), call.take_turn(), max_tokens)
        }
        Answers::Forwarded(forwarding) => forwarding.answer(model, conversation).await,
    }
}
