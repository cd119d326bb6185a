//! The Converse operation: what is said to a conversation, in words or through a tool.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::Answer;
use super::answers::{self, Answers};
use super::behaviour::Fault;
use super::conversation::{Conversation, unwritten_violations};
use super::errors::ServiceError;
use super::exchange::{CallContext, Operation};
use super::service_model::Violation;
use super::{reply, tool_use};

impl Operation for Conversation {
    const NAME: &'static str = "Converse";

    fn read(body: &Value) -> Result<Self, serde_json::Error> {
        Self::read(body)
    }

    fn prompt(&self) -> &str {
        self.prompt()
    }

    fn metadata(&self) -> BTreeMap<String, String> {
        self.metadata.clone()
    }

    fn unwritten_violations(subject: &str, body: &Value) -> Vec<Violation> {
        unwritten_violations(subject, body)
    }

    async fn answer(&self, call: CallContext<'_>) -> Result<Value, ServiceError> {
        Ok(reply::body(self, self.said(&call).await?, call.fault))
    }

    fn add_latency(response: &mut Value, took: Duration) {
        response["metrics"] = json!({"latencyMs": u64::try_from(took.as_millis()).unwrap_or(u64::MAX)});
    }
}

impl Conversation {
    /// What the model says.
    async fn said(&self, call: &CallContext<'_>) -> Result<Answer, ServiceError> {
        let (subject, prompt) = (call.subject, self.prompt());
        let max_tokens = self.inference.max_tokens;
        if let Some(tool) = &self.forced_tool {
            let input = match call.fault {
                Some(Fault::ToolInput(input)) => input.clone(),
                _ => tool_use::deterministic_input(subject, prompt, &tool.schema),
            };
            return Ok(Answer::through_tool(&tool.name, input));
        }
        match &*call.shared.answers() {
            Answers::Deterministic => Ok(answers::deterministic(subject, prompt, max_tokens)),
            Answers::Recorded { recordings, missing } => {
                answers::recorded(recordings, *missing, (subject, prompt), call.open.take_turn(), max_tokens)
            }
            Answers::Forwarded(forwarding) => forwarding.answer(subject, self).await,
        }
    }
}
