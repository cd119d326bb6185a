//! Why an event should come again, under names that alarms and retries can match.

use crate::secret::SecretError;
use crate::slack::SlackError;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use jiff::Timestamp;

/// Something that came was not accepted by Slack.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForwardError {
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

impl Classified for ForwardError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Secret(error) => error.classify(),
            Self::Slack(error) => error.classify(),
            Self::Busy(_) => ErrorKind::Claim.named("Busy"),
        }
    }
}
