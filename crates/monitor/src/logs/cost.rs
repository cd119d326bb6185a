//! Tokens to money, by the prices that runs are reckoned with. Pure.

use super::TokenCount;
use assay_model::Usage;
use assay_model::pricing::{Amount, Prices};
use serde::Serialize;
use std::collections::BTreeSet;

/// What one caller's calls of one model cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallCost {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: TokenCount,
    /// US dollars; none where the price, or how many tokens there were, is unknown.
    pub usd: Option<f64>,
    /// The price's source and date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
}

/// What calls cost together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CostTotal {
    /// US dollars of everything whose cost is known; none where nothing's is.
    pub usd: Option<f64>,
    /// Whether that is everything.
    pub complete: bool,
    /// The models whose cost is unknown and left out.
    pub unknown: Vec<String>,
}

/// What calls cost, row by row and together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Costs {
    /// In the order of the tokens.
    pub rows: Vec<CallCost>,
    /// Together.
    pub total: CostTotal,
}

/// What these tokens cost. Cache tokens go by their own prices, and a cost with cache tokens that have no price is unknown,
/// as in runs. Where the log has no count of cache tokens there were none; where it has neither input nor output tokens, as
/// for calls that failed alone, nothing was paid.
pub fn costs(tokens: &[TokenCount], prices: &Prices) -> Costs {
    let mut known: Option<Amount> = None;
    let mut unknown = BTreeSet::new();
    let mut rows = Vec::new();
    for row in tokens {
        let rate = row.model.as_deref().and_then(|model| prices.rate(model));
        let charge = rate.as_ref().and_then(|rate| rate.charge(&usage(row)));
        match &charge {
            Some(charge) => *known.get_or_insert(Amount::ZERO) += charge.total(),
            None => {
                unknown.insert(row.model.clone().unwrap_or_else(|| "a model that the log does not name".to_owned()));
            }
        }
        let price =
            rate.filter(|_| charge.is_some()).map(|rate| format!("{} ({})", rate.price.source, rate.price.date));
        rows.push(CallCost { tokens: row.clone(), usd: charge.map(|charge| charge.total().usd()), price });
    }
    let unknown: Vec<String> = unknown.into_iter().collect();
    Costs { rows, total: CostTotal { usd: known.map(Amount::usd), complete: unknown.is_empty(), unknown } }
}

fn usage(row: &TokenCount) -> Usage {
    Usage {
        input_tokens: row.input_tokens.unwrap_or_default(),
        output_tokens: row.output_tokens.unwrap_or_default(),
        cache_read_input_tokens: row.cache_read_tokens.unwrap_or_default(),
        cache_write_input_tokens: row.cache_write_tokens.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_model::pricing::PriceTable;

    fn tokens(model: Option<&str>, counts: [Option<u64>; 4]) -> TokenCount {
        let [input_tokens, output_tokens, cache_read_tokens, cache_write_tokens] = counts;
        let model = model.map(str::to_owned);
        TokenCount {
            model,
            caller: None,
            calls: None,
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
        }
    }

    fn prices() -> Prices {
        let table = r#"{"format": 1, "models": {
            "example.own-v1:0": {"input": "2", "output": "8", "cache_read": "0.2", "cache_write": "2.5",
                "source": "contract", "date": "2026-11-01"}}}"#;
        Prices::default().with(PriceTable::read(table).unwrap())
    }

    #[test]
    fn cost_is_what_a_pocket_calculator_says_and_what_is_unknown_is_left_out_of_the_total() {
        let profile = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0";
        let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234";
        let found = costs(
            &[
                // 1,000,000 x 2 + 500,000 x 8 + 3,000,000 x 0.2 + 200,000 x 2.5, each over 1,000,000.
                tokens(Some("example.own-v1:0"), [Some(1_000_000), Some(500_000), Some(3_000_000), Some(200_000)]),
                // 7 x 0.06 and 3 x 0.24 over 1,000,000.
                tokens(Some(profile), [Some(7), Some(3), None, None]),
                tokens(Some(application), [Some(7), Some(3), None, None]),
                tokens(None, [Some(7), Some(3), None, None]),
                // No cache price is known of this model.
                tokens(Some("amazon.nova-lite-v1:0"), [Some(1), None, Some(9), None]),
                // Calls that failed.
                tokens(Some("amazon.nova-lite-v1:0"), [None, None, None, None]),
            ],
            &prices(),
        );
        let usd: Vec<Option<f64>> = found.rows.iter().map(|row| row.usd).collect();
        assert_eq!(usd, [Some(7.1), Some(0.00000114), None, None, None, Some(0.0)]);
        assert_eq!(found.total.usd, Some(7.10000114));
        assert!(!found.total.complete);
        assert_eq!(found.total.unknown, ["a model that the log does not name", "amazon.nova-lite-v1:0", application]);
        assert_eq!(found.rows[0].price.as_deref(), Some("contract (2026-11-01)"));
        assert_eq!(found.rows[2].price, None);
    }

    #[test]
    fn nothing_costs_nothing_that_is_known() {
        let found = costs(&[], &Prices::default());
        assert_eq!((found.total.usd, found.total.complete), (None, true));
    }
}
