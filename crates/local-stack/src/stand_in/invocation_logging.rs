//! The account's one setting for invocation logging: GetModelInvocationLoggingConfiguration and its Put.
//!
//! Nothing is logged; the setting is kept and shown.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::behaviour::Fault;
use super::errors::ServiceError;
use super::exchange::Operation;
use super::ledger::OpenCall;
use super::service_model::Violation;
use super::shared::Shared;

/// A request to show the setting.
#[derive(Debug, Default)]
pub(crate) struct GetInvocationLogging;

impl Operation for GetInvocationLogging {
    const NAME: &'static str = "GetModelInvocationLoggingConfiguration";
    const BILLED: bool = false;

    type Answer = Option<Value>;

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
        _subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<Option<Value>, ServiceError> {
        Ok(shared.invocation_logging())
    }

    fn body(&self, answer: Option<Value>, _fault: Option<&Fault>, _took: Duration) -> Value {
        // Where logging was never turned on, the member is not there.
        answer.map_or_else(|| json!({}), |setting| json!({"loggingConfig": setting}))
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
    const BILLED: bool = false;

    type Answer = ();

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(body)
    }

    fn model_violations(shared: &Shared, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        shared.control_violations(Self::NAME, labels, body)
    }

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        _call: &OpenCall,
        _subject: &str,
        _fault: Option<&Fault>,
    ) -> Result<(), ServiceError> {
        shared.set_invocation_logging(Some(self.logging_config.clone()));
        Ok(())
    }

    fn body(&self, (): (), _fault: Option<&Fault>, _took: Duration) -> Value {
        json!({})
    }
}
