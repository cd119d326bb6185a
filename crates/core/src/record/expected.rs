//! How much a model has to answer.

/// What a model had to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expected {
    /// Samples.
    pub samples: u64,
    /// Those of them that have checks.
    pub checked: u64,
}
