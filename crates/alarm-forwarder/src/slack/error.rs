//! Why Slack has not taken a message, by what can be done about it. No error holds an address or a token.

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
    #[error(
        "Slack does not take what the secret says ({0}); make a new webhook or mend the channel, and put it into the secret"
    )]
    Dead(String),
    /// It does not take the message, not as plain text either.
    #[error("Slack refuses the message ({0})")]
    Refused(String),
    /// There is no time left to ask.
    #[error("no time was left to ask Slack; the next delivery tries again")]
    OutOfTime,
    /// The HTTP client cannot be made.
    #[error("no connection to Slack can be made: {0}")]
    Client(String),
}

impl SlackError {
    /// Whether Slack said no, rather than not now.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Dead(_) | Self::Refused(_))
    }

    /// The stable name of the kind of error.
    pub fn class(&self) -> &'static str {
        match self {
            Self::RateLimited(_) => "SlackRateLimited",
            Self::Unavailable { .. } | Self::Client(_) => "SlackUnavailable",
            Self::Dead(_) => "SlackDestinationDead",
            Self::Refused(_) => "SlackRefused",
            Self::OutOfTime => "OutOfTime",
        }
    }
}
