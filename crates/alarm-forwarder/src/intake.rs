//! From an event to records: leniently, from values, so that one strange message never hurts its neighbours.
//!
//! What cannot be understood is told as text. Nothing here fails.

mod alarm;
mod budget;
mod chat;
mod email;
mod envelope;
mod gist;
mod health;
mod json;
pub(crate) mod link;
mod measurement;
mod message;
mod muted;
mod notice;
pub(crate) mod origin;
mod other;
mod reading;
mod reason;
mod record;
mod tags;

pub use record::Record;

use message::Message;
use reading::Depth;
use serde_json::Value;

/// The records of `event`, in its order. `request_id` is the invocation's, which Lambda keeps when it tries an event again:
/// what has no id of its own is told apart by it.
///
/// An event is a list of records of a topic or a queue, an event of the event bus, the direct action of an alarm, or
/// anything else. A list of events is as many records.
pub fn records(event: &Value, request_id: &str) -> Vec<Record> {
    let (name, list) = match (event, json::pick(event, "Records")) {
        (Value::Array(list), _) => ("event", list),
        (_, Some(Value::Array(list))) => ("record", list),
        _ => {
            let message = Message { id: request_id.to_owned(), ..Message::default() };
            return vec![Record { message_id: None, alerts: message.read_value(event, Depth::default()) }];
        }
    };
    let one = |(index, record)| envelope::record(record, format!("{request_id}/{name}/{index}"));
    list.iter().enumerate().map(one).collect()
}
