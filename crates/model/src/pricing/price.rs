//! The price of one model, and what tokens cost at it.

use super::{Amount, Decimal};
use crate::Usage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The price of one model in US dollars for a million tokens, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// USD for a million tokens read.
    pub input: Decimal,
    /// USD for a million tokens written.
    pub output: Decimal,
    /// USD for a million tokens read from the prompt cache. Without it, the cost of an answer that used the cache is
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<Decimal>,
    /// USD for a million tokens written to the prompt cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Decimal>,
    /// What batch inference costs of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_factor: Option<Decimal>,
    /// What every endpoint but the global one costs of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo_factor: Option<Decimal>,
    /// The page or contract that the price was read from.
    #[schemars(length(min = 1, max = 500))]
    pub source: String,
    /// The day or month on which it was read: `2026-11-01` or `2026-11`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"))]
    pub date: String,
}

/// What tokens cost, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charge {
    /// Tokens read.
    pub input: Amount,
    /// Tokens written.
    pub output: Amount,
    /// Tokens read from the prompt cache.
    pub cache_read: Amount,
    /// Tokens written to the prompt cache.
    pub cache_write: Amount,
}

impl Charge {
    /// Everything.
    pub fn total(self) -> Amount {
        self.input + self.output + self.cache_read + self.cache_write
    }
}

/// A price as it holds for one model id or endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The price.
    pub price: Price,
    /// What of it this endpoint costs.
    pub factor: Decimal,
}

impl Rate {
    /// What `usage` costs; none when it has tokens of a kind that has no price.
    pub fn charge(&self, usage: &Usage) -> Option<Charge> {
        let of = |tokens: u64, price: Option<Decimal>| match (tokens, price) {
            (0, _) => Some(Amount::ZERO),
            (tokens, price) => Some(Amount::of_tokens(tokens, price?, self.factor)),
        };
        Some(Charge {
            input: of(usage.input_tokens, Some(self.price.input))?,
            output: of(usage.output_tokens, Some(self.price.output))?,
            cache_read: of(usage.cache_read_input_tokens, self.price.cache_read)?,
            cache_write: of(usage.cache_write_input_tokens, self.price.cache_write)?,
        })
    }
}
