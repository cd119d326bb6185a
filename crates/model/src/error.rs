//! What a model can answer instead of an answer, by what can be done about it.

use crate::Usage;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A model did not answer. The message is for the record; it may hold what the service said, so it is never logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Too many requests: wait and ask slower.
    #[error("throttled: {message}")]
    Throttled {
        /// What the service said.
        message: String,
        /// How long the service wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The service, the model or the network failed: ask again.
    #[error("unavailable: {message}")]
    Unavailable {
        /// What failed.
        message: String,
        /// How often it makes sense to ask again.
        retries: u32,
    },
    /// No access: nothing more can be asked of this model.
    #[error("denied: {message}")]
    Denied {
        /// What the service said, and what to do.
        message: String,
    },
    /// There is no such model here: nothing can be asked of it.
    #[error("missing: {message}")]
    Missing {
        /// What the service said, and what to do.
        message: String,
    },
    /// The service refuses this one request.
    #[error("rejected: {message}")]
    Rejected {
        /// What the service said.
        message: String,
    },
    /// The answer cannot be understood.
    #[error("malformed: {message}")]
    Malformed {
        /// What is wrong with it.
        message: String,
        /// The tokens that it took all the same, where it told them.
        usage: Option<Usage>,
    },
    /// The run is stopping; the question was not answered and is asked again when the run goes on.
    #[error("stopped before an answer came")]
    Stopped,
}

/// The class of a [`ModelError`], as records and summaries name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the variant of the same name")]
pub enum FailureClass {
    Throttled,
    Unavailable,
    Denied,
    Missing,
    Rejected,
    Malformed,
    Stopped,
}

impl FailureClass {
    /// The class as records, summaries and logs write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
            Self::Missing => "missing",
            Self::Rejected => "rejected",
            Self::Malformed => "malformed",
            Self::Stopped => "stopped",
        }
    }

    /// Whether the same question may be answered at another time. Such a failure is asked again when a run goes on.
    pub fn is_passing(self) -> bool {
        !matches!(self, Self::Rejected)
    }
}

impl ModelError {
    /// An answer that cannot be understood and tells no tokens.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::Malformed { message: message.into(), usage: None }
    }

    /// The tokens of answers that came and are of no use.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::Malformed { usage, .. } => *usage,
            _ => None,
        }
    }

    /// Which kind of error it is.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Throttled { .. } => FailureClass::Throttled,
            Self::Unavailable { .. } => FailureClass::Unavailable,
            Self::Denied { .. } => FailureClass::Denied,
            Self::Missing { .. } => FailureClass::Missing,
            Self::Rejected { .. } => FailureClass::Rejected,
            Self::Malformed { .. } => FailureClass::Malformed,
            Self::Stopped => FailureClass::Stopped,
        }
    }

    /// Whether asking the same again, soon, may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. } | Self::Malformed { .. })
    }

    /// Whether it is of no use to ask this model anything else.
    pub fn ends_model(&self) -> bool {
        matches!(self, Self::Denied { .. } | Self::Missing { .. })
    }
}
