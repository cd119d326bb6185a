//! One unit of delivery: all its alerts to all their destinations.

use crate::alert::Alert;
use crate::error::ForwardError;
use crate::forward::{Forwarded, Invocation, forward};
use crate::intake::Record;
use crate::routes::Destination;
use crate::slack::SlackError;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many messages were posted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Now.
    pub(crate) now: usize,
    /// By an earlier delivery.
    pub(crate) before: usize,
}

impl Counts {
    fn add(&mut self, forwarded: Forwarded) {
        match forwarded {
            Forwarded::Now => self.now += 1,
            Forwarded::Before => self.before += 1,
        }
    }
}

/// Posts a record. One destination that does not take an alert keeps it from no other; the first error is answered.
///
/// `read_again` says whether this invocation has read the secret once more already.
pub(crate) async fn post(
    invocation: Invocation<'_>,
    record: &Record,
    read_again: &AtomicBool,
) -> Result<Counts, ForwardError> {
    let mut counts = Counts::default();
    let mut first_error = None;
    for alert in &record.alerts {
        if let Err(error) = alert_to_all(invocation, alert, read_again, &mut counts).await {
            first_error.get_or_insert(error);
        }
    }
    first_error.map_or(Ok(counts), Err)
}

async fn alert_to_all(
    invocation: Invocation<'_>,
    alert: &Alert,
    read_again: &AtomicBool,
    counts: &mut Counts,
) -> Result<(), ForwardError> {
    let secret = &invocation.forwarder.secret;
    let routes = secret.routes().await?;
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for destination in routes.of(alert) {
        match told(invocation, alert, destination).await {
            Ok(forwarded) => {
                counts.add(forwarded);
                taken.push(destination);
            }
            Err(error) => failed.push((destination, error)),
        }
    }
    let is_dead = |error: &ForwardError| matches!(error, ForwardError::Slack(SlackError::Dead(_)));
    // The secret may name another webhook by now. It is asked once, however many records lead to a dead one.
    if failed.iter().any(|(_, error)| is_dead(error)) && !read_again.swap(true, Ordering::Relaxed) {
        tracing::warn!("Slack does not take what the secret says; it is read again");
        let newer = secret.routes_now().await?;
        let mut still = Vec::new();
        for destination in newer.of(alert).into_iter().filter(|destination| !taken.contains(destination)) {
            // What has not changed is as dead as before, or failed for another reason.
            if let Some(place) = failed.iter().position(|(other, _)| *other == destination) {
                still.push(failed.swap_remove(place).1);
                continue;
            }
            match told(invocation, alert, destination).await {
                Ok(forwarded) => counts.add(forwarded),
                Err(error) => still.push(error),
            }
        }
        return still.into_iter().next().map_or(Ok(()), Err);
    }
    failed.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

async fn told(invocation: Invocation<'_>, alert: &Alert, destination: &Destination) -> Result<Forwarded, ForwardError> {
    let forwarded = Box::pin(forward(invocation, alert, destination)).await;
    let (alarm, state) = (alert.identity.subject.as_str(), alert.identity.state.as_str());
    match &forwarded {
        Ok(Forwarded::Now) => tracing::info!(alarm, state, %destination, "posted"),
        Ok(Forwarded::Before) => tracing::info!(alarm, state, %destination, "posted before"),
        Err(error) => tracing::warn!(alarm, state, %destination, class = error.class(), "not taken"),
    }
    forwarded
}
