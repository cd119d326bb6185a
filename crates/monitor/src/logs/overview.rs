//! What a digest asks about one time: each question by itself, so that one without an answer leaves the others whole. Only
//! what is told is asked, as each question is paid for by the log that it scans.

use super::{
    Answered, Asking, ByTraffic, Costs, Errors, LogsError, SlowCall, costs_of, errors, slowest, tokens_by_model,
};
use assay_model::pricing::Prices;
use std::num::NonZeroU32;

/// What the invocation log says of a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The slowest calls, the slowest first.
    pub slowest: Result<ByTraffic<Answered<SlowCall>>, LogsError>,
    /// Errors, and answers that were cut short.
    pub errors: Result<ByTraffic<Errors>, LogsError>,
    /// What calls cost.
    pub costs: Result<ByTraffic<ModelCosts>, LogsError>,
}

/// What calls cost, by model, whoever called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelCosts {
    /// A row for each model, and together.
    pub costs: Costs,
    /// Whether there may be more models than are told.
    pub limit_reached: bool,
}

/// Asks every question about the time of `asking`, one after the other: an account may run few queries at once.
pub async fn overview(asking: &Asking<'_>, most_slow: NonZeroU32, prices: &Prices) -> Overview {
    Overview {
        slowest: slowest(asking, most_slow).await,
        errors: errors(asking).await,
        costs: costs_by_model(asking, prices).await,
    }
}

/// What calls cost, by model, whoever called.
///
/// # Errors
/// Why the question has no answer.
pub async fn costs_by_model(asking: &Asking<'_>, prices: &Prices) -> Result<ByTraffic<ModelCosts>, LogsError> {
    let tokens = tokens_by_model(asking).await?;
    let ByTraffic { production, evaluation } = costs_of(&tokens, prices);
    Ok(ByTraffic {
        production: ModelCosts { costs: production, limit_reached: tokens.production.limit_reached },
        evaluation: ModelCosts { costs: evaluation, limit_reached: tokens.evaluation.limit_reached },
    })
}
