//! GetFoundationModel: what is known of one foundation model, by its id or ARN.
//!
//! The id of an inference profile has a form that the service's own model lets through; it is no foundation model all the
//! same, and refused.

use serde_json::{Value, json};

use super::{REGION, denied, model_arn, model_of_profile, unknown};
use crate::stand_in::errors::{ErrorKind, ServiceError};
use crate::stand_in::exchange::{CallContext, Operation};

/// A request to describe a foundation model; its identifier is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct GetFoundationModel;

impl Operation for GetFoundationModel {
    const NAME: &'static str = "GetFoundationModel";
    const IS_CONTROL: bool = true;

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let id = call.subject.rsplit_once("foundation-model/").map_or(call.subject, |(_, id)| id);
        if model_of_profile(id).is_some() {
            return Err(ServiceError::new(ErrorKind::Validation, "The provided model identifier is invalid."));
        }
        let plan = call.shared.plan();
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
}
