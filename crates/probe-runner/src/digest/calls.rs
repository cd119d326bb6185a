//! What the invocation log says of a week, where there is one that may be read.

use crate::context::{Invocation, Runner};
use crate::error::RunnerError;
use assay_function::stack_prices;
use assay_monitor::digest::{Calls, Week};
use assay_monitor::invocation_logging::InvocationLogging;
use assay_monitor::logs::{Asking, Filter, Insights, LogsError, Span, costs_by_model, overview};
use assay_problem::{Classified, ErrorKind};
use assay_store::StoreError;
use jiff::Timestamp;
use std::num::NonZeroU32;
use std::time::Duration;

/// How long one question may take. A week of a busy account is many gigabytes.
const LONGEST_QUESTION: Duration = Duration::from_secs(120);
/// What to do where the log may not be read.
const REMEDY: &str = "the parameter InvocationLogGroup of the stack names the log group and lets the digest read it";
/// How many of the slowest calls are asked for.
const SLOWEST: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// Asks the log about `week`, and what calls cost in the week before.
///
/// # Errors
/// When the store fails: prices may lie there.
pub(super) async fn calls(invocation: Invocation<'_>, week: Week) -> Result<Calls, RunnerError> {
    let runner = invocation.runner;
    let named = runner.evaluator.settings.invocation_log_group.clone();
    let is_named = named.is_some();
    let group = match group(runner, named).await {
        Ok(group) => group,
        Err(why) => return Ok(Calls::unknown(&why)),
    };
    let now = Timestamp::now();
    let spans = span(week, now).and_then(|span| Ok((span, self::span(week.previous(), now)?)));
    let (span, before) = match spans {
        Ok(spans) => spans,
        Err(why) => return Ok(Calls::unknown(&why)),
    };
    let prices = prices(runner).await?;
    let insights = Insights::new(&runner.evaluator.config);
    let asking = Asking {
        insights: &insights,
        group: &group,
        span,
        filter: Filter::default(),
        time: LONGEST_QUESTION,
        stop: invocation.stop.asking.clone(),
    };
    let overview = overview(&asking, SLOWEST, &prices).await;
    if !is_named && let Err(error @ LogsError::Denied(_)) = &overview.costs {
        // The account's setting says where the log is; only the parameter lets the function read it.
        return Ok(Calls::unknown(&format!("{error}; {REMEDY}")));
    }
    // A group that is missing or closed is so for last week too.
    let before = match &overview.costs {
        Err(error) if error.kind() == ErrorKind::User => Err(error.clone()),
        _ => costs_by_model(&Asking { span: before, ..asking }, &prices).await,
    };
    let errors = [overview.slowest.as_ref().err(), overview.errors.as_ref().err(), overview.costs.as_ref().err()];
    for error in errors.into_iter().flatten().chain(before.as_ref().err()) {
        tracing::warn!(%error, "a part of the digest is unknown");
    }
    Ok(Calls::of(overview, &before))
}

async fn prices(runner: &Runner) -> Result<assay_model::pricing::Prices, StoreError> {
    stack_prices(&runner.evaluator.place, runner.evaluator.settings.price_table.as_deref()).await
}

fn span(week: Week, now: Timestamp) -> Result<Span, String> {
    Span::new(week.since, Some(week.until), now).map_err(|error| error.to_string())
}

/// The log group: the stack's parameter, else what the account's setting says. The error tells what to do.
async fn group(runner: &Runner, named: Option<String>) -> Result<String, String> {
    if let Some(group) = named {
        return Ok(group);
    }
    match InvocationLogging::new(&runner.evaluator.config).setting().await {
        Ok(Some(setting)) => {
            setting.log_group.ok_or_else(|| format!("invocations are not logged to CloudWatch; {REMEDY}"))
        }
        Ok(None) => {
            Err(format!("invocations are not logged; `assay monitor logging --enable` turns it on, and {REMEDY}"))
        }
        Err(error) => Err(format!("{error}; {REMEDY}")),
    }
}
