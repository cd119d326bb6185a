//! One unit of delivery: all its alerts to all their destinations.

use crate::alert::Alert;
use crate::error::ForwardError;
use crate::forward::{Forwarded, Invocation, forward};
use crate::intake::Record;
use crate::routes::Destination;
use crate::slack::SlackError;
use assay_problem::{Classified, clip};
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
    fn add(&mut self, other: Self) {
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

/// What became of a record, or of several.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What was posted, whatever failed beside it.
    pub(crate) counts: Counts,
    /// The first thing that failed.
    pub(crate) error: Option<ForwardError>,
}

impl Outcome {
    /// Adds another; of two errors the first is kept.
    pub(crate) fn add(&mut self, other: Self) {
        self.counts.add(other.counts);
        self.error = self.error.take().or(other.error);
    }

    fn failed(error: impl Into<ForwardError>) -> Self {
        Self { counts: Counts::default(), error: Some(error.into()) }
    }

    fn of(outcomes: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        let mut all = Self::default();
        for outcome in outcomes {
            all.add(outcome.into());
        }
        all
    }
}

impl From<Result<Forwarded, ForwardError>> for Outcome {
    fn from(told: Result<Forwarded, ForwardError>) -> Self {
        match told {
            Ok(forwarded) => Self { counts: forwarded.into(), error: None },
            Err(error) => Self::failed(error),
        }
    }
}

/// Posts a record. One alert that is not taken keeps no other back, nor does one destination.
pub(crate) async fn post(invocation: Invocation<'_>, record: &Record) -> Outcome {
    Outcome::of(join_all(record.alerts.iter().map(|alert| alert_to_all(invocation, alert))).await)
}

async fn alert_to_all(invocation: Invocation<'_>, alert: &Alert) -> Outcome {
    let routes = match invocation.reading.routes().await {
        Ok(routes) => routes,
        Err(error) => return Outcome::failed(error),
    };
    let mut told = to_each(invocation, alert, routes.of(alert)).await;
    let is_dead = |error: &ForwardError| matches!(error, ForwardError::Slack(SlackError::Dead { .. }));
    if !told.iter().any(|(_, told)| told.as_ref().is_err_and(is_dead)) {
        return Outcome::of(told.into_iter().map(|(_, told)| told));
    }
    // The secret may lead elsewhere by now. What has not changed is as dead as before, or failed for another reason; what
    // it does not name any more need not be told.
    let (mut results, mut others) = (Vec::new(), Vec::new());
    match invocation.reading.routes_again().await {
        Ok(routes) => {
            for destination in routes.of(alert) {
                match told.iter().position(|(before, _)| *before == destination) {
                    Some(place) => results.push(told.swap_remove(place).1),
                    None => others.push(destination),
                }
            }
        }
        Err(error) => results.push(Err(error.into())),
    }
    results.extend(told.into_iter().map(|(_, told)| told).filter(Result::is_ok));
    results.extend(to_each(invocation, alert, others).await.into_iter().map(|(_, told)| told));
    Outcome::of(results)
}

async fn to_each<'a>(
    invocation: Invocation<'_>,
    alert: &Alert,
    destinations: Vec<&'a Destination>,
) -> Vec<(&'a Destination, Result<Forwarded, ForwardError>)> {
    join_all(destinations.into_iter().map(async |it| (it, told(invocation, alert, it).await))).await
}

async fn told(invocation: Invocation<'_>, alert: &Alert, destination: &Destination) -> Result<Forwarded, ForwardError> {
    let forwarded = Box::pin(forward(invocation, alert, destination)).await;
    // What is no alarm has an id, and no state.
    // Somebody may have made both as long as a message can be.
    let clipped = |text: &String| clip(text.clone(), LONGEST_LOGGED);
    let (subject, state) = (clipped(&alert.identity.subject), clipped(&alert.identity.state));
    let (alarm, state, id) = match state.as_str() {
        "" => (None, None, Some(subject.as_str())),
        state => (Some(subject.as_str()), Some(state), None),
    };
    match &forwarded {
        Ok(Forwarded::Now) => tracing::info!(alarm, state, id, %destination, "posted"),
        Ok(Forwarded::Before) => tracing::info!(alarm, state, id, %destination, "posted before"),
        Ok(Forwarded::NoNews) => tracing::info!(alarm, state, id, %destination, "ends nothing that was told"),
        Err(error) => tracing::warn!(alarm, state, id, %destination, class = error.class(), "not taken"),
    }
    forwarded
}
