//! One unit of delivery: all its alerts to all their destinations.

use crate::alert::Alert;
use crate::error::ForwardError;
use crate::forward::{Forwarded, Invocation, forward};
use crate::intake::Record;
use crate::routes::Destination;
use crate::slack::SlackError;
use futures::future::join_all;

/// Characters of an alarm's ARN that the log shows; no ARN of an alarm is longer.
const LONGEST_LOGGED: usize = 400;

/// How many messages were posted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Now.
    pub(crate) now: usize,
    /// By an earlier delivery.
    pub(crate) before: usize,
}

impl Counts {
    /// Adds others.
    pub(crate) fn add(&mut self, other: Self) {
        self.now += other.now;
        self.before += other.before;
    }
}

impl From<Forwarded> for Counts {
    fn from(forwarded: Forwarded) -> Self {
        match forwarded {
            Forwarded::Now => Self { now: 1, before: 0 },
            Forwarded::Before => Self { now: 0, before: 1 },
            Forwarded::NoNews => Self::default(),
        }
    }
}

/// Posts a record. One alert that is not taken keeps no other back, nor does one destination; the first error is answered.
pub(crate) async fn post(invocation: Invocation<'_>, record: &Record) -> Result<Counts, ForwardError> {
    let posted = join_all(record.alerts.iter().map(|alert| alert_to_all(invocation, alert))).await;
    sum(posted)
}

fn sum<T: Into<Counts>>(posted: impl IntoIterator<Item = Result<T, ForwardError>>) -> Result<Counts, ForwardError> {
    let mut counts = Counts::default();
    for one in posted {
        counts.add(one?.into());
    }
    Ok(counts)
}

async fn alert_to_all(invocation: Invocation<'_>, alert: &Alert) -> Result<Counts, ForwardError> {
    let routes = invocation.reading.routes().await?;
    let mut told = to_each(invocation, alert, routes.of(alert)).await;
    let is_dead = |error: &ForwardError| matches!(error, ForwardError::Slack(SlackError::Dead { .. }));
    if !told.iter().any(|(_, told)| told.as_ref().is_err_and(is_dead)) {
        return sum(told.into_iter().map(|(_, told)| told));
    }
    // The secret may lead elsewhere by now. What has not changed is as dead as before, or failed for another reason; what
    // it does not name any more need not be told.
    let (mut results, mut others) = (Vec::new(), Vec::new());
    for destination in invocation.reading.routes_again().await?.of(alert) {
        match told.iter().position(|(before, _)| *before == destination) {
            Some(place) => results.push(told.swap_remove(place).1),
            None => others.push(destination),
        }
    }
    results.extend(told.into_iter().map(|(_, told)| told).filter(Result::is_ok));
    results.extend(to_each(invocation, alert, others).await.into_iter().map(|(_, told)| told));
    sum(results)
}

async fn to_each<'a>(
    invocation: Invocation<'_>,
    alert: &Alert,
    destinations: Vec<&'a Destination>,
) -> Vec<(&'a Destination, Result<Forwarded, ForwardError>)> {
    join_all(destinations.into_iter().map(async |it| (it, told(invocation, alert, it).await))).await
}

/// The beginning of a text that somebody may have made as long as a message can be.
fn clipped(text: &str) -> String {
    text.chars().take(LONGEST_LOGGED).collect()
}

async fn told(invocation: Invocation<'_>, alert: &Alert, destination: &Destination) -> Result<Forwarded, ForwardError> {
    let forwarded = Box::pin(forward(invocation, alert, destination)).await;
    let (alarm, state) = (&clipped(&alert.identity.subject), &clipped(&alert.identity.state));
    match &forwarded {
        Ok(Forwarded::Now) => tracing::info!(alarm, state, %destination, "posted"),
        Ok(Forwarded::Before) => tracing::info!(alarm, state, %destination, "posted before"),
        Ok(Forwarded::NoNews) => tracing::info!(alarm, state, %destination, "ends nothing that was told"),
        Err(error) => tracing::warn!(alarm, state, %destination, class = error.class(), "not taken"),
    }
    forwarded
}
