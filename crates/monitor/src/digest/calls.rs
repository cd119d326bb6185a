//! What the invocation log says of a week: all calls of models, whoever made them, evaluation apart from production.

use super::Part;
use crate::logs::{ByTraffic, Errors, LogsError, ModelCosts, Overview, SlowCall};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many of the slowest calls are told.
const SLOWEST: usize = 5;

/// Everything that the invocation log says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// The slowest calls, the slowest first.
    pub slowest: Part<Vec<Slow>>,
    /// Failed calls, the most frequent first.
    pub errors: Part<Listed<Failed>>,
    /// What calls took in this week or in the one before, by model and by whether they were evaluation.
    pub spending: Part<Listed<Taken>>,
    /// Why nothing is known of what calls took in the week before, where that could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_before: Option<String>,
}

/// What was found, and whether that may not be all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// What was found.
    pub found: Vec<T>,
    /// Whether the log gave as many groups as were asked for: there may be more, and counts may be too low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limit_reached: bool,
}

/// A slow call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slow {
    /// Whether Assay made it.
    pub evaluation: bool,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The model, as it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The id of the request, to find it in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Milliseconds.
    pub latency_ms: f64,
    /// Tokens written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
}

/// Calls of a model that failed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Whether Assay made them.
    pub evaluation: bool,
    /// The model, as it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The code of the error.
    pub error: String,
    /// How many.
    pub calls: u64,
    /// Calls of the model by the same operation.
    pub of_calls: u64,
}

/// What the calls of one model took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Whether Assay made them.
    pub evaluation: bool,
    /// The model, as it was called.
    pub model: String,
    /// This week; none where it was not called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<LoggedCost>,
    /// The week before; none where it was not called, or that is not known ([`Calls::unknown_before`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<LoggedCost>,
}

/// Tokens and their cost, as logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LoggedCost {
    /// Tokens read, those of caches among them.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// US dollars; none where the price is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
}

impl Calls {
    /// What is known of the calls where invocations are not logged, or nobody knows where.
    pub fn unknown(why: &str) -> Self {
        let why = why.to_owned();
        Self {
            slowest: Part::Unknown(why.clone()),
            errors: Part::Unknown(why.clone()),
            spending: Part::Unknown(why),
            unknown_before: None,
        }
    }

    /// Why nothing at all is known, where that has one reason.
    pub fn reason(&self) -> Option<&str> {
        match (&self.slowest, &self.errors, &self.spending) {
            (Part::Unknown(why), Part::Unknown(other), Part::Unknown(third)) if why == other && why == third => {
                Some(why)
            }
            _ => None,
        }
    }

    /// What the log says of this week, and what calls cost in the week before.
    pub fn of(now: Overview, before: &Result<ByTraffic<ModelCosts>, LogsError>) -> Self {
        let why = |error: LogsError| error.to_string();
        let slowest = now.slowest.map(|slow| {
            let (ours, others) = (slow.evaluation.rows, slow.production.rows);
            slowest(others.into_iter().map(|call| (false, call)).chain(ours.into_iter().map(|call| (true, call))))
        });
        let errors = now.errors.map(|errors| failed(&errors));
        let spending = now.costs.map(|now| taken(&now, before.as_ref().ok()));
        Self {
            slowest: Part::of(slowest, why),
            errors: Part::of(errors, why),
            spending: Part::of(spending, why),
            unknown_before: before.as_ref().err().map(ToString::to_string),
        }
    }
}

fn slowest(calls: impl Iterator<Item = (bool, SlowCall)>) -> Vec<Slow> {
    let told = calls.filter_map(|(evaluation, call)| {
        let SlowCall { at, model, request, latency_ms, output_tokens, .. } = call;
        Some(Slow { evaluation, at, model, request, latency_ms: latency_ms?, output_tokens })
    });
    let mut slowest: Vec<Slow> = told.collect();
    slowest.sort_by(|left, right| right.latency_ms.total_cmp(&left.latency_ms));
    slowest.truncate(SLOWEST);
    slowest
}

fn failed(errors: &ByTraffic<Errors>) -> Listed<Failed> {
    let sides = [(false, &errors.production), (true, &errors.evaluation)];
    let all = sides.into_iter().flat_map(|(evaluation, side)| side.errors.iter().map(move |row| (evaluation, row)));
    let mut failed: Vec<Failed> = all
        .map(|(evaluation, row)| Failed {
            evaluation,
            model: row.model.clone(),
            error: row.error.clone(),
            calls: row.calls,
            of_calls: row.of_calls,
        })
        .collect();
    failed.sort_by(|left, right| right.calls.cmp(&left.calls).then_with(|| left.model.cmp(&right.model)));
    Listed { found: failed, limit_reached: sides.iter().any(|(_, side)| side.limit_reached) }
}

/// Every model that was called in either week: one that nobody calls any more is worth knowing, too.
fn taken(now: &ByTraffic<ModelCosts>, before: Option<&ByTraffic<ModelCosts>>) -> Listed<Taken> {
    let mut taken = Vec::new();
    for evaluation in [false, true] {
        let side =
            |costs: &ByTraffic<ModelCosts>| by_model(if evaluation { &costs.evaluation } else { &costs.production });
        let (now, before) = (side(now), before.map(side).unwrap_or_default());
        let models: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
        let mut rows: Vec<Taken> = models
            .into_iter()
            .map(|model| Taken {
                evaluation,
                model: model.clone(),
                now: now.get(model).copied(),
                before: before.get(model).copied(),
            })
            .collect();
        // What costs most is told first; a cost that is unknown may be any.
        rows.sort_by(|left, right| {
            let usd = |row: &Taken| row.now.map_or(0.0, |now| now.usd.unwrap_or(f64::INFINITY));
            usd(right).total_cmp(&usd(left)).then_with(|| left.model.cmp(&right.model))
        });
        taken.extend(rows);
    }
    let sides = [Some(now), before].into_iter().flatten().flat_map(|week| [&week.production, &week.evaluation]);
    Listed { found: taken, limit_reached: sides.into_iter().any(|side| side.limit_reached) }
}

/// The cost of each model. The log is asked by model, so each has one row.
fn by_model(costs: &ModelCosts) -> BTreeMap<String, LoggedCost> {
    let rows = costs.costs.rows.iter().map(|row| {
        let model = row.tokens.model.clone().unwrap_or_else(|| "a model that the log does not name".to_owned());
        let read = [row.tokens.input_tokens, row.tokens.cache_read_tokens, row.tokens.cache_write_tokens];
        let input_tokens = read.into_iter().flatten().sum();
        (model, LoggedCost { input_tokens, output_tokens: row.tokens.output_tokens.unwrap_or_default(), usd: row.usd })
    });
    rows.collect()
}

#[cfg(test)]
mod tests;
