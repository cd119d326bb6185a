//! When a run has to end before it is done.

use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Two signals: ask nothing more, and wait for nothing more.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// After this, no model is asked anything new; what is under way may finish.
    pub asking: CancellationToken,
    /// After this, what is under way is given up.
    pub waiting: CancellationToken,
}

/// How long before a deadline the work is put down: writing, handing over and answering take time too.
const MARGIN: Duration = Duration::from_secs(20);

impl Stop {
    /// Signals of their own that follow these: one run of several may end early without ending the others.
    pub fn child(&self) -> Self {
        Self { asking: self.asking.child_token(), waiting: self.waiting.child_token() }
    }

    /// Stops in time before `deadline` while the handle lives. Of a short time, a fifth is kept as the margin.
    pub fn before(&self, deadline: Instant) -> AbortOnDropHandle<()> {
        let left = deadline.saturating_duration_since(Instant::now());
        let margin = MARGIN.min(left / 5);
        let stop = self.clone();
        AbortOnDropHandle::new(tokio::spawn(async move {
            tokio::time::sleep_until(deadline - margin).await;
            stop.asking.cancel();
            tokio::time::sleep_until(deadline - margin / 2).await;
            stop.waiting.cancel();
        }))
    }
}
