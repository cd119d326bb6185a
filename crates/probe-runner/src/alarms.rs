//! The alarms of a suite: put at the thresholds that its history asks for, before it is run, and removed when the suite goes.
//!
//! Which suites have alarms of ours is written down in `monitor/alarms/<suite>.json`, with what is still to be told of them:
//! a threshold that was loosened is told also where the process dies between putting it and telling.

use crate::context::Runner;
use crate::error::RunnerError;
use crate::ledger::{self, ROUND_FORMAT};
use crate::news;
use assay_core::publish::history::{HistoryLine, read_history};
use assay_core::spec::stamp;
use assay_monitor::alarm::{Alarm, Changes, Existing, Moved, SuiteAlarms, reconcile, suite_prefix};
use assay_monitor::threshold::{Rule, Subject, Thresholds, thresholds};
use assay_notice::{Notice, NoticeKind};
use assay_problem::Problem;
use assay_store::keys::MONITOR;
use assay_store::{self as store, Place, StoreError};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// `monitor/alarms/<suite>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    /// The version of the format.
    format: u32,
    /// The suite.
    suite: String,
    /// The application that its alarms watch.
    application: String,
    /// Whether it has alarms of ours; not any more once it is gone.
    watched: bool,
    /// What was changed and is not told yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    untold: Vec<String>,
}

fn folder() -> Path {
    Path::from_iter([MONITOR.trim_end_matches('/'), "alarms"])
}

fn path(suite: &str) -> Path {
    folder().join(format!("{suite}.json"))
}

/// A suite and its application.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suite<'a> {
    /// Its name.
    pub suite: &'a str,
    /// Its application.
    pub application: &'a str,
}

/// The history of a suite, and what it asks for. Runs of the round of `time` have no part in thresholds: nobody is judged by
/// one of its own making.
///
/// # Errors
/// When the history cannot be read.
pub(crate) async fn wanted(
    runner: &Runner,
    suite: Suite<'_>,
    time: Timestamp,
) -> Result<(Vec<HistoryLine>, Thresholds), RunnerError> {
    let settings = &runner.evaluator.settings;
    let history = read_history(&runner.evaluator.place, suite.suite).await?;
    let own = format!("{}-", stamp(time));
    let before: Vec<HistoryLine> = history.iter().filter(|line| !line.run.starts_with(&own)).cloned().collect();
    let actions: Vec<String> = settings.notice_topic.iter().cloned().collect();
    let rule = Rule { runs: settings.threshold_runs, deviations: settings.threshold_deviations };
    let found = thresholds(&subject(runner, suite, &actions), &before, &rule, Timestamp::now());
    Ok((history, found))
}

/// Whose thresholds they are.
pub(crate) fn subject<'a>(runner: &'a Runner, suite: Suite<'a>, actions: &'a [String]) -> Subject<'a> {
    let settings = &runner.evaluator.settings;
    let (stack, namespace) = (settings.stack.as_str(), settings.namespace.as_str());
    Subject { stack, namespace, application: suite.application, suite: suite.suite, actions }
}

/// Puts the alarms of a suite as its history asks for, and tells what was changed. Gives back what a person should look at.
///
/// # Errors
/// When CloudWatch, the store or the topic refuses or cannot be reached. What was changed by then is told the next time.
pub(crate) async fn renew(runner: &Runner, suite: Suite<'_>, time: Timestamp) -> Result<Vec<Problem>, RunnerError> {
    let (_, thresholds) = wanted(runner, suite, time).await?;
    for finding in &thresholds.findings {
        tracing::warn!(suite = suite.suite, %finding, "a threshold could not be made as usual");
    }
    change(runner, suite, &thresholds.alarms, true).await?;
    Ok(thresholds.findings)
}

/// Removes the alarms of suites that are gone: of those that have alarms of ours, all but `present`.
///
/// # Errors
/// As those of [`renew`].
pub(crate) async fn remove_others(runner: &Runner, present: &BTreeSet<&str>) -> Result<(), RunnerError> {
    let place = &runner.evaluator.place;
    for path in noted(place).await? {
        let Some(note) = ledger::read::<Watched>(place, &path).await? else { continue };
        let is_to_do = note.watched || !note.untold.is_empty();
        if is_to_do && !present.contains(note.suite.as_str()) {
            tracing::info!(suite = note.suite, "the suite is gone, and its alarms go too");
            let suite = Suite { suite: &note.suite, application: &note.application };
            change(runner, suite, &[], false).await?;
        }
    }
    Ok(())
}

async fn noted(place: &Place) -> Result<Vec<Path>, StoreError> {
    let listed = place.store.list(Some(&folder())).try_collect::<Vec<_>>().await;
    let listed = listed.map_err(|error| StoreError::new(folder().as_ref(), error))?;
    Ok(listed.into_iter().map(|meta| meta.location).collect())
}

/// Makes `wanted` of the alarms that the suite has, and tells what was changed, also by an earlier delivery that could not.
async fn change(runner: &Runner, suite: Suite<'_>, wanted: &[Alarm], watched: bool) -> Result<(), RunnerError> {
    let (place, settings) = (&runner.evaluator.place, &runner.evaluator.settings);
    let path = path(suite.suite);
    let before = ledger::read::<Watched>(place, &path).await?;
    let cloudwatch = runner.cloudwatch();
    let prefix = suite_prefix(&settings.stack, suite.suite);
    let existing = cloudwatch.alarms_that_begin_with(&prefix).await?;
    let changes = reconcile(wanted, &existing, &[SuiteAlarms::of(&settings.stack, &settings.namespace, suite.suite)]);
    let mut untold = before.as_ref().map(|note| note.untold.clone()).unwrap_or_default();
    if changes.are_to_be_told() {
        let news = facts(&changes);
        // An attempt that failed has noted the same.
        untold.retain(|told| !news.contains(told));
        untold.extend(news);
    }
    let (suite_name, application) = (suite.suite.to_owned(), suite.application.to_owned());
    let note = |untold| Watched {
        format: ROUND_FORMAT,
        suite: suite_name.clone(),
        application: application.clone(),
        watched,
        untold,
    };
    if changes.is_empty() && untold.is_empty() && before.is_none_or(|before| before.watched == watched) {
        return Ok(());
    }
    if !changes.is_empty() {
        write(place, &path, &note(untold.clone())).await?;
        cloudwatch.apply(&changes).await?;
        let (added, removed, loosened) = (changes.added.len(), changes.removed.len(), changes.loosened.len());
        let (tightened, changed) = (changes.tightened.len(), changes.changed.len());
        tracing::info!(suite = suite.suite, added, removed, loosened, tightened, changed, "put the suite's alarms");
    }
    if !untold.is_empty() {
        let mut notice =
            Notice::new(NoticeKind::AlarmsChanged, format!("{}: alarms have changed", suite.suite), untold);
        (notice.suite, notice.application) = (Some(suite_name.clone()), Some(application.clone()));
        news::tell(runner, &notice).await?;
    }
    write(place, &path, &note(Vec::new())).await
}

async fn write(place: &Place, path: &Path, note: &Watched) -> Result<(), RunnerError> {
    Ok(store::overwrite(&*place.store, path, ledger::encoded(path, note)?).await?)
}

/// A line for each change that people have to know of, the least watchful first.
fn facts(changes: &Changes) -> Vec<String> {
    let threshold =
        |existing: &Existing| existing.alarm.as_ref().map_or("another kind".to_owned(), |a| a.threshold.to_string());
    let moved = |how: &'static str| {
        move |moved: &Moved| {
            let (name, after) = (&moved.after.alarm_name, moved.after.threshold);
            format!("{how} {name}: the threshold was {} and is {after}", threshold(&moved.before))
        }
    };
    let loosened = changes.loosened.iter().map(moved("loosened"));
    let removed =
        changes.removed.iter().map(|gone| format!("removed {}: the threshold was {}", gone.name, threshold(gone)));
    let changed = changes.changed.iter().filter(|moved| moved.watches_otherwise()).map(moved("changed"));
    let added =
        changes.added.iter().map(|alarm| format!("added {}: the threshold is {}", alarm.alarm_name, alarm.threshold));
    loosened.chain(removed).chain(changed).chain(added).collect()
}
