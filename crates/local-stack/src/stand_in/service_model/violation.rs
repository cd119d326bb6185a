//! In what a request or an answer breaks the service model.

use serde::Serialize;
use std::fmt;

/// One way in which a body breaks the service's model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Where, for example `messages[0].content`; empty for the body itself.
    pub path: String,
    /// The constraint that is broken, in the service's manner of speaking.
    pub constraint: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, constraint } = self;
        let path = if path.is_empty() { "(body)" } else { path };
        write!(formatter, "Value at '{path}' failed to satisfy constraint: {constraint}")
    }
}
