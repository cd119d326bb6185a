//! GetFoundationModel: what is known of one foundation model, by its id or ARN.
//!
//! The id of an inference profile has a form that the service's own model lets through; it is no foundation model all the
//! same, and refused.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{REGION, denied, model_arn, model_of_profile, unknown};
use crate::stand_in::behaviour::Fault;
use crate::stand_in::errors::{ErrorKind, ServiceError};
use crate::stand_in::exchange::Operation;
use crate::stand_in::ledger::OpenCall;
use crate::stand_in::service_model::Violation;
use crate::stand_in::shared::Shared;

/// A request to describe a foundation model; its identifier is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct GetFoundationModel;

impl Operation for GetFoundationModel {
    const NAME: &'static str = "GetFoundationModel";
    const BILLED: bool = false;

    type Answer = Value;

    fn read(_body: &Value) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.control_violations(Self::NAME, labels, body)
    }

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        _call: &OpenCall,
        subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<Value, ServiceError> {
        let id = subject.rsplit_once("foundation-model/").map_or(subject, |(_, id)| id);
        if model_of_profile(id).is_some() {
            return Err(ServiceError::new(ErrorKind::Validation, "The provided model identifier is invalid."));
        }
        let plan = shared.plan();
        let behaviour = plan.behaviour();
        let life = behaviour.lives.get(id).cloned().unwrap_or_default();
        let is_named =
            |known: &String| known == id || known.ends_with(&format!(".{id}")) || known.ends_with(&format!("/{id}"));
        let is_known = behaviour.known_models.as_ref().is_none_or(|known| known.iter().any(is_named));
        if life.denied {
            return Err(denied(Self::NAME, id));
        }
        if life.missing || !is_known {
            return Err(unknown(id));
        }
        let mut details = json!({"modelArn": model_arn(REGION, id), "modelId": id});
        if let Some(status) = life.status.text() {
            let mut lifecycle = json!({"status": status});
            for (name, at) in [
                ("startOfLifeTime", life.start_of_life),
                ("legacyTime", life.legacy),
                ("publicExtendedAccessTime", life.extended_access),
                ("endOfLifeTime", life.end_of_life),
            ] {
                if let Some(at) = at {
                    lifecycle[name] = json!(at.to_string());
                }
            }
            details["modelLifecycle"] = lifecycle;
        }
        Ok(json!({"modelDetails": details}))
    }

    fn body(&self, answer: Value, _fault: Option<&Fault>, _took: Duration) -> Value {
        answer
    }
}
