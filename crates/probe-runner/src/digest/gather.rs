//! What a digest is made of: histories, alarms, the life of models, CloudWatch's sums, the invocation log. A part that cannot
//! be had says why, and keeps nobody from the others; only without the store there is no digest.

use super::calls;
use crate::context::{Invocation, Runner};
use crate::error::RunnerError;
use crate::{lifecycle, probes};
use assay_core::publish::history::{Drift, HistoryLine, drift, read_history};
use assay_monitor::alarm::{Existing, INVOCATION_THROTTLES, State, is_of_stack};
use assay_monitor::cloudwatch::{CloudWatch, CloudWatchError, SumOf};
use assay_monitor::digest::{DIGEST_FORMAT, Digest, Part, SpendingByModel, SuiteWeek, Week, add_suite};
use assay_monitor::lifecycle::ModelLife;
use assay_store::{Place, StoreError};
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::path::Path;
use std::collections::BTreeMap;

/// Gathers everything about the seven days before `time`.
///
/// # Errors
/// When the store fails.
pub(super) async fn gather(invocation: Invocation<'_>, time: Timestamp) -> Result<Digest, RunnerError> {
    let runner = invocation.runner;
    let (week, stack) = (Week::before(time), runner.evaluator.settings.stack.as_str());
    let models = lives(runner, time).await?;
    let cloudwatch = runner.cloudwatch();
    let mut digest = Digest {
        format: DIGEST_FORMAT,
        stack: stack.to_owned(),
        week,
        suites: Vec::new(),
        drifts: Vec::new(),
        spending: SpendingByModel::new(),
        alarms: part(raised(runner).await),
        throttles: part(throttles(cloudwatch, &models, week).await),
        calls: calls::calls(invocation, week).await?,
        models,
    };
    for suite in suites(&runner.evaluator.place).await? {
        let history = read_history(&runner.evaluator.place, &suite).await?;
        add_suite(&mut digest.spending, &history, week);
        digest.drifts.extend(worsening(&suite, &history, week));
        digest.suites.extend(SuiteWeek::of(&suite, &history, week));
    }
    Ok(digest)
}

fn part<T>(found: Result<T, CloudWatchError>) -> Part<T> {
    Part::of(found, |error| {
        tracing::warn!(%error, "a part of the digest is unknown");
        error.to_string()
    })
}

/// The names of all suites that ever had a run: those are folders of our own making.
async fn suites(place: &Place) -> Result<Vec<String>, StoreError> {
    let root = Path::from("suites");
    let found = place.store.list_with_delimiter(Some(&root)).await;
    let found = found.map_err(|error| StoreError::new(root.as_ref(), error))?;
    Ok(found.common_prefixes.iter().filter_map(|prefix| Some(prefix.filename()?.to_owned())).collect())
}

/// What gets worse in a suite that was run in this week.
fn worsening(suite: &str, history: &[HistoryLine], week: Week) -> Vec<String> {
    let found = drift(history, week.until);
    let is_new = |drift: &&Drift| week.has(drift.last_at);
    found.worsening_and_trusted().filter(is_new).map(|drift| format!("{suite}, {}", drift.told())).collect()
}

/// The life of each model that the stack and its probes name.
async fn lives(runner: &Runner, now: Timestamp) -> Result<Vec<ModelLife>, RunnerError> {
    let listing = probes::list(&runner.evaluator.place).await?;
    lifecycle::lives(runner, &listing, now).await
}

/// The alarms for models, for suites and on the stack itself that are raised.
async fn raised(runner: &Runner) -> Result<Vec<String>, CloudWatchError> {
    let settings = &runner.evaluator.settings;
    let (stack, namespace) = (settings.stack.as_str(), settings.namespace.as_str());
    let is_ours = |alarm: &Existing| is_of_stack(alarm, stack, namespace, settings.notice_topic.as_deref());
    let mut raised = Vec::new();
    for prefix in [format!("{stack}/"), format!("{stack}-")] {
        let alarms = runner.cloudwatch().alarms_that_begin_with(&prefix).await?.into_iter();
        raised.extend(alarms.filter(|alarm| alarm.state == State::Alarm && is_ours(alarm)).map(|alarm| alarm.name));
    }
    Ok(raised)
}

/// Throttled calls of each model in this week and in the one before. Where CloudWatch has no data, none was throttled.
async fn throttles(
    cloudwatch: &CloudWatch,
    models: &[ModelLife],
    week: Week,
) -> Result<BTreeMap<String, (f64, f64)>, CloudWatchError> {
    let of = |life: &ModelLife| SumOf { metric: INVOCATION_THROTTLES, of: life.model.clone() };
    let wanted: Vec<SumOf> = models.iter().map(of).collect();
    let previous = week.previous();
    let now = cloudwatch.sums(&wanted, week.since, week.until).await?;
    let before = cloudwatch.sums(&wanted, previous.since, previous.until).await?;
    let sums = now.into_iter().zip(before);
    Ok(sums.map(|(now, before)| (now.what.of, (now.sum.unwrap_or(0.0), before.sum.unwrap_or(0.0)))).collect())
}
