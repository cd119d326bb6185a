//! The addresses that the stand-in answers: one table for the operations of Bedrock, and the control
//! interface.
//!
//! What an operation does is in a file of its own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, Uri};
use axum::routing::get;
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::control;
use super::conversation::Conversation;
use super::count_tokens::count_tokens;
use super::embedding::Embedding;
use super::errors::{ErrorKind, ServiceError};
use super::exchange::{self, Address, Operation as _};
use super::guardrail::{Guardrail, GuardrailChecks};
use super::invocation_logging::{GetInvocationLogging, PutInvocationLogging};
use super::jobs::{CreateJob, DeleteJobs, GetJob, ListJobs, StopJob};
use super::lives::{GetFoundationModel, GetInferenceProfile};
use super::shared::Shared;
use crate::loopback::ResetHandle;

/// Bytes of the largest request; Converse may carry documents.
const LARGEST_REQUEST: usize = 32 << 20;

/// An operation of Bedrock with the parts of its address, decoded.
#[derive(Debug, PartialEq, Eq)]
enum Operation {
    Converse { model: String },
    CountTokens { model: String },
    InvokeModel { model: String },
    InvokeGuardrailChecks,
    ApplyGuardrail { id: String, version: String },
    CreateJob,
    GetJob { arn: String },
    ListJobs,
    StopJob { arn: String },
    DeleteJobs,
    GetFoundationModel { id: String },
    GetInferenceProfile { id: String },
    GetInvocationLogging,
    PutInvocationLogging,
}

impl Operation {
    /// The operation at an address. A model's ARN has slashes and colons of its own, encoded or not,
    /// so the address is taken apart from both ends and decoded afterwards.
    fn find(method: &Method, path: &str) -> Option<Self> {
        if method == Method::POST && path == "/guardrail-checks/invoke" {
            return Some(Self::InvokeGuardrailChecks);
        }
        let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let of_control_plane = match (method.as_str(), path) {
            ("POST", "/evaluation-jobs") => Some(Self::CreateJob),
            ("GET", "/evaluation-jobs") => Some(Self::ListJobs),
            ("POST", "/evaluation-jobs/batch-delete") => Some(Self::DeleteJobs),
            ("GET", "/logging/modelinvocations") => Some(Self::GetInvocationLogging),
            ("PUT", "/logging/modelinvocations") => Some(Self::PutInvocationLogging),
            ("GET", _) => {
                let named = |prefix: &str| path.strip_prefix(prefix).filter(|id| !id.is_empty()).and_then(decoded);
                let job = path.strip_prefix("/evaluation-jobs/").and_then(decoded).map(|arn| Self::GetJob { arn });
                job.or_else(|| named("/foundation-models/").map(|id| Self::GetFoundationModel { id }))
                    .or_else(|| named("/inference-profiles/").map(|id| Self::GetInferenceProfile { id }))
            }
            ("POST", _) => {
                let arn = path.strip_prefix("/evaluation-job/").and_then(|rest| rest.strip_suffix("/stop"));
                arn.and_then(decoded).map(|arn| Self::StopJob { arn })
            }
            _ => None,
        };
        if of_control_plane.is_some() {
            return of_control_plane;
        }
        let of_guardrail = path.strip_prefix("/guardrail/").and_then(|rest| rest.strip_suffix("/apply"));
        if let (&Method::POST, Some((id, version))) =
            (method, of_guardrail.and_then(|rest| rest.rsplit_once("/version/")))
        {
            return Some(Self::ApplyGuardrail { id: decoded(id)?, version: decoded(version)? });
        }
        let of_model = path.strip_prefix("/model/").and_then(|rest| rest.rsplit_once('/'));
        match (method.as_str(), of_model) {
            ("POST", Some((model, "converse"))) if !model.is_empty() => Some(Self::Converse { model: decoded(model)? }),
            ("POST", Some((model, "count-tokens"))) if !model.is_empty() => {
                Some(Self::CountTokens { model: decoded(model)? })
            }
            ("POST", Some((model, "invoke"))) if !model.is_empty() => {
                Some(Self::InvokeModel { model: decoded(model)? })
            }
            _ => None,
        }
    }
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/control/behaviour", get(control::show_behaviour).put(control::set_behaviour))
        .route("/control/calls", get(control::show_calls).delete(control::clear_calls))
        .route("/control/jobs", get(control::show_jobs))
        .fallback(bedrock)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(shared)
}

async fn bedrock(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(reset): ConnectInfo<ResetHandle>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let request_id = shared.next_request_id();
    let call = Incoming { shared, reset, body };
    let mut response = match Operation::find(&method, uri.path()) {
        Some(Operation::CountTokens { model }) => count_tokens(&call.shared, &model, &call.body),
        Some(Operation::Converse { model }) => {
            call.exchange::<Conversation>(Address::new(&model, &[("modelId", &model)])).await
        }
        Some(Operation::InvokeModel { model }) => {
            let marks = headers.get("x-amzn-bedrock-request-metadata").map(HeaderValue::as_bytes);
            let metadata = marks.and_then(|marks| serde_json::from_slice(marks).ok()).unwrap_or_default();
            let labels = [("modelId", model.as_str())];
            call.exchange::<Embedding>(Address { metadata, ..Address::new(&model, &labels) }).await
        }
        Some(Operation::InvokeGuardrailChecks) => call.in_body::<GuardrailChecks>().await,
        Some(Operation::ApplyGuardrail { id, version }) => {
            let labels = [("guardrailIdentifier", id.as_str()), ("guardrailVersion", version.as_str())];
            call.exchange::<Guardrail>(Address::new(&id, &labels)).await
        }
        Some(Operation::CreateJob) => {
            let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
            let name = asked["jobName"].as_str().unwrap_or_default();
            call.exchange::<CreateJob>(Address::new(name, &[])).await
        }
        Some(Operation::GetJob { arn }) => call.in_address::<GetJob>("jobIdentifier", &arn).await,
        Some(Operation::ListJobs) => call.in_query::<ListJobs>(&pairs(uri.query().unwrap_or_default())).await,
        Some(Operation::StopJob { arn }) => call.in_address::<StopJob>("jobIdentifier", &arn).await,
        Some(Operation::DeleteJobs) => call.in_body::<DeleteJobs>().await,
        Some(Operation::GetFoundationModel { id }) => {
            call.in_address::<GetFoundationModel>("modelIdentifier", &id).await
        }
        Some(Operation::GetInferenceProfile { id }) => {
            call.in_address::<GetInferenceProfile>("inferenceProfileIdentifier", &id).await
        }
        Some(Operation::GetInvocationLogging) => {
            let address = Address { asked: Some(json!({})), ..Address::new(GetInvocationLogging::NAME, &[]) };
            call.exchange::<GetInvocationLogging>(address).await
        }
        Some(Operation::PutInvocationLogging) => call.in_body::<PutInvocationLogging>().await,
        None => {
            let message = format!("the stand-in does not serve {method} {}", uri.path());
            ServiceError::new(ErrorKind::UnknownOperation, message).into_response(None)
        }
    };
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// A call before it is known whose it is.
struct Incoming {
    shared: Arc<Shared>,
    reset: ResetHandle,
    body: Bytes,
}

impl Incoming {
    async fn exchange<O: exchange::Operation>(self, address: Address<'_>) -> Response<Body> {
        exchange::exchange::<O>(&self.shared, address, self.body, &self.reset).await
    }

    /// Answers a call whose request is in its body.
    async fn in_body<O: exchange::Operation>(self) -> Response<Body> {
        self.exchange::<O>(Address::new(O::NAME, &[])).await
    }

    /// Answers a call whose request is the query of its address.
    async fn in_query<O: exchange::Operation>(self, query: &[(String, String)]) -> Response<Body> {
        // The model says of a number that it is no text, so the operation looks at this one itself.
        let labels = query.iter().filter(|(name, _)| name != "maxResults");
        let labels: Vec<(&str, &str)> = labels.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let asked = query.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        self.exchange::<O>(Address { asked: Some(Value::Object(asked)), ..Address::new(O::NAME, &labels) }).await
    }

    /// Answers a call whose address names one thing, as `label`, and that is all of it.
    async fn in_address<O: exchange::Operation>(self, label: &str, id: &str) -> Response<Body> {
        self.exchange::<O>(Address { asked: Some(json!({})), ..Address::new(id, &[(label, id)]) }).await
    }
}

/// The pairs of a query, decoded; what is not UTF-8 is left as it came.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map_or_else(|_| text.to_owned(), |text| text.into_owned())
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (decoded(k), decoded(v))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn model_ids_are_taken_out_of_any_address() {
        let model = |path: &str| match Operation::find(&Method::POST, path) {
            Some(Operation::Converse { model } | Operation::InvokeModel { model }) => Some(model),
            _ => None,
        };
        let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0";
        let encoded = arn.replace(':', "%3A").replace('/', "%2F");
        assert_eq!(model(&format!("/model/{encoded}/converse")).as_deref(), Some(arn));
        assert_eq!(model(&format!("/model/{arn}/converse")).as_deref(), Some(arn));
        assert_eq!(model("/model/amazon.nova-lite-v1%3a0/converse").unwrap(), "amazon.nova-lite-v1:0");
        assert_eq!(model("/model/amazon.titan-embed-text-v2%3A0/invoke").unwrap(), "amazon.titan-embed-text-v2:0");
        let guardrail = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc";
        let found = Operation::find(&Method::POST, &format!("/guardrail/{guardrail}/version/DRAFT/apply"));
        let (id, version) = (guardrail.to_owned(), "DRAFT".to_owned());
        assert_eq!(found, Some(Operation::ApplyGuardrail { id, version }));
        assert_eq!(model("/model//converse"), None);
        assert_eq!(model("/model/converse"), None);
        assert_eq!(model("/model/a/converse-stream"), None);
        assert_eq!(model("/model/%ff/converse"), None);
        let counted = Operation::CountTokens { model: "a".to_owned() };
        assert_eq!(Operation::find(&Method::POST, "/model/a/count-tokens"), Some(counted));
        assert_eq!(Operation::find(&Method::GET, "/model/a/converse"), None);
    }

    #[test]
    fn jobs_are_found_by_their_arn_encoded_or_not() {
        let arn = "arn:aws:bedrock:us-east-1:111122223333:evaluation-job/abcdefghijkl";
        for written in [arn.to_owned(), arn.replace(':', "%3A").replace('/', "%2F")] {
            let get = Operation::find(&Method::GET, &format!("/evaluation-jobs/{written}"));
            assert_eq!(get, Some(Operation::GetJob { arn: arn.to_owned() }));
            let stop = Operation::find(&Method::POST, &format!("/evaluation-job/{written}/stop"));
            assert_eq!(stop, Some(Operation::StopJob { arn: arn.to_owned() }));
        }
        assert_eq!(Operation::find(&Method::POST, "/evaluation-jobs"), Some(Operation::CreateJob));
        assert_eq!(Operation::find(&Method::GET, "/evaluation-jobs"), Some(Operation::ListJobs));
        assert_eq!(Operation::find(&Method::POST, "/evaluation-jobs/batch-delete"), Some(Operation::DeleteJobs));
        assert_eq!(Operation::find(&Method::POST, &format!("/evaluation-jobs/{arn}/stop")), None);
        let query = pairs("nameContains=a%2Bb&creationTimeAfter=2026-01-01T00%3A00%3A00Z&sortBy");
        assert_eq!(query[0], ("nameContains".to_owned(), "a+b".to_owned()));
        assert_eq!(query[1].1, "2026-01-01T00:00:00Z");
    }
}
