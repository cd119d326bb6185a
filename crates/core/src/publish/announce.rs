//! Tells the world of a finished run, in order: metrics, then people. Each step is written down in the claim, so that
//! a run that was cut off between two steps goes on with the next.

use crate::publish::finished::Finished;
use crate::publish::metrics::{MetricError, MetricName, MetricSink, of_run, of_stack};
use crate::publish::notice::{NoticeError, RunNews, Topic};
use crate::summary::RunStatus;
use assay_notice::Notice;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use assay_store::keys::RunKeys;
use assay_store::{Place, Stage, StoreError};

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

impl Classified for AnnounceError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Metrics(error) => error.classify(),
            Self::Notice(error) => error.classify(),
            Self::Store(error) => error.classify(),
            Self::Lost => ErrorKind::Claim.named("ClaimLost"),
        }
    }
}

/// Whom to tell, and what is to be said beside the run itself.
#[derive(Clone, Copy)]
pub struct Announcement<'a> {
    /// Where metrics go, if anywhere.
    pub sink: Option<&'a dyn MetricSink>,
    /// Where notices go, if anywhere.
    pub topic: Option<&'a Topic>,
    /// The stack that counts failed runs; none outside of one.
    pub stack: Option<&'a str>,
    /// Where the run lies.
    pub place: &'a Place,
    /// Its keys there.
    pub keys: &'a RunKeys,
    /// What the suite's history shows, a line each.
    pub trend: &'a [String],
}

/// Publishes the metrics and tells the notice, unless that was done before.
///
/// Should the process die after a step and before the claim tells of it, that step is done again: a notice or a metric
/// may come twice, but none is lost. The same holds for metrics that need several requests, when a later one is refused.
///
/// # Errors
/// When a step fails; the claim is given back, so that the next delivery goes on there at once.
pub async fn announce(finished: &Finished, announcement: Announcement<'_>) -> Result<(), AnnounceError> {
    let told = tell(finished, announcement).await;
    if told.is_err() {
        // If this fails too, the next delivery waits for the lease to end.
        let _ = finished.claim.release().await;
    }
    told
}

async fn tell(finished: &Finished, announcement: Announcement<'_>) -> Result<(), AnnounceError> {
    let Announcement { sink, topic, stack, place, keys, trend } = announcement;
    let (claim, summary) = (&finished.claim, &finished.summary);
    if claim.stage().await < Stage::Published {
        // Whoever has lost the claim meanwhile must not publish what its new holder publishes.
        if !claim.advance(Stage::Summarised).await? {
            return Err(AnnounceError::Lost);
        }
        if let Some(sink) = sink {
            let mut metrics = of_run(summary, &finished.summariser);
            let failed = stack.filter(|_| summary.status == RunStatus::Failed);
            metrics.extend(failed.map(|stack| of_stack(MetricName::RunsFailed, stack, summary.finished_at, 1.0)));
            sink.publish(&metrics).await?;
        }
        if !claim.advance(Stage::Published).await? {
            return Err(AnnounceError::Lost);
        }
    }
    if claim.stage().await < Stage::Done {
        if let Some(topic) = topic {
            let comparisons = &finished.comparisons;
            let mut notice = Notice::from(RunNews { summary, comparisons, trend, place, keys });
            notice.link = notice.report.as_deref().and_then(|report| topic.link_to(report));
            topic.tell(&notice).await?;
        }
        if !claim.advance(Stage::Done).await? {
            return Err(AnnounceError::Lost);
        }
    }
    Ok(())
}
