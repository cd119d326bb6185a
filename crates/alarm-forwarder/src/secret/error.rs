//! Why there is no secret, by what can be done about it. No error holds anything of the secret.

use super::SecretName;
use assay_problem::{Classified, ErrorClass, ErrorKind};

/// The secret cannot be had, or is none that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is none of this name.
    #[error(
        "the {kind} `{name}` does not exist; make it, or name the one that does: by the stack's parameter SlackSecret, \
         or where there is no stack by ASSAY_SLACK_SECRET"
    )]
    Missing {
        /// A secret or a parameter.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The function may not read it.
    #[error(
        "the {kind} `{name}` may not be read ({code}); allow {action} on it, and kms:Decrypt where its key is your own"
    )]
    Denied {
        /// A secret or a parameter.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What the service said.
        code: String,
        /// What has to be allowed.
        action: &'static str,
    },
    /// The service cannot be reached, or is not well.
    #[error("the {kind} `{name}` could not be read: {reason}")]
    Unavailable {
        /// A secret or a parameter.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What the service said.
        reason: String,
    },
    /// What is in it says nowhere to post to.
    #[error("the {kind} `{name}` cannot be used: {}", .problems.join("; "))]
    Unusable {
        /// A secret or a parameter.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Everything that is wrong with it.
        problems: Vec<String>,
    },
}

impl SecretError {
    /// The error that the service calls `code`; without one it was not reached.
    pub(super) fn of_code(secret: &SecretName, code: Option<&str>) -> Self {
        let (kind, action) = secret.kind();
        let name = secret.name().to_owned();
        match code {
            Some("ResourceNotFoundException" | "ParameterNotFound" | "ParameterVersionNotFound") => {
                Self::Missing { kind, name }
            }
            Some(code) if code.contains("AccessDenied") || code.contains("Decryption") || code.contains("KeyId") => {
                Self::Denied { kind, name, code: code.to_owned(), action }
            }
            Some(code) => Self::Unavailable { kind, name, reason: code.to_owned() },
            None => Self::unavailable(secret, "the service could not be reached"),
        }
    }

    pub(super) fn unavailable(secret: &SecretName, reason: &str) -> Self {
        let (kind, name) = (secret.kind().0, secret.name().to_owned());
        Self::Unavailable { kind, name, reason: reason.to_owned() }
    }

    pub(super) fn unusable(secret: &SecretName, problems: Vec<String>) -> Self {
        Self::Unusable { kind: secret.kind().0, name: secret.name().to_owned(), problems }
    }
}

impl Classified for SecretError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Missing { .. } => ErrorKind::User.named("SecretMissing"),
            Self::Denied { .. } => ErrorKind::User.named("Denied"),
            Self::Unavailable { .. } => ErrorKind::Transient.named("SecretUnavailable"),
            Self::Unusable { .. } => ErrorKind::User.named("SecretUnusable"),
        }
    }
}
