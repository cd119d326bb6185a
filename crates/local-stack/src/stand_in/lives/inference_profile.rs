//! GetInferenceProfile: which foundation models stand behind an inference profile, by its id or ARN.
//!
//! Profiles of the service are made from their ids, with the model in three Regions; those of an account, or others than
//! these, are told by the behaviour.

use serde_json::{Value, json};

use super::{REGION, denied, model_arn, model_of_profile, unknown};
use crate::stand_in::errors::ServiceError;
use crate::stand_in::exchange::{CallContext, Operation};

/// Where the model behind a profile of the service is asked.
const REGIONS: [&str; 3] = [REGION, "us-east-2", "us-west-2"];

/// A request to describe an inference profile; its identifier is the call's subject.
#[derive(Debug, Default)]
pub(crate) struct GetInferenceProfile;

impl Operation for GetInferenceProfile {
    const NAME: &'static str = "GetInferenceProfile";
    const IS_CONTROL: bool = true;

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        let subject = call.subject;
        let id = subject.rsplit_once('/').map_or(subject, |(_, id)| id);
        let plan = call.shared.plan();
        let behaviour = plan.behaviour();
        let told = |name: &str| behaviour.lives.get(name);
        let life = told(subject).or_else(|| told(id)).cloned().unwrap_or_default();
        if life.denied {
            return Err(denied(Self::NAME, subject));
        }
        let models: Option<Vec<String>> = match behaviour.profiles.get(subject).or_else(|| behaviour.profiles.get(id)) {
            Some(models) => Some(models.iter().map(|model| model_arn(REGION, model)).collect()),
            None => model_of_profile(id).map(|model| REGIONS.map(|region| model_arn(region, model)).to_vec()),
        };
        let Some(models) = models.filter(|_| !life.missing) else {
            return Err(unknown(subject));
        };
        let is_application = model_of_profile(id).is_none();
        let (kind, resource) = if is_application {
            ("APPLICATION", "application-inference-profile")
        } else {
            ("SYSTEM_DEFINED", "inference-profile")
        };
        Ok(json!({
            "inferenceProfileName": "A profile of the stand-in",
            "inferenceProfileArn": format!("arn:aws:bedrock:{REGION}:000000000000:{resource}/{id}"),
            "inferenceProfileId": id,
            "models": models.into_iter().map(|arn| json!({"modelArn": arn})).collect::<Vec<_>>(),
            "status": "ACTIVE",
            "type": kind,
        }))
    }
}
