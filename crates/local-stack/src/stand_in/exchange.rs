//! One call from a request's body to its answer, whatever the operation.
//!
//! Every decision is taken by a neighbour (rules, checks, answers, ledger); this file is their order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::Value;

use super::behaviour::Fault;
use super::calls::{Outcome, ViolatingRequest};
use super::errors::{ErrorKind, ServiceError};
use super::faults::Meeting;
use super::ledger::{Arrival, OpenCall};
use super::service_model::Violation;
use super::shared::Shared;
use super::timer::until;
use crate::loopback::ResetHandle;

/// An operation: how its requests are read and how it answers.
pub(crate) trait Operation: Default {
    /// The name AWS gives it.
    const NAME: &'static str;

    /// The status of an answer.
    const STATUS: StatusCode = StatusCode::OK;

    /// Whether it belongs to the control plane: then no model or guardrail works for an answer, and nothing is billed.
    const IS_CONTROL: bool = false;

    /// Reads a request's body; of most requests of the control plane, all is in the address.
    fn read(_body: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self::default())
    }

    /// What answers and faults are chosen by; nothing where no model is asked.
    fn prompt(&self) -> &str {
        ""
    }

    /// Marks of the request that stand in its body.
    fn metadata(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// What breaks the service's own model.
    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.violations(Self::NAME, Self::IS_CONTROL, labels, body)
    }

    /// Rules that the service enforces and its model does not express.
    fn unwritten_violations(_subject: &str, _body: &Value) -> Vec<Violation> {
        Vec::new()
    }

    /// The answer as the service writes it.
    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError>;

    /// Adds how long the call took, where the service reports that.
    fn add_latency(_answer: &mut Value, _took: Duration) {}
}

/// What an operation may need for its answer beside the request.
#[derive(Clone, Copy)]
pub(crate) struct CallContext<'a> {
    /// The state of the stand-in.
    pub(crate) shared: &'a Arc<Shared>,
    /// The call in the ledger.
    pub(crate) open: &'a OpenCall,
    /// The model or guardrail that is called; of an operation without one, what its address names.
    pub(crate) subject: &'a str,
    /// The fault that the call meets.
    pub(crate) fault: Option<&'a Fault>,
}

/// What stands in the address and the headers of a request.
#[derive(Debug)]
pub(crate) struct Address<'a> {
    /// The model or guardrail that is called; of an operation without one, its own name.
    pub(crate) subject: &'a str,
    /// The decoded parts of the address by member name.
    pub(crate) labels: &'a [(&'a str, &'a str)],
    /// Marks of the request that stand in a header.
    pub(crate) metadata: BTreeMap<String, String>,
    /// What is asked, where the operation has no body.
    pub(crate) asked: Option<Value>,
}

impl<'a> Address<'a> {
    /// An address whose request is in its body.
    pub(crate) fn new(subject: &'a str, labels: &'a [(&'a str, &'a str)]) -> Self {
        Self { subject, labels, metadata: BTreeMap::new(), asked: None }
    }
}

/// Answers one call and writes it down.
pub(crate) async fn exchange<O: Operation>(
    shared: &Arc<Shared>,
    address: Address<'_>,
    body: Bytes,
    reset: &ResetHandle,
) -> Response<Body> {
    let at = Instant::now();
    let subject = address.subject;
    let parsed: Result<Value, _> = address.asked.map_or_else(|| serde_json::from_slice(&body), Ok);
    let read = parsed.as_ref().map(O::read);
    let nothing = O::default();
    let request = match &read {
        Ok(Ok(request)) => request,
        _ => &nothing,
    };
    let mut metadata = address.metadata;
    metadata.extend(request.metadata());
    let call = shared.ledger.open(Arrival {
        operation: O::NAME,
        model: subject,
        prompt: request.prompt(),
        metadata,
        body,
        billed: !O::IS_CONTROL,
        at,
    });
    let unreadable = match (&parsed, &read) {
        (Err(error), _) | (_, Ok(Err(error))) => Some(error.to_string()),
        _ => None,
    };
    let refused = match &parsed {
        Ok(request) => violation::<O>(shared, subject, address.labels, request),
        Err(_) => None,
    };
    let is_model = address.labels.iter().any(|(name, _)| *name == "modelId");
    let unknown = || (is_model && !shared.plan().knows(subject)).then_some(Fault::NotFound);
    // The service model says more about a wrong type than the parser does.
    let refused = refused
        .or_else(|| unreadable.map(|reason| ServiceError::new(ErrorKind::Serialization, reason)))
        .or_else(|| ServiceError::of_fault(&unknown()?, subject));
    if let Some(error) = refused {
        return refuse(call, error, subject);
    }
    respond(shared, call, (subject, request), reset, at).await
}

/// Answers a call that is well formed.
async fn respond<O: Operation>(
    shared: &Arc<Shared>,
    call: OpenCall,
    (subject, request): (&str, &O),
    reset: &ResetHandle,
    at: Instant,
) -> Response<Body> {
    let (fault, latency, replaced) = {
        let mut plan = shared.plan();
        let fault = plan.meet(Meeting {
            operation: O::NAME,
            model: subject,
            prompt: request.prompt(),
            fingerprint: call.fingerprint(),
            earlier_calls: call.earlier_calls,
        });
        (fault, plan.behaviour().latency_ms.map(Duration::from_millis), plan.replaced())
    };
    let ready = at + latency.unwrap_or(shared.latency);

    if let Some(error) = fault.as_ref().and_then(|fault| ServiceError::of_fault(fault, subject)) {
        if !error.kind.is_refusal() {
            until(ready).await;
        }
        return refuse(call, error, subject);
    }
    match &fault {
        Some(Fault::ConnectionReset) => {
            until(ready).await;
            reset.reset();
            call.end(Outcome::Reset);
            return Response::new(Body::empty());
        }
        Some(Fault::Hang { for_ms: Some(for_ms) }) => until(at + Duration::from_millis(*for_ms)).await,
        Some(Fault::Hang { for_ms: None }) => std::future::pending().await,
        Some(Fault::Hold) => replaced.await,
        _ => {}
    }
    let context = CallContext { shared, open: &call, subject, fault: fault.as_ref() };
    let mut answer = match request.answer(context).await {
        Ok(answer) => answer,
        Err(error) => return refuse(call, error, subject),
    };
    until(ready).await;
    O::add_latency(&mut answer, at.elapsed());
    let mut text = answer.to_string();
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
    json_response(O::STATUS, text)
}

/// A response whose body is the JSON `text`.
pub(crate) fn json_response(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn refuse(call: OpenCall, error: ServiceError, subject: &str) -> Response<Body> {
    call.end(Outcome::Error(error.kind));
    error.into_response(Some(subject))
}

/// Everything that is wrong with a request, as the service would say it, and noted.
fn violation<O: Operation>(
    shared: &Shared,
    subject: &str,
    labels: &[(&str, &str)],
    request: &Value,
) -> Option<ServiceError> {
    let mut violations = O::model_violations(shared, labels, request);
    violations.extend(O::unwritten_violations(subject, request));
    if violations.is_empty() {
        return None;
    }
    let named: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let plural = if named.len() == 1 { "error" } else { "errors" };
    let message = format!("{} validation {plural} detected: {}", named.len(), named.join("; "));
    shared.ledger.violating(ViolatingRequest { operation: O::NAME, model: subject.into(), violations });
    Some(ServiceError::new(ErrorKind::Validation, message))
}
