//! What the runs of a suite came to in a week, from its history.

use super::week::Week;
use assay_core::compare::CHECKS;
use assay_core::publish::history::{HistoryLine, HistoryModel};
use assay_core::summary::RunStatus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The runs of a suite in a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuiteWeek {
    /// The suite.
    pub suite: String,
    /// Runs that were evaluated.
    pub completed: u64,
    /// Runs that could not be evaluated.
    pub failed: u64,
    /// Runs whose budget was used up.
    pub incomplete: u64,
    /// Runs whose gate passed.
    pub gates_passed: u64,
    /// Runs whose gate failed.
    pub gates_failed: u64,
    /// Runs in which a model was worse than the baseline.
    pub regressions: u64,
    /// What was measured, by dataset and model.
    pub measured: Vec<Measured>,
}

/// What the completed runs of one dataset measured of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The key of the dataset; none where runs of an early version did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// The model.
    pub model: String,
    /// Each measure by name; `checks` is the pass rate.
    pub measures: BTreeMap<String, Change>,
}

/// A measure in a week and in the one before it: the mean of the means of all completed runs whose answers were not all
/// recorded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The week before; none where there was no run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
    /// This week.
    pub now: f64,
}

impl SuiteWeek {
    /// The runs of `suite` in `week`; none where it had no run then.
    pub fn of(suite: &str, history: &[HistoryLine], week: Week) -> Option<Self> {
        let runs = || history.iter().filter(|line| week.has(line.finished_at));
        runs().next()?;
        let count = |is: &dyn Fn(&HistoryLine) -> bool| runs().filter(|line| is(line)).count() as u64;
        let before = means(history, week.previous());
        let mut measured: Vec<Measured> = Vec::new();
        for (key, now) in means(history, week) {
            let Key { dataset, model, measure } = key;
            let change = Change { before: before.get(&key).copied(), now };
            match measured.last_mut().filter(|last| last.dataset.as_deref() == dataset && last.model == model) {
                Some(last) => drop(last.measures.insert(measure.to_owned(), change)),
                None => measured.push(Measured {
                    dataset: dataset.map(str::to_owned),
                    model: model.to_owned(),
                    measures: BTreeMap::from([(measure.to_owned(), change)]),
                }),
            }
        }
        Some(Self {
            suite: suite.to_owned(),
            completed: count(&|line| line.status == RunStatus::Completed),
            failed: count(&|line| line.status == RunStatus::Failed),
            incomplete: count(&|line| line.status == RunStatus::Incomplete),
            gates_passed: count(&|line| line.gate_passed == Some(true)),
            gates_failed: count(&|line| line.gate_passed == Some(false)),
            regressions: count(&|line| line.models.iter().any(|model| model.regressed == Some(true))),
            measured,
        })
    }

    /// All runs.
    pub fn runs(&self) -> u64 {
        self.completed + self.failed + self.incomplete
    }
}

/// What a mean is of. Runs of other questions are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    dataset: Option<&'a str>,
    model: &'a str,
    measure: &'a str,
}

/// The mean of the runs' means. A run that is not complete measures nothing, nor do answers that were all recorded.
fn means(history: &[HistoryLine], week: Week) -> BTreeMap<Key<'_>, f64> {
    let counts = |line: &&HistoryLine| {
        week.has(line.finished_at) && line.status == RunStatus::Completed && !line.is_recorded_only()
    };
    let mut all: BTreeMap<Key<'_>, Vec<f64>> = BTreeMap::new();
    for line in history.iter().filter(counts) {
        for model in &line.models {
            for (measure, mean) in measures(model) {
                let key = Key { dataset: line.dataset.as_deref(), model: &model.model, measure };
                all.entry(key).or_default().push(mean);
            }
        }
    }
    all.into_iter().map(|(key, means)| (key, means.iter().sum::<f64>() / means.len() as f64)).collect()
}

fn measures(model: &HistoryModel) -> impl Iterator<Item = (&str, f64)> {
    let pass_rate = model.pass_rate.map(|rate| (CHECKS, rate));
    pass_rate.into_iter().chain(model.means.iter().map(|(name, mean)| (name.as_str(), mean.mean)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn line(finished_at: &str, more: Value) -> HistoryLine {
        let mut line = json!({"format": 1, "run": finished_at, "finished_at": finished_at, "status": "completed",
            "samples": 4, "dataset": "probes/faq/cases.jsonl", "models": [{"model": "m", "samples": 4, "failed": 0,
            "means": {"f1": {"n": 4, "mean": 0.5}}}]});
        more.as_object().unwrap().iter().for_each(|(key, value)| line[key] = value.clone());
        serde_json::from_value(line).unwrap()
    }

    fn of(history: &[HistoryLine]) -> Option<SuiteWeek> {
        SuiteWeek::of("faq", history, Week::before("2026-11-23T08:00:00Z".parse().unwrap()))
    }

    #[test]
    fn runs_are_counted_by_what_became_of_them() {
        let regressed =
            json!({"gate_passed": false, "models": [{"model": "m", "samples": 4, "failed": 0, "regressed": true}]});
        let history = [
            line("2026-11-16T07:59:59Z", json!({})),
            line("2026-11-16T08:00:00Z", json!({"gate_passed": true})),
            line("2026-11-17T08:00:00Z", regressed),
            line("2026-11-18T08:00:00Z", json!({"status": "failed"})),
            line("2026-11-19T08:00:00Z", json!({"status": "incomplete"})),
            line("2026-11-23T08:00:00Z", json!({})),
        ];
        let week = of(&history).unwrap();
        assert_eq!((week.runs(), week.completed, week.failed, week.incomplete), (4, 2, 1, 1));
        assert_eq!((week.gates_passed, week.gates_failed, week.regressions), (1, 1, 1));
        assert_eq!(of(&history[..1]), None);
    }

    #[test]
    fn means_are_compared_over_the_same_dataset_alone() {
        let mean = |mean: f64| {
            json!([{"model": "m", "samples": 4, "failed": 0, "pass_rate": mean / 2.0,
            "means": {"f1": {"n": 4, "mean": mean}}}])
        };
        let history = [
            line("2026-11-10T08:00:00Z", json!({"models": mean(0.75)})),
            line("2026-11-10T09:00:00Z", json!({"models": mean(0.1), "status": "failed"})),
            line("2026-11-10T10:00:00Z", json!({"models": mean(0.1), "recorded": 4})),
            line("2026-11-17T08:00:00Z", json!({"models": mean(0.5)})),
            line("2026-11-18T08:00:00Z", json!({"models": mean(0.25)})),
            line("2026-11-18T09:00:00Z", json!({"models": mean(1.0), "dataset": "probes/faq/other.jsonl"})),
        ];
        let measured = of(&history).unwrap().measured;
        assert_eq!(measured.len(), 2);
        assert_eq!(measured[0].dataset.as_deref(), Some("probes/faq/cases.jsonl"));
        // By hand: (0.5 + 0.25) / 2, and half of it.
        assert_eq!(measured[0].measures["f1"], Change { before: Some(0.75), now: 0.375 });
        assert_eq!(measured[0].measures["checks"], Change { before: Some(0.375), now: 0.1875 });
        assert_eq!(measured[1].measures["f1"], Change { before: None, now: 1.0 });
    }
}
