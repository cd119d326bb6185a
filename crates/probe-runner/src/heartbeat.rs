//! The probes' sign of life: when the schedule last had all of them asked.

use crate::context::Runner;
use crate::error::RunnerError;
use crate::ledger::{self, ROUND_FORMAT, Round};
use crate::probes::Listing;
use assay_core::publish::metrics::{Metric, MetricName};
use assay_store::keys::MONITOR;
use assay_store::{self as store, Place};
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use serde::{Deserialize, Serialize};

/// `monitor/heartbeat.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heartbeat {
    /// The version of the format.
    pub format: u32,
    /// The last round of the schedule that went over all suites to its end; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// When it had done so; before the first, since when there are probes.
    pub at: Timestamp,
}

fn path() -> Path {
    Path::from_iter([MONITOR.trim_end_matches('/'), "heartbeat.json"])
}

/// Writes down that `round` has gone over all suites.
///
/// # Errors
/// When the store fails.
pub(crate) async fn beat(place: &Place, round: &Round, at: Timestamp) -> Result<(), RunnerError> {
    let heartbeat = Heartbeat { format: ROUND_FORMAT, round: Some(round.id.clone()), at };
    let body = ledger::encoded(&path(), &heartbeat)?;
    // Of two rounds that end at the same moment either may stand.
    Ok(store::overwrite(&*place.store, &path(), body).await?)
}

/// How many hours ago the schedule last had all suites asked; before the first time, how long the oldest dataset lies there; 0
/// where there is none, since then nothing is missed.
///
/// # Errors
/// When the store fails, or the heartbeat cannot be read.
pub(crate) async fn hours_since(place: &Place, listing: &Listing, now: Timestamp) -> Result<f64, RunnerError> {
    let oldest = listing.oldest();
    // What could not be listed may well have a dataset.
    if oldest.is_none() && listing.complete {
        return Ok(0.0);
    }
    let since = match (ledger::read::<Heartbeat>(place, &path()).await?, oldest) {
        (Some(last), _) => last.at,
        // Written down, so that datasets which are put there anew every day do not hide that no schedule comes.
        (None, Some(oldest)) => {
            let first = Heartbeat { format: ROUND_FORMAT, round: None, at: oldest };
            ledger::create(place, &path(), first).await?.at
        }
        (None, None) => now,
    };
    Ok(now.duration_since(since).max(SignedDuration::ZERO).as_secs_f64() / 3600.0)
}

/// The metric of it.
pub(crate) fn metric(runner: &Runner, hours: f64, now: Timestamp) -> Metric {
    let name = MetricName::HoursSinceProbes;
    let stack = runner.evaluator.settings.stack.clone();
    let dimensions = name.dimensions().iter().copied().zip([stack]).collect();
    Metric { name, unit: name.unit(), dimensions, at: now, values: vec![(hours, 1.0)] }
}
