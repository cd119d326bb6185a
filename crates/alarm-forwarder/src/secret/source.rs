//! The adapter to the two services that keep secrets.

use super::{SecretError, SecretName};
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;
use secrecy::SecretString;
use std::time::Duration;
use tokio::time::Instant;

/// How long a service may take, with its client's own retries.
const LONGEST: Duration = Duration::from_secs(10);

/// The client of the service that keeps the secret.
pub(super) enum Source {
    SecretsManager(aws_sdk_secretsmanager::Client),
    ParameterStore(aws_sdk_ssm::Client),
}

impl Source {
    pub(super) fn new(name: &SecretName, config: &SdkConfig) -> Self {
        match name {
            SecretName::Secret(_) => Self::SecretsManager(aws_sdk_secretsmanager::Client::new(config)),
            SecretName::Parameter(_) => Self::ParameterStore(aws_sdk_ssm::Client::new(config)),
        }
    }

    /// Asks for the text of the secret, for no longer than `until`.
    pub(super) async fn read(&self, name: &SecretName, until: Instant) -> Result<SecretString, SecretError> {
        let asked = async {
            match self {
                Self::SecretsManager(client) => secret(client, name).await,
                Self::ParameterStore(client) => parameter(client, name).await,
            }
        };
        let late = |_| SecretError::unavailable(name, "no answer in time");
        tokio::time::timeout_at(until.min(Instant::now() + LONGEST), asked).await.map_err(late)?
    }
}

async fn secret(client: &aws_sdk_secretsmanager::Client, name: &SecretName) -> Result<SecretString, SecretError> {
    let asked = client.get_secret_value().secret_id(name.name()).send().await;
    let found = asked.map_err(|error| SecretError::of_code(name, error.code()))?;
    match found.secret_string {
        Some(text) => Ok(text.into()),
        None => Err(SecretError::unusable(name, vec!["it is binary; store it as text".to_owned()])),
    }
}

async fn parameter(client: &aws_sdk_ssm::Client, name: &SecretName) -> Result<SecretString, SecretError> {
    let asked = client.get_parameter().name(name.name()).with_decryption(true).send().await;
    let found = asked.map_err(|error| SecretError::of_code(name, error.code()))?;
    let text = found.parameter.and_then(|parameter| parameter.value).unwrap_or_default();
    Ok(text.into())
}
