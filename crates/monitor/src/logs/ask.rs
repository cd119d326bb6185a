//! Questions asked, one query for production and one for evaluation.

use super::answer::{self, ErrorCount, Latency, SlowCall, StopCount, TokenCount};
use super::cost::{self, Costs};
use super::{Filter, Found, Insights, LogsError, Question, Row, Span, Traffic};
use assay_model::pricing::Prices;
use serde::Serialize;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Whom is asked about what, and for how long.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// Who answers.
    pub insights: &'a Insights,
    /// The log group of invocations, by name or ARN.
    pub group: &'a str,
    /// The time that is looked at.
    pub span: Span,
    /// Which calls.
    pub filter: Filter,
    /// How long one question may take in all.
    pub time: Duration,
    /// Ends the asking, and stops queries that run.
    pub stop: CancellationToken,
}

/// The same about Assay's own calls and about all others.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ByTraffic<T> {
    /// Calls of others.
    pub production: T,
    /// Assay's own.
    pub evaluation: T,
}

/// Rows, and whether there may be more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answered<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether there are as many rows as were asked for at most: there may be more that are not told.
    pub limit_reached: bool,
}

/// What is slow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slowness {
    /// The slowest calls, the slowest first.
    pub slowest: Answered<SlowCall>,
    /// Latency by model and operation, most calls first.
    pub latencies: Answered<Latency>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Errors {
    /// Calls that failed, by model, operation and code.
    pub errors: Vec<ErrorCount>,
    /// Answers that were cut short or blocked, by model, operation and reason.
    pub stops: Vec<StopCount>,
    /// Whether there may be more.
    pub limit_reached: bool,
}

impl<T> Default for Answered<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), limit_reached: false }
    }
}

impl<T> ByTraffic<T> {
    /// The same with other values.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> ByTraffic<U> {
        ByTraffic { production: change(self.production), evaluation: change(self.evaluation) }
    }
}

/// The slowest calls, `limit` of each traffic, and latency by model.
///
/// # Errors
/// The first question that has no answer.
pub async fn slow(asking: &Asking<'_>, limit: NonZeroU32) -> Result<ByTraffic<Slowness>, LogsError> {
    let question = Question::Slowest(limit);
    let both = Asking { stop: asking.stop.child_token(), ..asking.clone() };
    let one = async |question: Question| asked(&both, question).await.inspect_err(|_| both.stop.cancel());
    let (calls, latencies) = first_error(tokio::join!(one(question), one(Question::Latencies)))?;
    let calls = calls.map(|found| answered(question, &found, answer::slow_call));
    let latencies = latencies.map(|found| answered(Question::Latencies, &found, answer::latency));
    Ok(ByTraffic {
        production: Slowness { slowest: calls.production, latencies: latencies.production },
        evaluation: Slowness { slowest: calls.evaluation, latencies: latencies.evaluation },
    })
}

/// The slowest calls alone, `limit` of each traffic.
///
/// # Errors
/// The first question that has no answer.
pub async fn slowest(asking: &Asking<'_>, limit: NonZeroU32) -> Result<ByTraffic<Answered<SlowCall>>, LogsError> {
    let question = Question::Slowest(limit);
    Ok(asked(asking, question).await?.map(|found| answered(question, &found, answer::slow_call)))
}

/// Calls that failed and answers that were cut short, by model.
///
/// # Errors
/// The first question that has no answer.
pub async fn errors(asking: &Asking<'_>) -> Result<ByTraffic<Errors>, LogsError> {
    let found = asked(asking, Question::Errors).await?;
    Ok(found.map(|found| {
        let (errors, stops) = answer::errors(&found.rows);
        Errors { errors, stops, limit_reached: is_full(Question::Errors, &found) }
    }))
}

/// Tokens by model and caller, most calls first.
///
/// # Errors
/// The first question that has no answer.
pub async fn tokens(asking: &Asking<'_>) -> Result<ByTraffic<Answered<TokenCount>>, LogsError> {
    let found = asked(asking, Question::Tokens).await?;
    Ok(found.map(|found| answered(Question::Tokens, &found, answer::token_count)))
}

/// Tokens by model, whoever called, most calls first.
///
/// # Errors
/// The first question that has no answer.
pub async fn tokens_by_model(asking: &Asking<'_>) -> Result<ByTraffic<Answered<TokenCount>>, LogsError> {
    let found = asked(asking, Question::TokensByModel).await?;
    Ok(found.map(|found| answered(Question::TokensByModel, &found, answer::token_count)))
}

/// What these tokens cost.
pub fn costs_of(tokens: &ByTraffic<Answered<TokenCount>>, prices: &Prices) -> ByTraffic<Costs> {
    ByTraffic {
        production: cost::costs(&tokens.production.rows, prices),
        evaluation: cost::costs(&tokens.evaluation.rows, prices),
    }
}

/// One question about both kinds of traffic at once. Where one has no answer, the query of the other is stopped.
async fn asked(asking: &Asking<'_>, question: Question) -> Result<ByTraffic<Found>, LogsError> {
    let Asking { insights, group, span, filter, time, stop } = asking;
    let stop = stop.child_token();
    let one = async |traffic: Traffic| {
        let query = question.query(traffic, filter);
        let found = insights.find(group, *span, &query, *time, &stop).await;
        found.inspect_err(|_| stop.cancel())
    };
    let both = tokio::join!(one(Traffic::Production), one(Traffic::Evaluation));
    let (production, evaluation) = first_error(both)?;
    Ok(ByTraffic { production, evaluation })
}

/// Both, or why not. They are waited for together, so that each stops its query in good order; one that was stopped because
/// the other failed tells nothing.
fn first_error<A, B>(both: (Result<A, LogsError>, Result<B, LogsError>)) -> Result<(A, B), LogsError> {
    match both {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(LogsError::Stopped), Err(error)) | (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn answered<T>(question: Question, found: &Found, read: impl Fn(&Row) -> T) -> Answered<T> {
    Answered { rows: found.rows.iter().map(read).collect(), limit_reached: is_full(question, found) }
}

fn is_full(question: Question, found: &Found) -> bool {
    found.rows.len() as u64 >= u64::from(question.limit())
}
