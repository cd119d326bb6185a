//! What the stand-in is told to do instead of taking a message.

use serde::{Deserialize, Serialize};

/// An answer that Slack gives, or a way in which it gives none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlackAnswer {
    /// The message is taken, as far as it keeps Slack's limits.
    Ok,
    /// 429, with this many seconds in `Retry-After`; without the header where there is no number.
    RateLimited {
        /// The seconds.
        retry_after_seconds: Option<u64>,
    },
    /// An answer of this status and body. A webhook answers in plain text: 403 `invalid_token`, 404 `no_service`, 410
    /// `channel_is_archived`, 500 `rollup_error`.
    Status {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// The blocks are refused: 400 `invalid_blocks` by a webhook, the error of this name by the Web API. A message that has
    /// neither blocks nor attachments is taken.
    InvalidBlocks,
    /// 200 and `"ok": false` with this error, as the Web API refuses.
    Error {
        /// The error's name, such as `channel_not_found`.
        name: String,
    },
    /// 307 to this address.
    Redirect {
        /// The address.
        location: String,
    },
    /// The message is taken, and then the connection is reset: the sender does not know.
    TakeAndReset,
    /// The connection is reset without an answer.
    Reset,
    /// There is no answer as long as the connection lasts.
    Hang,
}

impl SlackAnswer {
    /// A webhook that is gone.
    #[must_use]
    pub fn no_service() -> Self {
        Self::status(404, "no_service")
    }

    /// An answer of this status and body.
    #[must_use]
    pub fn status(status: u16, body: &str) -> Self {
        Self::Status { status, body: body.to_owned() }
    }

    /// An error of the Web API.
    #[must_use]
    pub fn error(name: &str) -> Self {
        Self::Error { name: name.to_owned() }
    }

    /// 429 with so many seconds in `Retry-After`.
    #[must_use]
    pub fn rate_limited(retry_after_seconds: u64) -> Self {
        Self::RateLimited { retry_after_seconds: Some(retry_after_seconds) }
    }
}

/// An answer, and to which calls it is given. Of several rules that fit, the first one decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlackRule {
    /// What is answered.
    pub answer: SlackAnswer,
    /// Only to calls whose path contains this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// Only to calls whose body contains this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// Only so many times; then the rule is spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

impl SlackRule {
    /// To every call.
    #[must_use]
    pub fn always(answer: SlackAnswer) -> Self {
        Self { answer, path_contains: None, body_contains: None, times: None }
    }

    /// Only so many times.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Only to calls whose path contains this.
    #[must_use]
    pub fn for_path(self, text: &str) -> Self {
        Self { path_contains: Some(text.to_owned()), ..self }
    }

    /// Only to calls whose body contains this.
    #[must_use]
    pub fn for_body(self, text: &str) -> Self {
        Self { body_contains: Some(text.to_owned()), ..self }
    }

    /// Whether it is meant for this call.
    pub(super) fn fits(&self, path: &str, body: &str) -> bool {
        self.times != Some(0)
            && self.path_contains.as_ref().is_none_or(|text| path.contains(text))
            && self.body_contains.as_ref().is_none_or(|text| body.contains(text))
    }
}
