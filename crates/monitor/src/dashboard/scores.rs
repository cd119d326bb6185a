//! The dashboard of suites' scores: for each suite and measure a graph with a line for each model, and the baseline's value
//! and the alarm's threshold of each model drawn across it.

use super::page::{MOST_METRICS, MOST_WIDGETS, Page};
use crate::alarm::short;
use crate::threshold::{Measured, PASS_RATE, Subject, Threshold, Thresholds};
use assay_core::publish::history::{HistoryLine, HistoryModel};
use assay_core::publish::metrics::dimension_value;
use assay_core::summary::RunStatus;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds: runs come once a day or once a week.
const DAY: u32 = 86_400;
/// Of how many of the last runs the models and measures are shown.
const RECENT_RUNS: usize = 5;
/// Graphs side by side.
const COLUMNS: u64 = 3;
/// Rows of a graph.
const GRAPH: u64 = 6;

/// What the dashboard shows.
#[derive(Debug, Clone, Copy)]
pub struct Scores<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The Region.
    pub region: &'a str,
    /// The namespace of our metrics.
    pub namespace: &'a str,
    /// The suites, in order.
    pub suites: &'a [SuiteScores],
}

/// What is known of one suite.
#[derive(Debug, Clone, PartialEq)]
pub struct SuiteScores {
    /// The suite.
    pub suite: String,
    /// Its application.
    pub application: String,
    /// Its graphs.
    pub graphs: Vec<Graph>,
}

/// One measure of a suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// What is measured.
    pub measured: Measured,
    /// The models that have it, each with its baseline and its threshold where there is one.
    pub models: BTreeMap<String, (Option<f64>, Option<f64>)>,
}

impl SuiteScores {
    /// What the last runs of a suite have. `baseline` is the id of the run that others are compared with; its values are
    /// taken from the history, and are left out where it is not in there.
    pub fn of(subject: &Subject<'_>, history: &[HistoryLine], baseline: Option<&str>, thresholds: &Thresholds) -> Self {
        let mut lines: Vec<&HistoryLine> = history.iter().filter(|line| line.status == RunStatus::Completed).collect();
        lines.sort_by_key(|line| std::cmp::Reverse((line.finished_at, &line.run)));
        let reference = history.iter().find(|line| Some(line.run.as_str()) == baseline);
        let mut names: BTreeSet<(bool, &str)> = BTreeSet::new();
        let mut models: BTreeSet<(&str, &str)> = BTreeSet::new();
        for model in lines.iter().take(RECENT_RUNS).flat_map(|line| &line.models) {
            for (name, _) in numbers(model) {
                // The pass rate comes first.
                names.insert((name != PASS_RATE, name));
                models.insert((name, &model.model));
            }
        }
        let graph = |name: &str| {
            let of_model = |model: &str| {
                let reference = reference.and_then(|line| line.models.iter().find(|found| found.model == model));
                let reference = reference.and_then(|model| numbers(model).find(|(found, _)| *found == name));
                let is_of = |threshold: &&Threshold| threshold.model == model && threshold.measured.name == name;
                let threshold = thresholds.thresholds.iter().find(is_of);
                (reference.map(|(_, value)| value), threshold.map(|threshold| threshold.value))
            };
            let models = models.iter().filter(|(found, _)| *found == name);
            let models = models.map(|(_, model)| ((*model).to_owned(), of_model(model))).collect();
            Some(Graph { measured: Measured::of(name)?, models })
        };
        Self {
            suite: subject.suite.to_owned(),
            application: subject.application.to_owned(),
            graphs: names.iter().filter_map(|(_, name)| graph(name)).collect(),
        }
    }
}

/// The numbers of a model in one run, by name.
fn numbers(model: &HistoryModel) -> impl Iterator<Item = (&str, f64)> {
    let means = model.means.iter().map(|(name, mean)| (name.as_str(), mean.mean));
    means.chain(model.pass_rate.map(|rate| (PASS_RATE, rate)))
}

/// The dashboard's body, and how many graphs had no room in it.
pub fn scores(parts: &Scores<'_>) -> (Value, usize) {
    let mut page = Page::default();
    page.heading(&format!("## {}: scores, baselines, thresholds", parts.stack));
    let mut left_out = 0;
    for suite in parts.suites {
        // One for the suite's heading.
        let room = MOST_WIDGETS.saturating_sub(page.len() + 1);
        left_out += suite.graphs.len().saturating_sub(room);
        if room == 0 || suite.graphs.is_empty() {
            continue;
        }
        page.heading(&format!("### {}", suite.suite));
        let graphs = suite.graphs.iter().take(room).map(|graph| widget(parts, suite, graph));
        page.grid(GRAPH, COLUMNS, graphs.collect());
    }
    (page.body("-P13W"), left_out)
}

fn widget(parts: &Scores<'_>, suite: &SuiteScores, graph: &Graph) -> (&'static str, Value) {
    let measured = &graph.measured;
    let line = |model: &String| {
        let values = [model.as_str(), &suite.application, &suite.suite];
        let values = values.into_iter().chain(measured.part.as_deref()).map(dimension_value);
        let names = measured.metric.dimensions().iter().map(|name| (*name).to_owned());
        let pairs = names.zip(values).flat_map(|(name, value)| [name, value]);
        let line = [parts.namespace.to_owned(), measured.metric.name().to_owned()].into_iter().chain(pairs);
        let mut line: Vec<Value> = line.map(Value::from).collect();
        line.push(json!({ "label": short(model) }));
        Value::from(line)
    };
    let across = graph.models.iter().flat_map(|(model, (baseline, threshold))| {
        let model = short(model);
        let line = |value: &Option<f64>, what: &str| {
            value.map(|value| json!({ "label": format!("{model}: {what}"), "value": value }))
        };
        [line(baseline, "baseline"), line(threshold, "alarm")].into_iter().flatten()
    });
    let mut properties = json!({
        "title": format!("{}: {}", suite.suite, measured.name), "region": parts.region, "view": "timeSeries",
        "stacked": false, "stat": "Average", "period": DAY,
        "metrics": graph.models.keys().take(MOST_METRICS).map(line).collect::<Vec<_>>(),
        "annotations": { "horizontal": across.collect::<Vec<_>>() },
    });
    let (low, high) = (measured.scale.low(), measured.scale.high());
    if low.is_finite() && high.is_finite() {
        properties["yAxis"] = json!({ "left": { "min": low, "max": high } });
    }
    ("metric", properties)
}
