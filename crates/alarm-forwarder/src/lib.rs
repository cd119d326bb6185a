//! The function `alarm-forwarder`: alarms, Assay's notices and whatever else a topic, a queue or the event bus brings, to
//! Slack.
//!
//! [`intake`] reads an event into [`Record`](intake::Record)s, each with its [`Alert`](alert::Alert)s; [`render`] makes of an
//! alert what Slack shows. Both are pure: nothing here asks anybody. Delivery takes it from there.

pub mod alert;
pub mod intake;
pub mod render;

use serde_json::Value;
use tokio::time::Instant;

/// What the function keeps between invocations.
#[derive(Debug, Default)]
pub struct Forwarder {}

/// An event could not be forwarded as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    /// Nothing delivers alerts yet.
    #[error("{0} alerts were read and not delivered, as there is no delivery")]
    NoDelivery(usize),
}

/// Forwards what `event` brings.
///
/// # Errors
/// When an alert was not accepted by Slack.
pub async fn handle(
    event: Value,
    _forwarder: &Forwarder,
    _deadline: Option<Instant>,
    request_id: &str,
) -> Result<Value, ForwardError> {
    let records = intake::records(&event, request_id);
    Err(ForwardError::NoDelivery(records.iter().map(|record| record.alerts.len()).sum()))
}
