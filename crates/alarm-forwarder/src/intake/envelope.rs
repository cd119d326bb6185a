//! What surrounds a message: the records of a topic and of a queue, and a topic's notification inside a queue's message.

use super::json;
use super::message::Message;
use super::reading::Depth;
use super::record::Record;
use crate::alert::Alert;
use serde_json::Value;

/// One record of a list; `id` tells it apart where it has no id of its own.
pub(super) fn record(record: &Value, id: String) -> Record {
    let source = json::text(record, "eventSource").unwrap_or_default();
    if let Some(notification) = json::pick(record, "Sns").filter(|inner| inner.is_object()) {
        let message = Message { id, ..Message::default() };
        return Record { message_id: None, alerts: notified(notification, message, Depth::default()) };
    }
    // The queue has to be told the id of what it should deliver again, whatever its body is.
    let message_id = (source == "aws:sqs").then(|| json::text(record, "messageId")).flatten();
    let Some(body) = json::pick(record, "body").filter(|_| source == "aws:sqs") else {
        let message = Message { id, ..Message::default() };
        return Record { message_id, alerts: message.read_value(record, Depth::default()) };
    };
    let message = Message {
        id: message_id.clone().unwrap_or(id),
        source_arn: json::text(record, "eventSourceARN"),
        sent: json::path(record, &["attributes", "SentTimestamp"]).and_then(json::as_number).and_then(milliseconds),
        attributes: attributes(record, "messageAttributes", "stringValue"),
        ..Message::default()
    };
    let alerts = match body {
        Value::String(text) => message.read_text(text, Depth::default()),
        other => message.read_value(other, Depth::default()),
    };
    Record { message_id, alerts }
}

/// What a topic's notification tells; what it does not say of itself is taken from `around`.
pub(super) fn notified(notification: &Value, around: Message, depth: Depth) -> Vec<Alert> {
    let message = Message {
        id: json::text(notification, "MessageId").unwrap_or(around.id),
        source_arn: json::text(notification, "TopicArn").or(around.source_arn),
        subject: json::text(notification, "Subject").or(around.subject),
        sent: json::time(notification, "Timestamp").or(around.sent),
        attributes: attributes(notification, "MessageAttributes", "value"),
    };
    match json::pick(notification, "Message") {
        // The text that comes with it asks to open an address that holds a token: that is nothing for a channel.
        _ if is_confirmation(notification) => message.confirmation(is_kind(notification, "UnsubscribeConfirmation")),
        Some(Value::String(text)) => message.read_text(text, depth),
        Some(other) => message.read_value(other, depth),
        None => message.read_value(notification, depth.deepest()),
    }
}

/// Whether `value` is a topic's notification, as it stands in a queue's message.
pub(super) fn is_notification(value: &Value) -> bool {
    json::text(value, "Type").is_some()
        && json::text(value, "TopicArn").is_some()
        && (value.get("Message").is_some_and(Value::is_string) || is_confirmation(value))
}

/// Whether `notification` is about the subscription itself, and no message.
fn is_confirmation(notification: &Value) -> bool {
    ["SubscriptionConfirmation", "UnsubscribeConfirmation"].iter().any(|kind| is_kind(notification, kind))
}

fn is_kind(notification: &Value, kind: &str) -> bool {
    json::text(notification, "Type").is_some_and(|found| found == kind)
}

/// The attributes of a message that are text, under `key`; the text of each under `inner`.
fn attributes(value: &Value, key: &str, inner: &str) -> Vec<(String, String)> {
    let object = json::object(value, key);
    let texts =
        object.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), json::text(value, inner)?)));
    texts.collect()
}

fn milliseconds(number: f64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(number as i64).ok()
}
