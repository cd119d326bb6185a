//! The budget of a run, as people write it.

use super::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most that a run may spend; either bound, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<Decimal>,
    /// Tokens, read and written together, cached ones among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub tokens: Option<u64>,
}

impl Budget {
    /// Whether a bound is higher than in `other`, or gone.
    pub fn is_raised_from(&self, other: &Self) -> bool {
        let raised = |mine: Option<u64>, theirs: Option<u64>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => mine > theirs,
            (mine, theirs) => mine.is_none() && theirs.is_some(),
        };
        raised(self.usd.map(Decimal::billionths), other.usd.map(Decimal::billionths))
            || raised(self.tokens, other.tokens)
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.usd, self.tokens) {
            (Some(usd), Some(tokens)) => write!(f, "{usd} USD and {tokens} tokens"),
            (Some(usd), None) => write!(f, "{usd} USD"),
            (None, Some(tokens)) => write!(f, "{tokens} tokens"),
            (None, None) => f.write_str("nothing"),
        }
    }
}
