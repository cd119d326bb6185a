//! Waiting that is precise to about a tenth of a millisecond. When to wait is left to the callers.

use std::time::{Duration, Instant};

/// The runtime's own timer rounds up to whole milliseconds, twice: a tenth of a short latency and more, which benchmarks
/// against the stand-in may not lose. A thread sleeps for this last bit of the time.
const ROUNDING: Duration = Duration::from_millis(2);

/// Returns at the moment, or at once when it has passed.
pub(crate) async fn until(moment: Instant) {
    let left = || moment.saturating_duration_since(Instant::now());
    if let Some(rough) = left().checked_sub(ROUNDING) {
        tokio::time::sleep(rough).await;
    }
    let rest = left();
    if !rest.is_zero() {
        // An error means that the runtime ends, and with it the stand-in.
        let _ = tokio::task::spawn_blocking(move || std::thread::sleep(rest)).await;
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn nobody_is_woken_early() {
        let start = Instant::now();
        let waits = [30, 1, 20, 0, 10].map(|milliseconds| async move {
            let moment = start + Duration::from_millis(milliseconds);
            until(moment).await;
            assert!(Instant::now() >= moment);
        });
        join_all(waits).await;
    }
}
