//! Why Slack has not taken a message, by what can be done about it. No error holds an address or a token.

use super::Call;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use std::time::Duration;

/// Slack has not taken a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackError {
    /// It asks for more patience than there is time.
    #[error("Slack asks to wait for {} s, and this invocation ends before; the next delivery tries again", .0.as_secs())]
    RateLimited(Duration),
    /// It could not be reached, or was not well, however often it was asked.
    #[error(
        "Slack could not be reached or was not well ({reason}), asked {attempts} times; the next delivery tries again"
    )]
    Unavailable {
        /// What came at last.
        reason: String,
        /// How often it was asked.
        attempts: u32,
    },
    /// It does not know the webhook, the token or the channel any more.
    #[error("Slack does not take what the secret says: {what} ({said}); {remedy}")]
    Dead {
        /// What of the secret it does not take.
        what: String,
        /// Slack's word for it.
        said: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// It does not take the message, not as plain text either.
    #[error("Slack refuses the message to {what} ({said}){}", .remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default())]
    Refused {
        /// Where it was to go.
        what: String,
        /// Slack's word for it.
        said: String,
        /// What to do about it, where that is known.
        remedy: Option<&'static str>,
    },
    /// There is no time left to ask.
    #[error("no time was left to ask Slack; the next delivery tries again")]
    OutOfTime,
    /// The HTTP client cannot be made.
    #[error("no connection to Slack can be made: {0}")]
    Client(String),
}

const NEW_WEBHOOK: &str = "make a new webhook, and put its address there";

impl SlackError {
    /// What `call` needs of the secret is not taken any more.
    pub(super) fn dead(call: Call<'_>, said: String) -> Self {
        let (what, remedy) = explained(call, &said);
        let general = if call.token().is_none() { NEW_WEBHOOK } else { "mend it there" };
        Self::Dead { what, remedy: remedy.unwrap_or(general), said }
    }

    /// `call` is not taken.
    pub(super) fn refused(call: Call<'_>, said: impl Into<String>) -> Self {
        let said = said.into();
        let (what, remedy) = explained(call, &said);
        Self::Refused { what, said, remedy }
    }

    /// Whether Slack said no, rather than not now.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Dead { .. } | Self::Refused { .. })
    }
}

impl Classified for SlackError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::RateLimited(_) => ErrorKind::Transient.named("SlackRateLimited"),
            Self::Unavailable { .. } | Self::Client(_) => ErrorKind::Transient.named("SlackUnavailable"),
            Self::Dead { .. } => ErrorKind::User.named("SlackDestinationDead"),
            Self::Refused { .. } => ErrorKind::User.named("SlackRefused"),
            Self::OutOfTime => ErrorKind::Interrupted.named("OutOfTime"),
        }
    }
}

/// What of the secret an answer is about, and what to do.
fn explained(call: Call<'_>, said: &str) -> (String, Option<&'static str>) {
    let destination = call.destination();
    // A webhook's answer has its status before the word.
    let word = said.rsplit(' ').next().unwrap_or_default();
    if call.token().is_none() {
        let remedy = match word {
            "channel_is_archived" => Some("unarchive its channel, or make a new webhook and put its address there"),
            "invalid_token" | "no_service" | "no_active_hooks" | "no_team" => Some(NEW_WEBHOOK),
            _ => None,
        };
        return (destination, remedy);
    }
    let remedy = match word {
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => {
            "install the app again, and put the bot's new token there"
        }
        "missing_scope" => {
            "give the bot the scope chat:write (and chat:write.public, or invite it), install the app again, and put its \
             token there"
        }
        "channel_not_found" | "not_in_channel" => {
            return (destination, Some("invite the bot, or mend the channel's name"));
        }
        "is_archived" => return (destination, Some("unarchive it, or name another channel")),
        _ => return (destination, None),
    };
    (format!("the `token`, for {destination}"), Some(remedy))
}
