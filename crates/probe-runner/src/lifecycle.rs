//! The life of the models that the stack and its probes name: metrics every hour, and what is news is told once.

use crate::context::Runner;
use crate::error::RunnerError;
use crate::probes::Listing;
use crate::{ledger, news};
use assay_core::run::dropped;
use assay_monitor::lifecycle::{LifecycleState, ModelLife, metrics, models_of};
use assay_notice::{Notice, NoticeKind};
use assay_store::keys::MONITOR;
use assay_store::{self as store, StoreError};
use jiff::Timestamp;
use object_store::path::Path;
use std::collections::BTreeSet;

fn path() -> Path {
    Path::from_iter([MONITOR.trim_end_matches('/'), "lifecycle.json"])
}

/// Looks at every model, publishes what is known of it, and tells what was not told before. Answers how many are looked at.
///
/// # Errors
/// When the metrics cannot be published, people cannot be told, or the store fails.
pub(crate) async fn look(runner: &Runner, listing: &Listing, now: Timestamp) -> Result<usize, RunnerError> {
    let evaluator = &runner.evaluator;
    let lives = lives(runner, listing, now).await?;
    for life in lives.iter().filter(|life| !life.is_known()) {
        tracing::warn!(model = life.model, what = life.words(), "nothing is known of the life of a model");
    }
    let metrics = metrics(&lives, now);
    if !metrics.is_empty() {
        evaluator.sink.publish(&metrics).await?;
    }
    let (place, path) = (&evaluator.place, path());
    // With its version: what another watch writes meanwhile is not overwritten.
    let (before, version) = ledger::read_versioned::<LifecycleState>(place, &path).await?.unzip();
    let before = before.unwrap_or_default();
    let (after, found) = before.news(&lives);
    if !found.is_empty() {
        let title = match found.as_slice() {
            [one] => format!("models: news of {}", one.model),
            several => format!("models: news of {} models", several.len()),
        };
        let facts = found.into_iter().map(|news| news.fact).collect();
        news::tell(runner, &Notice::new(NoticeKind::ModelLifecycle, title, facts)).await?;
    }
    if after != before {
        let body = ledger::encoded(&path, &after)?;
        let written = match version {
            Some(version) => store::replace(place, &path, body, version).await?,
            None => store::create(&*place.store, &path, body).await?,
        };
        if !written {
            tracing::info!("another watch has looked at the models meanwhile");
        }
    }
    Ok(lives.len())
}

/// The life of each model that the stack and its probes name, at the time `now`.
///
/// # Errors
/// When the store fails.
pub(crate) async fn lives(runner: &Runner, listing: &Listing, now: Timestamp) -> Result<Vec<ModelLife>, RunnerError> {
    let models = models(runner, listing).await?;
    Ok(runner.catalogue().look(models.iter().map(String::as_str), now).await)
}

/// Those of the stack, and those that the specs below `probes/` name: who answers, who judges, who makes embeddings,
/// and those of managed jobs.
async fn models(runner: &Runner, listing: &Listing) -> Result<BTreeSet<String>, RunnerError> {
    let mut models: BTreeSet<String> = runner.evaluator.settings.models().cloned().collect();
    let mut folders = BTreeSet::new();
    for meta in &listing.datasets {
        let key = meta.location.to_string();
        // Datasets side by side have the same spec.
        let folder = key.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        if !folders.insert(folder) {
            continue;
        }
        match dropped::spec_of(&key, &runner.evaluator.place).await {
            Ok(spec) => models.extend(spec.iter().flat_map(models_of)),
            Err(error @ StoreError::Denied { .. }) => tracing::warn!(key, %error, "a spec may not be read"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(models)
}
