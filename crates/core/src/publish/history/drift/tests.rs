#![allow(clippy::unwrap_used)]
use super::*;
use crate::publish::history::HistoryMean;
use serde_json::json;

/// A run of day `day` of January with these means of the model `m`.
fn line(day: usize, means: &[(&str, f64)]) -> HistoryLine {
    let value = json!({"format": 1, "run": format!("run-{day}"), "finished_at": format!("2026-01-{:02}T00:00:00Z", day + 1),
        "status": "completed", "dataset": "probes/s/a.jsonl", "samples": 3,
        "models": [{"model": "m", "samples": 3, "failed": 0}]});
    let mut line: HistoryLine = serde_json::from_value(value).unwrap();
    let mean = |mean| HistoryMean { n: 3, mean, interval: None, trusted: None };
    line.models[0].means = means.iter().map(|(name, value)| ((*name).to_owned(), mean(*value))).collect();
    line
}

/// Runs in which `f1` has these means.
fn runs(values: &[f64]) -> Vec<HistoryLine> {
    values.iter().enumerate().map(|(day, value)| line(day, &[("f1", *value)])).collect()
}

fn end() -> Timestamp {
    "2026-02-01T00:00:00Z".parse().unwrap()
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

#[test]
fn a_trend_is_judged_by_the_direction_of_its_measure() {
    // Every measure falls in all of six runs: one order of 720 does, so p = 2/720. Two measures know better from worse,
    // so Holm's correction doubles the smaller and leaves the equal one at that.
    let lines: Vec<HistoryLine> = (0..6)
        .map(|day| {
            let falls = 0.9 - 0.05 * day as f64;
            line(
                day,
                &[("f1", falls), ("word_error_rate", falls), ("response_length", falls), ("toxicity.HATE", falls)],
            )
        })
        .collect();
    let found = drift(&lines, end());
    let told: Vec<_> = found.drifts.iter().map(|drift| (drift.measure.as_str(), drift.verdict)).collect();
    let expected = [
        ("f1", Drifting::Worsening),
        ("word_error_rate", Drifting::Improving),
        ("response_length", Drifting::Changing),
    ];
    assert_eq!(told, expected, "what gets worse comes first, and parts are left out");
    assert!(near(found.drifts[0].p, 4.0 / 720.0) && near(found.drifts[2].p, 2.0 / 720.0), "{found:?}");
    let f1 = &found.drifts[0];
    assert!(near(f1.slope, -0.05) && near(f1.first, 0.9) && near(f1.last, 0.65) && f1.runs == 6, "{f1:?}");
    assert_eq!(
        f1.told(),
        "m: f1 gets worse over the last 6 runs: 0.9000 in the first, 0.6500 in the last, -5.00e-2 a run (adjusted p 5.56e-3)"
    );
    assert_eq!(found.worsening(None).count(), 1);
}

#[test]
fn the_pass_rate_drifts_too_and_noise_does_not() {
    let mut lines = runs(&[0.5, 0.7, 0.4, 0.6, 0.45, 0.65]);
    for (day, line) in lines.iter_mut().enumerate() {
        line.models[0].pass_rate = Some(1.0 - 0.1 * day as f64);
    }
    let found = drift(&lines, end());
    let told: Vec<_> = found.drifts.iter().map(|drift| (drift.measure.as_str(), drift.verdict)).collect();
    assert_eq!(told, [("checks", Drifting::Worsening), ("f1", Drifting::NoEvidence)]);
}

#[test]
fn the_last_twelve_runs_count_and_four_are_too_few() {
    // Eight runs that rise, then twelve that fall: over all twenty the two would cancel each other.
    let rising = (0..8).map(|run| 0.1 * f64::from(run));
    let falling = (0..12).map(|run| 0.9 - 0.01 * f64::from(run));
    let found = drift(&runs(&rising.chain(falling).collect::<Vec<_>>()), end());
    let f1 = &found.drifts[0];
    assert!(f1.runs == 12 && near(f1.first, 0.9) && f1.verdict == Drifting::Worsening, "{f1:?}");
    assert_eq!(drift(&runs(&[0.9, 0.8, 0.7, 0.6]), end()).drifts, []);
    assert_eq!(drift(&[], end()), Drifts::default());
}

#[test]
fn runs_that_measure_something_else_do_not_count() {
    let mut lines = runs(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]);
    lines[0].recorded = 3;
    lines[1].status = RunStatus::Failed;
    lines[2].status = RunStatus::Incomplete;
    lines[3].dataset = Some("probes/s/other.jsonl".to_owned());
    let job = HistoryMean { n: 3, mean: 0.5, interval: None, trusted: None };
    lines[4].models[0].means.insert("job.Accuracy".to_owned(), job);
    assert_eq!(drift(&lines, end()).drifts, [], "four runs are left");
    lines[0].recorded = 2;
    let found = drift(&lines, end());
    assert_eq!((found.drifts.len(), found.drifts[0].runs), (1, 5), "of which a part is recorded counts");
}

#[test]
fn what_lies_after_the_run_is_left_out_and_counted() {
    let lines = runs(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.99, 0.99]);
    let own = lines[5].clone();
    let found = drift_until(&lines, &own);
    assert_eq!((found.drifts[0].runs, found.later), (6, 2));
    assert_eq!(found.drifts[0].verdict, Drifting::Worsening);
    // The run's own line counts once, whether it is written or not.
    let others: Vec<HistoryLine> = lines.iter().filter(|line| line.run != own.run).cloned().collect();
    assert_eq!(drift_until(&others, &own), found);
    assert_eq!(drift(&lines, own.finished_at), found);
    let recorded = HistoryLine { recorded: 3, ..own };
    assert_eq!(drift_until(&lines, &recorded).drifts, [], "recorded answers measure no model");
}

#[test]
fn a_judge_that_is_not_trusted_tells_no_decline() {
    let lines: Vec<HistoryLine> = (0..6).map(|day| line(day, &[("judge.tone", 0.9 - 0.1 * day as f64)])).collect();
    let found = drift(&lines, end());
    let judge = |trusted: bool| -> JudgeSummary {
        let rubric = json!({"n": 9, "failed": 0, "trusted": trusted});
        serde_json::from_value(json!({"model": "j", "rubrics": {"tone": rubric}})).unwrap()
    };
    assert_eq!(found.worsening(Some(&judge(false))).count(), 0);
    assert_eq!(found.worsening(Some(&judge(true))).count(), 1);
    // Without a summary the newest line tells.
    assert_eq!(found.worsening_and_trusted().count(), 0);
    let mut lines = lines;
    for (trusted, count) in [(Some(false), 0), (Some(true), 1)] {
        for mean in lines[5].models[0].means.values_mut() {
            mean.trusted = trusted;
        }
        assert_eq!(drift(&lines, end()).worsening_and_trusted().count(), count, "{trusted:?}");
    }
}
