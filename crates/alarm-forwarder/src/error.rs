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

#[cfg(test)]
mod tests {
    use super::*;
    use assay_problem::ErrorKind::{Claim, Interrupted, Transient, User};
    use std::time::Duration;

    #[test]
    fn every_error_has_a_kind_and_a_stable_class() {
        let (kind, name, said) = ("secret", || "slack".to_owned(), || "said".to_owned());
        let denied = SecretError::Denied { kind, name: name(), code: said(), action: "secretsmanager:GetSecretValue" };
        let cases: [(ForwardError, ErrorKind, &str); 11] = [
            (SecretError::Missing { kind, name: name() }.into(), User, "SecretMissing"),
            (denied.into(), User, "Denied"),
            (SecretError::Unavailable { kind, name: name(), reason: said() }.into(), Transient, "SecretUnavailable"),
            (SecretError::Unusable { kind, name: name(), problems: vec![said()] }.into(), User, "SecretUnusable"),
            (SlackError::RateLimited(Duration::ZERO).into(), Transient, "SlackRateLimited"),
            (SlackError::Unavailable { reason: said(), attempts: 2 }.into(), Transient, "SlackUnavailable"),
            (SlackError::Client(said()).into(), Transient, "SlackUnavailable"),
            (SlackError::Dead { what: said(), said: said(), remedy: "mend it" }.into(), User, "SlackDestinationDead"),
            (SlackError::Refused { what: said(), said: said(), remedy: None }.into(), User, "SlackRefused"),
            (SlackError::OutOfTime.into(), Interrupted, "OutOfTime"),
            (ForwardError::Busy(Timestamp::UNIX_EPOCH), Claim, "Busy"),
        ];
        for (error, kind, class) in cases {
            assert_eq!((error.kind(), error.class()), (kind, class), "{error}");
        }
    }
}
