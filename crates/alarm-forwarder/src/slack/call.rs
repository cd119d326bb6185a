//! What Slack is asked for.

use super::address;
use crate::routes::{Channel, Webhook};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A message that stands in a channel, as the Web API names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The channel's id, which is not its name.
    pub channel: String,
    /// The message's time stamp.
    pub ts: String,
}

/// One thing to do.
#[derive(Clone, Copy)]
pub enum Call<'a> {
    /// Post to a webhook.
    Webhook(&'a Webhook),
    /// Post to a channel.
    Post(&'a Channel),
    /// Reply to a message.
    Reply(&'a Channel, &'a Posted),
    /// Reply to a message, and show that in the channel, too.
    ReplyToAll(&'a Channel, &'a Posted),
    /// Say something else in a message.
    Update(&'a Channel, &'a Posted),
}

impl Call<'_> {
    /// Where it is sent.
    ///
    /// # Errors
    /// When the address is none of Slack's, which nobody who made the destination allowed.
    pub(super) fn url(self) -> Result<Url, &'static str> {
        match self {
            // Checked once more: between reading the secret and here, nobody else is asked.
            Self::Webhook(webhook) => address::webhook(webhook.url.expose_secret()),
            Self::Post(_) | Self::Reply(..) | Self::ReplyToAll(..) => address::method("chat.postMessage"),
            Self::Update(..) => address::method("chat.update"),
        }
    }

    /// What is sent: the message, and where it belongs.
    pub(super) fn body(self, message: &Value) -> Value {
        let mut body = message.clone();
        match self {
            Self::Webhook(_) => {}
            Self::Post(channel) => body["channel"] = channel.name.as_str().into(),
            Self::Reply(_, parent) | Self::ReplyToAll(_, parent) => {
                body["channel"] = parent.channel.as_str().into();
                body["thread_ts"] = parent.ts.as_str().into();
                if matches!(self, Self::ReplyToAll(..)) {
                    body["reply_broadcast"] = true.into();
                }
            }
            Self::Update(_, posted) => {
                body["channel"] = posted.channel.as_str().into();
                body["ts"] = posted.ts.as_str().into();
                // What is not named is kept, and would stand beside the plain text.
                for parts in ["blocks", "attachments"] {
                    if body[parts].is_null() {
                        body[parts] = Value::Array(Vec::new());
                    }
                }
            }
        }
        body
    }

    /// Whether to do it twice is to do it once.
    pub(super) fn is_same_when_repeated(self) -> bool {
        matches!(self, Self::Update(..))
    }

    /// Where it goes, as people name it.
    pub(super) fn destination(self) -> String {
        match self {
            Self::Webhook(webhook) => webhook.to_string(),
            Self::Post(channel) | Self::Reply(channel, _) | Self::ReplyToAll(channel, _) | Self::Update(channel, _) => {
                channel.to_string()
            }
        }
    }

    /// The token that allows it; a webhook's is its address.
    pub(super) fn token(&self) -> Option<&SecretString> {
        match self {
            Self::Webhook(_) => None,
            Self::Post(channel) | Self::Reply(channel, _) | Self::ReplyToAll(channel, _) | Self::Update(channel, _) => {
                Some(&channel.token)
            }
        }
    }
}
