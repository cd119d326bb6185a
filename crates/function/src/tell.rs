//! A finished run, told: its files for people, its metrics, its notice.

use assay_core::collect::Stop;
use assay_core::publish::Finished;
use assay_core::publish::history;
use assay_core::publish::metrics::MetricSink;
use assay_core::publish::notice::Topic;
use assay_core::publish::{AnnounceError, Announcement, announce};
use assay_problem::chain;
use assay_report::{markdown_compared, publish};
use assay_store::keys::RunKeys;
use assay_store::{self as store, Place};

/// Where a run is told.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// The stack's bucket.
    pub place: &'a Place,
    /// Where its metrics go.
    pub sink: &'a dyn MetricSink,
    /// Where notices go, if anywhere.
    pub topic: Option<&'a Topic>,
    /// The stack's name, under which failed runs are counted.
    pub stack: &'a str,
    /// When there is no time left.
    pub stop: &'a Stop,
}

/// Writes what people read of the run, publishes its metrics and tells the topic, each as far as that was not done before.
///
/// # Errors
/// When a step fails that the next delivery has to repeat.
pub async fn tell(finished: &Finished, keys: &RunKeys, telling: Telling<'_>) -> Result<(), AnnounceError> {
    let Telling { place, sink, topic, stack, stop } = telling;
    let summary = &finished.summary;
    let (run, suite) = (summary.run.as_str(), summary.suite.as_str());
    let text = markdown_compared(summary, &finished.comparisons);
    if finished.claim.is_reopened().await {
        store::overwrite(&*place.store, &keys.summary_markdown(), text).await?;
    } else {
        store::create(&*place.store, &keys.summary_markdown(), text).await?;
    }
    // The reports can be made again from the records at any time, so their failure keeps nobody from being told of the run,
    // and they do not use up the time that telling needs.
    let reports = publish(place, keys, summary, &finished.comparisons);
    tokio::select! {
        written = reports => if let Err(error) = written {
            tracing::error!(run, suite, error = %chain(&error), "the report was not written; `assay report` can");
        },
        () = stop.asking.cancelled() => {
            tracing::error!(run, suite, "no time was left for the report; `assay report` can write it");
        }
    }
    let trend = history::trend_facts(place, summary).await;
    announce(finished, Announcement { sink: Some(sink), topic, stack: Some(stack), place, keys, trend: &trend })
        .await?;
    let status = summary.status;
    tracing::info!(run, suite, ?status, samples = summary.dataset.samples, "evaluated");
    Ok(())
}
