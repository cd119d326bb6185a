//! Ctrl-C: put the work down in good order.

use crate::output;
use assay_core::collect::Stop;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// How long answers that are under way are waited for.
const GRACE: Duration = Duration::from_secs(10);

/// Stops at Ctrl-C (or a polite end from outside) while the handle lives. A second Ctrl-C ends the process at once;
/// what was written stays.
pub(crate) fn stop_at_interrupt(stop: &Stop) -> AbortOnDropHandle<()> {
    let stop = stop.clone();
    AbortOnDropHandle::new(tokio::spawn(async move {
        wait_for_interrupt().await;
        output::notes("\nstopping: waiting for answers that are under way (Ctrl-C again to end at once)");
        stop.asking.cancel();
        tokio::select! {
            () = wait_for_interrupt() => std::process::exit(130),
            () = tokio::time::sleep(GRACE) => stop.waiting.cancel(),
        }
        wait_for_interrupt().await;
        std::process::exit(130);
    }))
}

/// Returns at the next interrupt.
pub(crate) async fn wait_for_interrupt() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for; the process then ends as the system does it.
    let _ = tokio::signal::ctrl_c().await;
}
