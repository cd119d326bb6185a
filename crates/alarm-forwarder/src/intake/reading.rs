//! What a message is, and which module reads it.
//!
//! A message may hold another one, so `envelope.rs` calls this file and is called by it.

use super::message::Message;
use super::{alarm, budget, chat, email, envelope, health, json, notice, other};
use crate::alert::{Alert, Origin, Tone};
use serde_json::Value;

/// How deep in envelopes a message stands. What is wrapped more often than anybody wraps is shown as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Depth(u8);

impl Depth {
    const MOST: u8 = 4;

    fn deeper(self) -> Option<Self> {
        (self.0 < Self::MOST).then_some(Self(self.0 + 1))
    }

    /// A depth below which nothing is unwrapped any more.
    pub(super) fn deepest(self) -> Self {
        Self(Self::MOST)
    }
}

impl Message {
    /// What the text of a message tells.
    pub(super) fn read_text(self, text: &str, depth: Depth) -> Vec<Alert> {
        match json::parse(text) {
            Some(value) => self.read_value(&value, depth),
            None if budget::is_budget(self.subject.as_deref(), text) => vec![self.finished(budget::read(&self, text))],
            None => vec![self.finished(other::text(&self, text))],
        }
    }

    /// What a message that is JSON tells.
    pub(super) fn read_value(self, value: &Value, depth: Depth) -> Vec<Alert> {
        if let Some(depth) = depth.deeper() {
            if envelope::is_notification(value) {
                return envelope::notified(value, self, depth);
            }
            // A whole event in a queue: records of a function, and what Lambda sends to an on-failure destination.
            if let Some(payload) = json::pick(value, "requestPayload").filter(|_| value.get("requestContext").is_some())
            {
                return self.read_value(payload, depth);
            }
            if let Some(Value::Array(list)) = value.get("Records").filter(|_| is_forwarded(value)) {
                let id = |index: usize| format!("{}/record/{index}", self.id);
                let records = list.iter().enumerate().map(|(index, record)| envelope::record(record, id(index)));
                return records.flat_map(|record| record.alerts).collect();
            }
        }
        let alert = if alarm::is_topic_alarm(value) {
            Some(alarm::from_topic(&self, value))
        } else if value.get("alarmData").is_some_and(Value::is_object) {
            Some(alarm::from_action(&self, value))
        } else if let (Some(kind), Some(detail)) = (json::text(value, "detail-type"), value.get("detail")) {
            self.event(value, &kind, detail)
        } else if notice::is_notice(value) {
            Some(notice::read(&self, value))
        } else if chat::is_custom(value) {
            Some(chat::read(&self, value))
        } else if let Some(kind) = email::kind(value) {
            Some(email::read(&self, value, &kind))
        } else {
            Some(other::json(&self, value))
        };
        alert.map(|alert| self.finished(alert)).into_iter().collect()
    }

    /// What an event of the event bus tells.
    fn event(&self, event: &Value, kind: &str, detail: &Value) -> Option<Alert> {
        let source = json::text(event, "source");
        if let Some(kind) = email::kind(detail).filter(|_| source.as_deref() == Some("aws.ses")) {
            return Some(email::from_event(self, event, detail, &kind));
        }
        match (source.as_deref(), kind) {
            // Somebody edited an alarm. That is no change of a state.
            (Some("aws.cloudwatch"), "CloudWatch Alarm Configuration Change") => None,
            (Some("aws.cloudwatch"), _) if json::path(detail, &["state", "value"]).is_some() => {
                Some(alarm::from_event(self, event, detail))
            }
            (Some("aws.health"), _) => Some(health::read(self, event, detail)),
            _ => Some(other::event(self, event, kind, detail)),
        }
    }

    /// That a subscription of the queue waits to be confirmed or was ended, without the token that confirms it.
    pub(super) fn confirmation(self, is_end: bool) -> Vec<Alert> {
        let topic = self.source_arn.clone().unwrap_or_else(|| "a topic".to_owned());
        let (title, what) = match is_end {
            true => ("A subscription to a topic was ended", "brings nothing any more"),
            false => ("A subscription to a topic waits to be confirmed", "brings nothing before that"),
        };
        let description = format!("The subscription to {topic} {what}. Look at it in the console of SNS.");
        let alert =
            Alert { description: Some(description), tone: Tone::Warning, ..self.alert(Origin::Text, title.to_owned()) };
        vec![self.finished(alert)]
    }
}

/// Whether `value` is an event of a function as a whole: its records say what brought them.
fn is_forwarded(value: &Value) -> bool {
    let records = json::list(value, "Records");
    let known = |record: &Value| matches!(json::text(record, "eventSource").as_deref(), Some("aws:sns" | "aws:sqs"));
    !records.is_empty() && records.iter().all(known)
}
