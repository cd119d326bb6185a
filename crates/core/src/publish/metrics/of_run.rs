//! A run's summary and its distributions to metrics.

use super::names::{MODEL_DIMENSIONS, RUN_DIMENSIONS, STACK_DIMENSIONS};
use super::{Metric, MetricName};
use crate::summary::{ModelSummary, RunStatus, Summariser, Summary};
use assay_score::stats::Distribution;

/// The metrics of a finished run. Distributions keep every value, so percentiles work. A run whose budget was used up has
/// one metric alone: the numbers of its first part are not those of the dataset, and should it go on, they would be
/// counted twice.
pub fn of_run(summary: &Summary, summariser: &Summariser) -> Vec<Metric> {
    let mut metrics = Vec::new();
    if summary.status != RunStatus::Incomplete {
        for model in &summary.models {
            of_model(summary, model, summariser, &mut metrics);
        }
        of_judge(summary, &mut metrics);
    }
    let run: Vec<_> = RUN_DIMENSIONS.into_iter().zip([summary.application.clone(), summary.suite.clone()]).collect();
    if let Some(verdict) = &summary.gate {
        metrics.push(metric(summary, MetricName::GatePassed, &run, once(f64::from(u8::from(verdict.passed)))));
    }
    let ended = match summary.status {
        RunStatus::Completed => MetricName::RunCompleted,
        RunStatus::Failed => MetricName::RunFailed,
        RunStatus::Incomplete => MetricName::RunIncomplete,
    };
    metrics.push(metric(summary, ended, &run, once(1.0)));
    metrics
}

/// Adds the metrics of one model of the run.
fn of_model(summary: &Summary, model: &ModelSummary, summariser: &Summariser, metrics: &mut Vec<Metric>) {
    let dimensions = model_dimensions(summary, &model.model);
    let mut add = |name: MetricName, values: Vec<(f64, f64)>| {
        if !values.is_empty() {
            metrics.push(metric(summary, name, &dimensions, values));
        }
    };
    add(MetricName::SamplesTotal, once(model.samples as f64));
    add(MetricName::SamplesFailed, once(model.failed as f64));
    if let Some(regressed) = model.regressed {
        add(MetricName::Regression, once(f64::from(u8::from(regressed))));
    }
    let Some((_, tally)) = summariser.tallies().find(|(name, _)| *name == model.model) else { return };
    add(MetricName::SamplesUnscored, once(tally.unscored as f64));
    let mut parts = Vec::new();
    for (name, scores) in &tally.scores {
        let values = counted(&scores.values);
        match name.parse().map(|measure| MetricName::of_measure(&measure)) {
            Ok((name, None)) => add(name, values),
            Ok((name, Some(part))) => parts.push((name, part, values)),
            Err(_) => {}
        }
    }
    // As in the summary, a sample without an answer has not passed: so the average is the pass rate.
    let (checked, passed) = tally.checked;
    let not_passed = model.checked.max(checked) - passed;
    let checks = [(0.0, not_passed as f64), (1.0, passed as f64)];
    add(MetricName::ChecksPassed, checks.into_iter().filter(|(_, count)| *count > 0.0).collect());
    add(MetricName::ModelLatency, counted(&tally.latency_ms));
    if let Some(usage) = tally.calls.own {
        add(MetricName::InputTokens, once(usage.input_tokens as f64));
        add(MetricName::OutputTokens, once(usage.output_tokens as f64));
    }
    if let Some(cost) = &model.cost {
        add(MetricName::CostUsd, once(cost.usd));
    }
    for (name, part, values) in parts.into_iter().filter(|(_, _, values)| !values.is_empty()) {
        let own = name.dimensions().last().map(|dimension| (*dimension, part));
        let dimensions: Vec<_> = dimensions.iter().cloned().chain(own).collect();
        metrics.push(metric(summary, name, &dimensions, values));
    }
}

/// Adds the metrics of the run's judge, where its usage is known.
fn of_judge(summary: &Summary, metrics: &mut Vec<Metric>) {
    let Some(judge) = &summary.judge else { return };
    let Some(usage) = judge.usage else { return };
    let dimensions = model_dimensions(summary, &judge.model);
    let mut add = |name, value| metrics.push(metric(summary, name, &dimensions, once(value)));
    add(MetricName::JudgeInputTokens, usage.input_tokens as f64);
    add(MetricName::JudgeOutputTokens, usage.output_tokens as f64);
    if let Some(cost) = &judge.cost {
        add(MetricName::JudgeCostUsd, cost.usd);
    }
}

fn metric(
    summary: &Summary,
    name: MetricName,
    dimensions: &[(&'static str, String)],
    values: Vec<(f64, f64)>,
) -> Metric {
    Metric { name, unit: name.unit(), dimensions: dimensions.to_vec(), at: summary.finished_at, values }
}

fn model_dimensions(summary: &Summary, model: &str) -> Vec<(&'static str, String)> {
    let values = [model.to_owned(), summary.application.clone(), summary.suite.clone()];
    MODEL_DIMENSIONS.into_iter().zip(values).collect()
}

/// A value that occurs once.
fn once(value: f64) -> Vec<(f64, f64)> {
    vec![(value, 1.0)]
}

/// A metric of a stack as a whole.
pub fn of_stack(name: MetricName, stack: &str, at: jiff::Timestamp, value: f64) -> Metric {
    let dimensions = STACK_DIMENSIONS.into_iter().zip([stack.to_owned()]).collect();
    Metric { name, unit: name.unit(), dimensions, at, values: vec![(value, 1.0)] }
}

/// The metric that counts what became of one managed job.
pub fn of_job(name: MetricName, application: &str, suite: &str, at: jiff::Timestamp) -> Metric {
    let dimensions = RUN_DIMENSIONS.into_iter().zip([application.to_owned(), suite.to_owned()]).collect();
    Metric { name, unit: name.unit(), dimensions, at, values: vec![(1.0, 1.0)] }
}

fn counted(values: &Distribution) -> Vec<(f64, f64)> {
    values.iter().map(|(value, count)| (value, count as f64)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn names(status: &str) -> Vec<MetricName> {
        let value = json!({
            "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": status,
            "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 1, "recorded": 0}, "models": [],
            "dataset": {"bucket": "b", "key": "k", "samples": 1, "bad_lines": 0},
            "judge": {"model": "j", "rubrics": {}, "usage": {"input_tokens": 7, "output_tokens": 3}},
        });
        let summary: Summary = serde_json::from_value(value).unwrap();
        of_run(&summary, &Summariser::default()).into_iter().map(|metric| metric.name).collect()
    }

    #[test]
    fn a_run_that_may_go_on_counts_no_tokens_of_its_judge() {
        use MetricName::{JudgeInputTokens, JudgeOutputTokens, RunCompleted, RunIncomplete};
        assert_eq!(names("completed"), [JudgeInputTokens, JudgeOutputTokens, RunCompleted]);
        assert_eq!(names("incomplete"), [RunIncomplete]);
    }

    #[test]
    fn models_that_were_compared_have_a_regression_and_others_none() {
        let model = |name: &str, regressed: Option<bool>| json!({"model": name, "samples": 9, "answered": 9, "failed": 0, "scores": {}, "regressed": regressed});
        let value = |status: &str| {
            json!({
                "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": status,
                "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 27, "recorded": 0},
                "models": [model("worse", Some(true)), model("same", Some(false)), model("new", None)],
                "dataset": {"bucket": "b", "key": "k", "samples": 9, "bad_lines": 0},
            })
        };
        let told = |status: &str| -> Vec<(String, f64)> {
            let metrics = of_run(&serde_json::from_value(value(status)).unwrap(), &Summariser::default());
            let found = metrics.iter().filter(|metric| metric.name == MetricName::Regression);
            found.map(|metric| (metric.dimensions[0].1.clone(), metric.values[0].0)).collect()
        };
        assert_eq!(told("completed"), [("worse".to_owned(), 1.0), ("same".to_owned(), 0.0)]);
        assert_eq!(told("incomplete"), []);
        let failed = of_stack(MetricName::RunsFailed, "assay", jiff::Timestamp::UNIX_EPOCH, 1.0);
        assert_eq!((failed.dimensions, failed.values), (vec![("Stack", "assay".to_owned())], vec![(1.0, 1.0)]));
    }
}
