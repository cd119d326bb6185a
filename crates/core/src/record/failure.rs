//! Why something that was asked for is not there, as records keep it.

use assay_model::{FailureClass, ModelError};
use serde::{Deserialize, Serialize};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What can be done about it.
    pub class: FailureClass,
    /// What the service said.
    pub message: String,
}

impl From<&ModelError> for Failure {
    fn from(error: &ModelError) -> Self {
        Self { class: error.class(), message: error.to_string() }
    }
}
