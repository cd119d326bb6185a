//! The account's one setting for invocation logging: GetModelInvocationLoggingConfiguration and its Put.
//!
//! Nothing is logged; the setting is kept and shown.

use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::ServiceError;
use super::exchange::{CallContext, Operation};

/// A request to show the setting.
#[derive(Debug, Default)]
pub(crate) struct GetInvocationLogging;

impl Operation for GetInvocationLogging {
    const NAME: &'static str = "GetModelInvocationLoggingConfiguration";
    const IS_CONTROL: bool = true;

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        // Where logging was never turned on, the member is not there.
        let setting = call.shared.invocation_logging();
        Ok(setting.map_or_else(|| json!({}), |setting| json!({"loggingConfig": setting})))
    }
}

/// A request to replace the setting.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PutInvocationLogging {
    logging_config: Value,
}

impl Operation for PutInvocationLogging {
    const NAME: &'static str = "PutModelInvocationLoggingConfiguration";
    const IS_CONTROL: bool = true;

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(body)
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        call.shared.set_invocation_logging(Some(self.logging_config.clone()));
        Ok(json!({}))
    }
}
