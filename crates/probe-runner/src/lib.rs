//! The function `probe-runner`: the suites below `probes/`, asked again by the schedule and held against their baselines.
//!
//! [`handle`] is what Lambda calls and what a test calls. A *round* is one go over the probes: what it asks is written down
//! once, and every delivery and every hourly watch goes on from there. How one dataset becomes a run that is told is
//! `assay-function`'s; the run itself is the core's.

mod alarms;
mod context;
mod digest;
mod error;
mod event;
mod heartbeat;
mod ledger;
mod lifecycle;
mod news;
mod occasion;
mod probes;
mod round;
mod tidy;
mod watch;
mod work;

pub use context::Runner;
pub use event::{Asked, EventError, Wanted, asked};
pub use occasion::Occasion;

use assay_core::collect::Stop;
use assay_lambda::{FunctionError, log_error};
use assay_problem::Classified;
use context::Invocation;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

/// Does what `event` asks for, and answers what became of it.
///
/// # Errors
/// When the event should come again: something is not done, or something passing failed. One suite that fails keeps no
/// other from being asked; what is done is not done again.
pub async fn handle(
    event: Value,
    runner: &Runner,
    deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, FunctionError> {
    let stop = Stop::default();
    let _timer = deadline.map(|deadline| stop.before(deadline));
    let invocation = Invocation { runner, stop: &stop, request_id };
    let answer = match asked(&event, request_id, Timestamp::now())? {
        Asked::Probes(wanted) => Box::pin(round::run(invocation, wanted)).await,
        Asked::Watch => Box::pin(watch::watch(invocation)).await,
        Asked::Digest(occasion) => Box::pin(digest::digest(invocation, &occasion)).await,
    };
    answer.map_err(|error| {
        log_error!(error, "not done");
        error.into()
    })
}
