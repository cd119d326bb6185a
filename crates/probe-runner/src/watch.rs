//! The hourly watch: tells how long ago the probes were asked, looks at the life of models, and goes on with rounds that are
//! not done. What fails keeps nothing else from being looked at.

use crate::context::{Invocation, Runner};
use crate::error::RunnerError;
use crate::ledger::{self, RoundKeys};
use crate::probes::{self, Listing};
use crate::round::or_left_to_the_watch;
use crate::work::work;
use crate::{heartbeat, lifecycle};
use assay_lambda::log_error;
use assay_problem::Classified;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Looks at everything that should be well.
pub(crate) async fn watch(invocation: Invocation<'_>) -> Result<Value, RunnerError> {
    let mut first_error = None;
    let mut keep = |what: &'static str, error: RunnerError| {
        log_error!(error, "the watch could not do a part of its work", what);
        first_error.get_or_insert(error);
    };
    let (runner, now) = (invocation.runner, Timestamp::now());
    let listing = probes::list(&runner.evaluator.place).await.map_err(|error| keep("listing", error.into())).ok();
    let (mut hours, mut models) = (None, None);
    if let Some(listing) = &listing {
        hours = tell_hours(runner, listing, now).await.map_err(|error| keep("heartbeat", error)).ok();
        models = tokio::select! {
            looked = lifecycle::look(runner, listing, now) => looked.map_err(|error| keep("lifecycle", error)).ok(),
            () = invocation.stop.asking.cancelled() => {
                tracing::warn!("the models could not be looked at in time; the next watch tries again");
                None
            }
        };
    }
    let mut rounds = Vec::new();
    let unfinished = ledger::unfinished(&runner.evaluator.place).await;
    for id in unfinished.map_err(|error| keep("rounds", error.into())).unwrap_or_default() {
        if invocation.stop.asking.is_cancelled() {
            tracing::info!("no time is left for other rounds");
            break;
        }
        match Box::pin(go_on(invocation, &id)).await {
            Ok(answer) => rounds.push(answer),
            Err(error) => keep("round", error),
        }
    }
    first_error.map_or_else(
        || Ok(json!({"watch": "done", "hours_since_probes": hours, "models": models, "rounds": rounds})),
        Err,
    )
}

/// Publishes how long ago the schedule had all probes asked.
async fn tell_hours(runner: &Runner, listing: &Listing, now: Timestamp) -> Result<f64, RunnerError> {
    let hours = heartbeat::hours_since(&runner.evaluator.place, listing, now).await?;
    runner.evaluator.sink.publish(&[heartbeat::metric(runner, hours, now)]).await?;
    Ok(hours)
}

/// Goes on with a round that another delivery has begun.
async fn go_on(invocation: Invocation<'_>, id: &str) -> Result<Value, RunnerError> {
    match ledger::read(&invocation.runner.evaluator.place, &RoundKeys::new(id).round()).await? {
        Some(round) => or_left_to_the_watch(work(invocation, &round).await),
        None => Ok(json!({"round": id, "result": "gone"})),
    }
}
