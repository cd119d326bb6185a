//! The life of models: the part of Bedrock's control plane that tells of foundation models and inference profiles.
//!
//! What is told comes from the behaviour; the default is an active model whose end nobody has announced.

mod behaviour;
mod foundation_model;
mod inference_profile;

pub use behaviour::{LifeStatus, ModelLife};

pub(crate) use foundation_model::GetFoundationModel;
pub(crate) use inference_profile::GetInferenceProfile;

use super::errors::{ErrorKind, ServiceError};

/// The Region of every ARN that is told first.
const REGION: &str = "us-east-1";
/// Beginnings of inference profile ids, before the dot.
const GEOGRAPHIES: [&str; 7] = ["us", "eu", "apac", "jp", "au", "us-gov", "global"];

/// The model id in the id of a profile of the service; none for what is no such id.
fn model_of_profile(id: &str) -> Option<&str> {
    id.split_once('.').filter(|(geography, _)| GEOGRAPHIES.contains(geography)).map(|(_, model)| model)
}

fn model_arn(region: &str, id: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{id}")
}

fn unknown(id: &str) -> ServiceError {
    ServiceError::new(ErrorKind::ResourceNotFound, format!("Could not resolve the foundation model from {id}"))
}

fn denied(action: &str, id: &str) -> ServiceError {
    let message = format!("User is not authorized to perform: bedrock:{action} on resource: {id}");
    ServiceError::new(ErrorKind::AccessDenied, message)
}
