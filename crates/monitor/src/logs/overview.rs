//! Everything about one time at once, for a digest: each question by itself, so that one without an answer leaves the
//! others whole.

use super::{
    Answered, Asking, ByTraffic, Costs, Errors, LogsError, Slowness, TokenCount, costs_of, errors, slow, tokens,
};
use assay_core::pricing::Prices;
use std::num::NonZeroU32;

/// What the invocation log says of a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The slowest calls, and latency by model.
    pub slow: Result<ByTraffic<Slowness>, LogsError>,
    /// Errors, and answers that were cut short.
    pub errors: Result<ByTraffic<Errors>, LogsError>,
    /// Tokens by model. Callers are put together.
    pub tokens: Result<ByTraffic<Answered<TokenCount>>, LogsError>,
    /// What these tokens cost, by model; an error where there are no tokens to reckon with.
    pub costs: Result<ByTraffic<Costs>, LogsError>,
}

/// Asks every question about the time of `asking`, one after the other: an account may run few queries at once.
pub async fn overview(asking: &Asking<'_>, slowest: NonZeroU32, prices: &Prices) -> Overview {
    let slow = slow(asking, slowest).await;
    let errors = errors(asking).await;
    let tokens = tokens(asking).await.map(|found| found.map(by_model));
    let costs = tokens.as_ref().map(|found| costs_of(found, prices)).map_err(Clone::clone);
    Overview { slow, errors, tokens, costs }
}

/// What calls cost, by model, whoever called.
///
/// # Errors
/// Why the question has no answer.
pub async fn costs_by_model(asking: &Asking<'_>, prices: &Prices) -> Result<ByTraffic<Costs>, LogsError> {
    Ok(costs_of(&tokens(asking).await?.map(by_model), prices))
}

/// The tokens of each model, whoever called; the order stays that of the first row of each.
fn by_model(tokens: Answered<TokenCount>) -> Answered<TokenCount> {
    let mut models: Vec<TokenCount> = Vec::new();
    for row in tokens.rows {
        match models.iter_mut().find(|found| found.model == row.model) {
            None => models.push(TokenCount { caller: None, ..row }),
            Some(found) => {
                for (sum, more) in [
                    (&mut found.calls, row.calls),
                    (&mut found.input_tokens, row.input_tokens),
                    (&mut found.output_tokens, row.output_tokens),
                    (&mut found.cache_read_tokens, row.cache_read_tokens),
                    (&mut found.cache_write_tokens, row.cache_write_tokens),
                ] {
                    *sum = match (*sum, more) {
                        (Some(left), Some(right)) => Some(left.saturating_add(right)),
                        (left, right) => left.or(right),
                    };
                }
            }
        }
    }
    Answered { rows: models, limit_reached: tokens.limit_reached }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_of_a_model_are_put_together_and_what_is_absent_stays_absent() {
        let row = |model: &str, caller: &str, calls: u64, input: Option<u64>| TokenCount {
            model: Some(model.to_owned()),
            caller: Some(caller.to_owned()),
            calls: Some(calls),
            input_tokens: input,
            output_tokens: None,
            cache_read_tokens: None,
            cache_write_tokens: None,
        };
        let rows =
            vec![row("a", "x", 5, Some(10)), row("b", "x", 3, None), row("a", "y", 2, Some(7)), row("b", "y", 1, None)];
        let found = by_model(Answered { rows, limit_reached: true });
        let told: Vec<_> = found.rows.iter().map(|row| (row.model.as_deref(), row.calls, row.input_tokens)).collect();
        assert_eq!(told, [(Some("a"), Some(7), Some(17)), (Some("b"), Some(4), None)]);
        assert!(
            found.limit_reached && found.rows.iter().all(|row| row.caller.is_none() && row.output_tokens.is_none())
        );
    }
}
