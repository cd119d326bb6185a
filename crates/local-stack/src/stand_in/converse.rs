//! The Converse operation: what is said to a conversation, in words or through a tool.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::answers::{self, Answers};
use super::behaviour::Fault;
use super::conversation::{Conversation, unwritten_violations};
use super::errors::ServiceError;
use super::exchange::Operation;
use super::ledger::OpenCall;
use super::reply;
use super::service_model::Violation;
use super::shared::Shared;
use super::tool_use;

impl Operation for Conversation {
    const NAME: &'static str = "Converse";

    type Answer = Answer;

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

    async fn answer(
        &self,
        shared: &Arc<Shared>,
        call: &OpenCall,
        subject: &str,
        fault: Option<&Fault>,
    ) -> Result<Answer, ServiceError> {
        let prompt = self.prompt();
        let max_tokens = self.inference.max_tokens;
        if let Some(tool) = &self.forced_tool {
            let input = match fault {
                Some(Fault::ToolInput(input)) => input.clone(),
                _ => tool_use::deterministic_input(subject, prompt, &tool.schema),
            };
            return Ok(Answer::through_tool(&tool.name, input));
        }
        match &*shared.answers() {
            Answers::Deterministic => Ok(answers::deterministic(subject, prompt, max_tokens)),
            Answers::Recorded { recordings, missing } => {
                answers::recorded(recordings, *missing, (subject, prompt), call.take_turn(), max_tokens)
            }
            Answers::Forwarded(forwarding) => forwarding.answer(subject, self).await,
        }
    }

    fn body(&self, answer: Answer, fault: Option<&Fault>, took: Duration) -> Value {
        reply::body(self, answer, fault, took)
    }
}
