//! The lines of a suite's history to thresholds.

use super::alarm::alarm_of;
use super::measured::{Measured, Threshold, number, rounded};
use super::{PASS_RATE, Rule, Subject, bound};
use crate::alarm::{Alarm, short};
use assay_core::publish::history::{HistoryLine, HistoryModel};
use assay_core::summary::RunStatus;
use assay_problem::Problem;
use assay_store::keys::SuiteKeys;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Of how many runs a threshold is made at the most, the newest: what was a year ago is no longer usual. A rule that needs
/// more runs gets as many as it needs.
pub(super) const MOST_RUNS: usize = 20;
/// How far clocks may differ before a run counts as one from the future.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A model that has not enough runs yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The model.
    pub model: String,
    /// The measure.
    pub measure: String,
    /// The runs it has.
    pub runs: usize,
}

/// What a suite's history asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thresholds {
    /// The thresholds, by model and measure.
    pub thresholds: Vec<Threshold>,
    /// Their alarms, in the same order.
    pub alarms: Vec<Alarm>,
    /// What has too few runs to have a threshold.
    pub waiting: Vec<Waiting>,
    /// What a person should look at.
    pub findings: Vec<Problem>,
}

/// The thresholds of a suite by its `history`, in any order.
///
/// Only completed runs count, and of them only those for which models were asked: recorded answers measure no model. A run
/// that ended after `now` is left out and told. For each model and measure the newest twenty values count, or [`Rule::runs`]
/// where that is more; a model that none of the last [`Rule::runs`] runs has asked is no longer watched, nor is what a judge
/// says whom nobody had reason to trust in the newest run.
pub fn thresholds(subject: &Subject<'_>, history: &[HistoryLine], rule: &Rule, now: Timestamp) -> Thresholds {
    let mut found = Thresholds::default();
    let place = SuiteKeys::new(subject.suite).history().to_string();
    let latest = now + CLOCK_TOLERANCE;
    for line in history.iter().filter(|line| line.finished_at > latest) {
        let message = format!("the run `{}` ended at {}, which is still to come", line.run, line.finished_at);
        let remedy = "it has no part in thresholds; set the clock of the machine that ran it";
        found.findings.push(Problem::warning(&place, message).remedy(remedy));
    }
    let counts = |line: &&HistoryLine| {
        line.status == RunStatus::Completed && line.finished_at <= latest && !line.is_recorded_only()
    };
    let mut lines: Vec<&HistoryLine> = history.iter().filter(counts).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.finished_at, &line.run)));
    let last = lines.iter().take(rule.runs.max(1) as usize);
    let watched: BTreeSet<&str> = last.flat_map(|line| &line.models).map(|model| model.model.as_str()).collect();
    let most = MOST_RUNS.max(rule.runs as usize);
    let counts_now = |model: &str, name: &str| {
        let of_model = lines.iter().find_map(|line| line.models.iter().find(|found| found.model == model));
        of_model.and_then(|found| found.means.get(name)).is_none_or(|mean| mean.counts(name))
    };
    let mut values: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for model in lines.iter().flat_map(|line| &line.models).filter(|model| watched.contains(model.model.as_str())) {
        for (name, value) in numbers(model) {
            let values = values.entry((&model.model, name)).or_default();
            if values.len() < most && value.is_finite() {
                values.push(value);
            }
        }
    }
    for ((model, name), values) in values.into_iter().filter(|((model, name), _)| counts_now(model, name)) {
        let Some(measured) = Measured::of(name) else { continue };
        let Some(bound) = bound(&values, f64::from(rule.deviations), measured.scale, measured.direction) else {
            continue;
        };
        if values.len() < rule.runs as usize {
            found.waiting.push(Waiting { model: model.to_owned(), measure: name.to_owned(), runs: values.len() });
            continue;
        }
        let Some(value) = bound.threshold.map(rounded) else {
            let message = format!(
                "{name} of {} is usually {} and cannot become worse by more than 1 % of its range",
                short(model),
                number(bound.median)
            );
            let remedy = "it has no alarm; look whether the dataset suits the model";
            found.findings.push(Problem::warning(&place, message).remedy(remedy));
            continue;
        };
        let threshold = Threshold { model: model.to_owned(), measured, runs: values.len(), bound, value };
        found.alarms.push(alarm_of(subject, rule, &threshold));
        found.thresholds.push(threshold);
    }
    found
}

/// The numbers of a model in one run, by name.
fn numbers(model: &HistoryModel) -> impl Iterator<Item = (&str, f64)> {
    let means = model.means.iter().map(|(name, mean)| (name.as_str(), mean.mean));
    means.chain(model.pass_rate.map(|rate| (PASS_RATE, rate)))
}
