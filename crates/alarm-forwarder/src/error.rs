//! Why an event should come again, under names that alarms and retries can match.

use crate::secret::SecretError;
use crate::slack::SlackError;
use assay_lambda::chain;
use jiff::Timestamp;
use lambda_runtime::Diagnostic;
use std::fmt;

/// Something that came was not accepted by Slack.
#[derive(thiserror::Error)]
pub enum ForwardError {
    /// Nobody knows where to post.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Slack has not taken it.
    #[error(transparent)]
    Slack(#[from] SlackError),
    /// Another delivery of the same thing is being posted, or died while it was.
    #[error("another delivery of the same is being posted, until {0} at the latest; the next delivery tries again")]
    Busy(Timestamp),
}

impl ForwardError {
    /// The stable name of the kind of error, as `errorType` of the invocation.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Secret(error) => error.class(),
            Self::Slack(error) => error.class(),
            Self::Busy(_) => "Busy",
        }
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// As [`ForwardError::chain`]: the runtime logs an error that a function answers in this form, and people read it.
impl fmt::Debug for ForwardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl From<ForwardError> for Diagnostic {
    fn from(error: ForwardError) -> Self {
        Self { error_type: error.class().to_owned(), error_message: error.chain() }
    }
}
