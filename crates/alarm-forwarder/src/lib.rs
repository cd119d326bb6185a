//! The function `alarm-forwarder`: alarms, Assay's notices and whatever else a topic, a queue or the event bus brings, to
//! Slack.
//!
//! [`handle`] is what Lambda calls and what a test calls. [`intake`] reads an event into [`Record`](intake::Record)s, each with
//! its [`Alert`](alert::Alert)s; [`render`] makes of an alert what Slack shows. Both are pure. [`routes`] says where an alert
//! goes, [`secret`] where that is kept, [`slack`] asks, and [`posted`] remembers.

pub mod alert;
mod amend;
mod error;
mod forward;
mod forwarder;
pub mod intake;
pub mod posted;
mod record;
pub mod render;
pub mod routes;
pub mod secret;
mod settings;
pub mod slack;
mod turns;

pub use forwarder::Forwarder;
pub use settings::ForwarderSettings;

use assay_lambda::{FunctionError, log_error};
use assay_problem::Classified;
use forward::Invocation;
use futures::future::join_all;
use record::{Counts, Outcome};
use secret::Reading;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;
use turns::Turns;

/// How long before the end of an invocation nothing more is asked of Slack, so that what was posted can be written down, by a
/// bucket that is slow, too; at the most a quarter of it.
const RESERVE: Duration = Duration::from_secs(5);
/// How long an invocation may take where nobody says when it ends.
const WITHOUT_DEADLINE: Duration = Duration::from_secs(30);

/// Posts what `event` brings, and answers what became of it: of a queue's messages those that have to come again, else how
/// many alerts were posted now and before.
///
/// # Errors
/// When something has to come again: of a queue's messages all of them, of anything else at least one. What was posted is not
/// posted again then. All of it is tried first, so that nothing keeps its neighbours back.
pub async fn handle(
    event: Value,
    forwarder: &Forwarder,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, FunctionError> {
    let now = Instant::now();
    let ends = deadline.unwrap_or(now + WITHOUT_DEADLINE);
    let left = ends.saturating_duration_since(now);
    let until = now + (left - RESERVE.min(left / 4));
    let mut records = intake::records(&event, request_id);
    // A queue does not keep the order; within one delivery it can be had for nothing.
    records.sort_by_key(|record| record.alerts.iter().filter_map(|alert| alert.since).min());
    let (reading, turns) = (Reading::new(&forwarder.secret, until), Turns::default());
    let invocation = Invocation { forwarder, reading: &reading, turns: &turns, until, ends, request_id };
    let outcomes = join_all(records.iter().map(|record| record::post(invocation, record))).await;

    let is_queue = records.iter().any(|record| record.message_id.is_some());
    let (total, mut all, mut failures) = (records.len(), Outcome::default(), 0);
    let (mut failed, mut is_named) = (Vec::new(), true);
    for (record, outcome) in records.into_iter().zip(outcomes) {
        if let Some(error) = &outcome.error {
            let message_id = record.message_id.as_deref();
            log_error!(error, "not posted", message_id);
            failures += 1;
            is_named &= message_id.is_some();
            failed.extend(record.message_id);
        }
        all.add(outcome);
    }
    let Outcome { counts: Counts { now: posted, before: posted_before }, error: first_error } = all;
    tracing::info!(records = total, posted, posted_before, failed = failures, "done");
    match first_error {
        // What is not named would count as done. A batch that failed as a whole counts among the function's errors, which
        // an alarm watches.
        Some(error) if !is_named || failures == total => Err(error.into()),
        _ if is_queue => {
            let failed: Vec<Value> = failed.into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
            Ok(json!({ "batchItemFailures": failed }))
        }
        _ => Ok(json!({ "posted": posted, "posted_before": posted_before })),
    }
}
