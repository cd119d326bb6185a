//! One call that came in.

use crate::stand_in::Violation;
use serde_json::Value;

/// One call that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct LogsCall {
    /// The operation, such as `StartQuery`.
    pub operation: String,
    /// Its body; null where it was no JSON.
    pub body: Value,
    /// In what it breaks the service's model.
    pub violations: Vec<Violation>,
    /// The name of the error that was answered, if any.
    pub error: Option<String>,
}
