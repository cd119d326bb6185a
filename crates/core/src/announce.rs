//! Tells the world of a finished run, in order: metrics, then people. Each step is written down in the claim, so that
//! a run that was cut off between two steps goes on with the next.

use crate::metrics::{MetricError, MetricSink, of_run};
use crate::notice::{Notice, NoticeError, Topic};
use crate::run::Finished;
use crate::store::{Stage, StoreError};

/// The world could not be told.
#[derive(Debug, thiserror::Error)]
pub enum AnnounceError {
    /// Metrics could not be published.
    #[error(transparent)]
    Metrics(#[from] MetricError),
    /// The notice could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// The claim could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else has taken the run over and tells the rest.
    #[error("another delivery has taken the run over")]
    Lost,
}

/// Publishes the metrics and tells the notice, unless that was done before. `place` is where the summary lies.
///
/// Should the process die after a step and before the claim tells of it, that step is done again: a notice or a metric
/// may come twice, but none is lost. The same holds for metrics that need several requests, when a later one is refused.
///
/// # Errors
/// When a step fails; the claim is given back, so that the next delivery goes on there at once.
pub async fn announce(
    finished: &Finished,
    sink: Option<&dyn MetricSink>,
    topic: Option<&Topic>,
    place: &str,
) -> Result<(), AnnounceError> {
    let told = tell(finished, sink, topic, place).await;
    if told.is_err() {
        // If this fails too, the next delivery waits for the lease to end.
        let _ = finished.claim.release().await;
    }
    told
}

async fn tell(
    finished: &Finished,
    sink: Option<&dyn MetricSink>,
    topic: Option<&Topic>,
    place: &str,
) -> Result<(), AnnounceError> {
    let claim = &finished.claim;
    if claim.stage().await < Stage::Published {
        // Whoever has lost the claim meanwhile must not publish what its new holder publishes.
        if !claim.advance(Stage::Summarised).await? {
            return Err(AnnounceError::Lost);
        }
        if let Some(sink) = sink {
            sink.publish(&of_run(&finished.summary, &finished.summariser)).await?;
        }
        if !claim.advance(Stage::Published).await? {
            return Err(AnnounceError::Lost);
        }
    }
    if claim.stage().await < Stage::Done {
        if let Some(topic) = topic {
            topic.tell(&Notice::of_run(&finished.summary, place)).await?;
        }
        if !claim.advance(Stage::Done).await? {
            return Err(AnnounceError::Lost);
        }
    }
    Ok(())
}
