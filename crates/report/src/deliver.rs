//! What follows a committed summary, for every run: its files for people, the suite's history, its metrics, its notice.
//!
//! Where they go, and what is said of them on a terminal or in a log, is left to the doors.

use crate::markdown::markdown_compared;
use crate::publish::{Published, ReportError, publish};
use assay_core::collect::Stop;
use assay_core::publish::metrics::MetricSink;
use assay_core::publish::notice::Topic;
use assay_core::publish::{AnnounceError, Announcement, Finished, announce, history};
use assay_store::keys::RunKeys;
use assay_store::{self as store, Place};

/// Where a finished run is delivered.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// Where the run lies.
    pub place: &'a Place,
    /// Its keys there.
    pub keys: &'a RunKeys,
    /// Where its metrics go.
    pub sink: &'a dyn MetricSink,
    /// Where notices go, if anywhere.
    pub topic: Option<&'a Topic>,
    /// The stack that counts failed runs; none outside of one.
    pub stack: Option<&'a str>,
    /// When there is no time left for the reports; none where time does not run out.
    pub stop: Option<&'a Stop>,
}

/// What came of the pages and of JUnit XML. They can be made again from the records at any time.
#[derive(Debug)]
pub enum Reports {
    /// They are written.
    Written(Published),
    /// They could not be written.
    Failed(ReportError),
    /// No time was left for them.
    Skipped,
}

/// Writes the files that people read of the run, brings the suite's history up to date, publishes its metrics and sends its
/// notice, each as far as that was not done before. The reports come before the run counts as done, so that a run that was cut
/// off between is continued; that they fail keeps nothing else back. `written` is told at once what came of them.
///
/// # Errors
/// When a step fails that has to be done again: everything but the reports.
pub async fn deliver(
    finished: &Finished,
    delivery: Delivery<'_>,
    written: impl FnOnce(Reports),
) -> Result<(), AnnounceError> {
    let Delivery { place, keys, sink, topic, stack, stop } = delivery;
    let Finished { summary, comparisons, .. } = finished;
    let text = markdown_compared(summary, comparisons);
    if finished.claim.is_reopened().await {
        store::overwrite(&*place.store, &keys.summary_markdown(), text).await?;
    } else {
        store::create(&*place.store, &keys.summary_markdown(), text).await?;
    }
    let stopped = async {
        match stop {
            Some(stop) => stop.asking.cancelled().await,
            None => std::future::pending().await,
        }
    };
    written(tokio::select! {
        reports = publish(place, keys, summary, comparisons) => reports.map_or_else(Reports::Failed, Reports::Written),
        () = stopped => Reports::Skipped,
    });
    let trend = if keys.is_alone() { Vec::new() } else { history::trend_facts(place, summary).await };
    announce(finished, Announcement { sink: Some(sink), topic, stack, place, keys, trend: &trend }).await
}
