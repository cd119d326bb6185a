//! The page of a suite: its runs, the newest first, and the trend of every mean.

use super::drifts::DriftView;
use super::models::told;
use super::trends::{MOST_RUNS, Trends};
use super::{STYLE, excerpt, policy, rendered};
use crate::numbers::{moment, thousands};
use askama::Template;
use assay_core::publish::history::{HistoryLine, HistoryModel, drift};
use assay_core::summary::{RunStatus, Standing};
use std::collections::BTreeSet;

/// How many runs the table has, the newest.
const MOST_ROWS: usize = 200;
/// How many measures in which two models differ are named.
const MOST_NAMED: usize = 6;
/// What stands where there is nothing.
const NONE: &str = "–";

#[derive(Template)]
#[template(path = "suite.html")]
struct Page {
    title: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    suite: String,
    runs: String,
    scorers: Vec<String>,
    rows: Vec<RunRow>,
    rows_left_out: usize,
    trends: Trends,
    drift: DriftView,
    /// Whether any run was compared with a baseline, and any with another model.
    has_baseline: bool,
    has_pairs: bool,
    most_runs: usize,
    version: &'static str,
}

/// A run and model.
#[derive(Debug)]
struct RunRow {
    run: String,
    finished: String,
    state: (&'static str, &'static str, &'static str),
    recorded: bool,
    model: String,
    samples: String,
    failed: String,
    passed: String,
    means: Vec<String>,
    cost: String,
    /// Against the baseline: a class and words.
    baseline: (&'static str, &'static str),
    /// Against the first model of the run.
    first: (&'static str, String),
}

/// The page of `suite`, whose runs are `lines`, the oldest first. It lies in `suites/<suite>/` and links to the reports
/// in `runs/<suite>/`.
pub fn suite_page(suite: &str, lines: &[HistoryLine]) -> String {
    let shown = lines.get(lines.len().saturating_sub(MOST_ROWS)..).unwrap_or_default();
    let names = shown.iter().flat_map(|line| line.models.iter().flat_map(|model| model.means.keys()));
    let names: BTreeSet<&String> = names.collect();
    let names: Vec<&String> = names.into_iter().take(12).collect();
    let mut rows = Vec::new();
    for line in shown.iter().rev() {
        rows.extend(line.models.iter().take(24).map(|model| row(line, Some(model), &names)));
        if line.models.is_empty() {
            rows.push(row(line, None, &names));
        }
    }
    rendered(&Page {
        title: format!("{}: runs", excerpt(suite, 120)),
        policy: policy::policy(),
        style: STYLE,
        script: "",
        suite: excerpt(suite, 120),
        runs: thousands(lines.len() as u64),
        scorers: names.iter().map(|name| excerpt(name, 120)).collect(),
        rows_left_out: lines.len() - shown.len(),
        trends: Trends::of(lines, None),
        drift: lines.last().map_or_else(DriftView::default, |newest| DriftView::of(&drift(lines, newest.finished_at))),
        has_baseline: rows.iter().any(|row| row.baseline.1 != NONE),
        has_pairs: rows.iter().any(|row| row.first.1 != NONE),
        rows,
        most_runs: MOST_RUNS,
        version: assay_core::VERSION,
    })
}

fn row(line: &HistoryLine, model: Option<&HistoryModel>, names: &[&String]) -> RunRow {
    let state = match (line.status, line.gate_passed) {
        (RunStatus::Failed, _) => ("failed", "✗", "run failed"),
        (_, Some(false)) => ("failed", "✗", "gate failed"),
        (_, Some(true)) => ("passed", "✓", "gate passed"),
        (_, None) => ("unchecked", "–", "no gate"),
    };
    let mean = |name: &&String| {
        let found = model.and_then(|model| model.means.get(*name));
        found.map_or("–".to_owned(), |found| {
            format!("{}, n {}", told(Some(found.mean), found.interval), thousands(found.n))
        })
    };
    RunRow {
        run: excerpt(&line.run, 120),
        finished: moment(line.finished_at),
        state,
        recorded: line.recorded > 0,
        model: model.map_or("–".to_owned(), |model| excerpt(&model.model, 120)),
        samples: thousands(model.map_or(line.samples, |model| model.samples)),
        failed: model.map_or("–".to_owned(), |model| thousands(model.failed)),
        passed: model
            .and_then(|model| model.pass_rate)
            .map_or("–".to_owned(), |rate| format!("{:.1} %", rate * 100.0)),
        means: names.iter().map(mean).collect(),
        cost: model.and_then(|model| model.cost_usd).map_or("unknown".to_owned(), |cost| format!("{cost:.4}")),
        baseline: match model.and_then(|model| model.regressed) {
            None => ("same", NONE),
            Some(true) => ("worse", "▼ worse"),
            Some(false) => ("same", "not worse"),
        },
        first: model.and_then(|model| model.against_first.as_ref()).map_or(("same", NONE.to_owned()), standing),
    }
}

/// How a model stands against the first one of its run.
fn standing(found: &Standing) -> (&'static str, String) {
    let named = |sign: &str, measures: &[String]| {
        let names: Vec<String> = measures.iter().take(MOST_NAMED).map(|name| excerpt(name, 60)).collect();
        let rest = if measures.len() > MOST_NAMED { ", …" } else { "" };
        (!names.is_empty()).then(|| format!("{sign} {}{rest}", names.join(", ")))
    };
    let (worse, better) = (named("▼ worse in", &found.worse), named("▲ better in", &found.better));
    match (worse, better) {
        (None, None) => ("same", "no evidence of a difference".to_owned()),
        (Some(worse), None) => ("worse", worse),
        (None, Some(better)) => ("better", better),
        (Some(worse), Some(better)) => ("different", format!("{worse}; {better}")),
    }
}
