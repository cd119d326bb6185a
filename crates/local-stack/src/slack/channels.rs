//! What stands in the channels.

use serde::Serialize;
use serde_json::Value;

/// A message that stands in a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// The channel's id; of a webhook its path, since nobody is told the channel behind it.
    pub channel: String,
    /// How the sender named the channel.
    pub named: String,
    /// The message's time stamp, which names it within its channel.
    pub ts: String,
    /// The message that it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_ts: Option<String>,
    /// What it says now.
    pub payload: Value,
    /// What it said before it was edited, oldest first.
    pub earlier: Vec<Value>,
}

impl Message {
    /// Whether it stands in this channel, by id or name.
    pub(super) fn is_in(&self, channel: &str) -> bool {
        self.channel == channel || self.channel == id_of(channel)
    }
}

/// All messages, in the order of their posting.
#[derive(Debug, Default)]
pub(super) struct Channels {
    messages: Vec<Message>,
}

impl Channels {
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Puts a message, and answers its time stamp.
    pub(super) fn post(&mut self, channel: String, named: String, payload: Value) -> String {
        // Slack's time stamps are seconds and six digits that make them unique within the channel.
        let ts = format!("1795000000.{:06}", self.messages.len() + 1);
        let thread_ts = payload["thread_ts"].as_str().map(str::to_owned);
        self.messages.push(Message { channel, named, ts: ts.clone(), thread_ts, payload, earlier: Vec::new() });
        ts
    }

    /// Whether there is such a message.
    pub(super) fn has(&self, channel: &str, ts: &str) -> bool {
        self.messages.iter().any(|message| message.channel == channel && message.ts == ts)
    }

    /// Edits a message; answers whether there is one. Blocks and attachments stay where the edit does not name them; an empty list
    /// takes them away.
    pub(super) fn edit(&mut self, channel: &str, ts: &str, mut payload: Value) -> bool {
        let found = self.messages.iter_mut().find(|message| message.channel == channel && message.ts == ts);
        let Some(message) = found else { return false };
        for parts in ["blocks", "attachments"] {
            if payload.get(parts).is_none()
                && let Some(kept) = message.payload.get(parts)
            {
                payload[parts] = kept.clone();
            }
        }
        let earlier = std::mem::replace(&mut message.payload, payload);
        message.earlier.push(earlier);
        true
    }
}

/// The id of a channel: itself where it is one already, else one that is made of the name.
pub(super) fn id_of(channel: &str) -> String {
    let is_id = channel.len() >= 9
        && channel.starts_with(['C', 'G'])
        && channel.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if is_id {
        return channel.to_owned();
    }
    let name = channel.trim_start_matches('#');
    let number = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    format!("C{number:010}")
}
