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
pub mod intake;
pub mod posted;
mod record;
pub mod render;
pub mod routes;
pub mod secret;
mod settings;
pub mod slack;

pub use error::ForwardError;
pub use settings::ForwarderSettings;

use assay_core::store::{Place, PlaceError};
use aws_config::SdkConfig;
use forward::Invocation;
use posted::Ledger;
use secret::Secret;
use serde_json::{Value, json};
use slack::Slack;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::time::Instant;

/// How long before the end of an invocation nothing more is asked of Slack, so that what was posted can be written down; at the
/// most a quarter of it.
const RESERVE: Duration = Duration::from_secs(3);
/// How long posting may take where nobody says when the invocation ends.
const WITHOUT_DEADLINE: Duration = Duration::from_secs(25);

/// What the function keeps between invocations.
pub struct Forwarder {
    secret: Secret,
    slack: Slack,
    ledger: Ledger,
}

impl Forwarder {
    /// Makes the clients with the settings of `config`. Nothing is asked yet.
    ///
    /// # Errors
    /// When the bucket's store refuses its settings.
    pub fn new(settings: &ForwarderSettings, config: &SdkConfig) -> Result<Self, PlaceError> {
        Ok(Self {
            secret: Secret::new(&settings.secret, config),
            slack: Slack::new(settings.endpoint.clone()),
            ledger: Ledger::new(Place::s3(&format!("s3://{}", settings.bucket), config)?),
        })
    }
}

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
) -> Result<Value, ForwardError> {
    let until = match deadline {
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            Instant::now() + (left - RESERVE.min(left / 4))
        }
        None => Instant::now() + WITHOUT_DEADLINE,
    };
    let mut records = intake::records(&event, request_id);
    // A queue does not keep the order; within one delivery it can be had for nothing.
    records.sort_by_key(|record| record.alerts.iter().filter_map(|alert| alert.since).min());
    let invocation = Invocation { forwarder, until, request_id };
    let is_queue = records.iter().any(|record| record.message_id.is_some());
    let (total, mut posted, mut posted_before) = (records.len(), 0, 0);
    let (mut failed, mut first_error) = (Vec::new(), None);
    let read_again = AtomicBool::new(false);
    for record in records {
        match Box::pin(record::post(invocation, &record, &read_again)).await {
            Ok(counts) => {
                posted += counts.now;
                posted_before += counts.before;
            }
            Err(error) => {
                let message = record.message_id.as_deref();
                tracing::error!(message, class = error.class(), error = %error.chain(), "not posted");
                failed.extend(record.message_id);
                first_error.get_or_insert(error);
            }
        }
    }
    tracing::info!(records = total, posted, posted_before, failed = failed.len(), "done");
    match first_error {
        // A batch that failed as a whole counts among the function's errors, which an alarm watches.
        Some(error) if !is_queue || failed.len() == total => Err(error),
        _ if is_queue => {
            let failed: Vec<Value> = failed.into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
            Ok(json!({ "batchItemFailures": failed }))
        }
        _ => Ok(json!({ "posted": posted, "posted_before": posted_before })),
    }
}
