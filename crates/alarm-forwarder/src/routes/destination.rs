//! Where messages go. What lets somebody post there is never shown.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Where a message goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    /// An incoming webhook.
    Webhook(Webhook),
    /// A channel, by the Web API.
    Channel(Channel),
}

/// An incoming webhook. It posts to one channel, and says nothing of what it posted.
#[derive(Clone)]
pub struct Webhook {
    /// Its address, which is checked.
    pub(crate) url: SecretString,
    /// Where it stands in the secret, as `routes[1].webhook`; empty where it stands there alone.
    pub(crate) place: String,
}

/// A channel, with the token of a bot that may post there. Messages can be edited and replied to.
#[derive(Clone)]
pub struct Channel {
    /// Its name or id.
    pub(crate) name: String,
    /// The bot's token.
    pub(crate) token: SecretString,
}

impl Destination {
    /// What tells this destination from others, without telling what it is.
    pub fn id(&self) -> String {
        let text = match self {
            Self::Webhook(webhook) => format!("webhook {}", webhook.url.expose_secret()),
            // The token is left out: a new one for the same channel leads to the same place.
            Self::Channel(channel) => format!("channel {}", channel.name),
        };
        Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Webhook(webhook) => webhook.fmt(f),
            Self::Channel(channel) => channel.fmt(f),
        }
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str("the webhook"),
            place => write!(f, "the webhook `{place}`"),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the channel `{}`", self.name)
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

// Wherever it stands, it leads to the same place.
impl PartialEq for Webhook {
    fn eq(&self, other: &Self) -> bool {
        self.url.expose_secret() == other.url.expose_secret()
    }
}

impl Eq for Webhook {}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.token.expose_secret() == other.token.expose_secret()
    }
}

impl Eq for Channel {}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook")
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({:?})", self.name)
    }
}
