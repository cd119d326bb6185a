//! A part of a digest that may not be known.

use serde::{Deserialize, Serialize};

/// What was found, or why nothing is known: a part that cannot be read keeps nobody from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part<T> {
    /// What was found.
    Known(T),
    /// Why nothing is known, and what to do.
    Unknown(String),
}

impl<T> Part<T> {
    /// What was found; `why` tells an error as people read it.
    pub fn of<E>(found: Result<T, E>, why: impl FnOnce(E) -> String) -> Self {
        found.map_or_else(|error| Self::Unknown(why(error)), Self::Known)
    }
}
