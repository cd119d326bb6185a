//! When an invocation ends.

use lambda_runtime::Context;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// When the invocation ends. A deadline in the past is none: some local runtimes send one.
pub fn deadline(context: &Context) -> Option<Instant> {
    let left = context.deadline().duration_since(SystemTime::now()).ok()?;
    (left > Duration::from_millis(100)).then(|| Instant::now() + left)
}
