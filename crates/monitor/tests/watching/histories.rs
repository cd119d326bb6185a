//! A suite's history to alarms.

use super::lists::{self, NAMESPACE};
use assay_core::publish::history::HistoryLine;
use assay_monitor::alarm::{Alarm, Comparison, MissingData, Watched};
use assay_monitor::threshold::{Rule, Subject, Thresholds, thresholds};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const MODEL: &str = "us.amazon.nova-lite-v1:0";

/// One line; `values` by the names of summaries, `pass_rate` among them.
pub(crate) fn line(number: u32, model: &str, values: &Value) -> HistoryLine {
    let mut values = values.as_object().unwrap().clone();
    let pass_rate = values.remove("pass_rate");
    let means = values.into_iter().map(|(name, mean)| {
        let mean = match name.starts_with("judge.") {
            true => json!({"n": 10, "mean": mean, "trusted": true}),
            false => json!({"n": 10, "mean": mean}),
        };
        (name, mean)
    });
    let value = json!({
        "format": 1, "run": format!("run-{number:03}"), "status": "completed", "samples": 10,
        "finished_at": format!("2026-01-{:02}T06:00:00Z", number),
        "models": [{
            "model": model, "samples": 10, "failed": 0, "pass_rate": pass_rate,
            "means": means.collect::<serde_json::Map<_, _>>(),
        }],
    });
    serde_json::from_value(value).unwrap()
}

fn now() -> Timestamp {
    "2026-02-01T00:00:00Z".parse().unwrap()
}

fn of(history: &[HistoryLine]) -> Thresholds {
    with(history, &Rule::default())
}

pub(crate) fn with(history: &[HistoryLine], rule: &Rule) -> Thresholds {
    let actions = ["arn:aws:sns:us-east-1:123456789012:notices".to_owned()];
    let subject =
        Subject { stack: "assay", namespace: NAMESPACE, application: "Support", suite: "faq", actions: &actions };
    thresholds(&subject, history, rule, now())
}

/// The five values of [`super::bounds`], whose median is 0.82 and whose deviation is 0.02.
pub(crate) const F1: [f64; 5] = [0.80, 0.82, 0.78, 0.90, 0.83];

pub(crate) fn history() -> Vec<HistoryLine> {
    (1..).zip(F1).map(|(number, f1)| line(number, MODEL, &json!({"f1": f1, "pass_rate": 1.0}))).collect()
}

#[test]
fn a_suite_of_five_runs_has_alarms_that_say_what_they_are_made_of() {
    let found = of(&history());
    let names: Vec<&str> = found.alarms.iter().map(|alarm| alarm.alarm_name.as_str()).collect();
    let expected = ["f1", "pass_rate"].map(|measure| format!("assay/faq/{MODEL}/{measure}"));
    assert_eq!(names, expected);
    let alarm = &found.alarms[0];
    // 0.82 - 5 * 0.02, and for the pass rate the margin of 1 %.
    assert_eq!((alarm.threshold, found.alarms[1].threshold), (0.72, 0.99));
    assert_eq!(alarm.comparison_operator, Comparison::LessThanThreshold);
    assert_eq!(alarm.treat_missing_data, MissingData::Ignore, "runs come once a week");
    assert_eq!((alarm.evaluation_periods, alarm.datapoints_to_alarm), (1, 1));
    let said = &alarm.alarm_description;
    for part in ["faq: f1", MODEL, "fell below 0.72", "Usual is 0.82", "5 runs", "deviation of 0.02", "5 deviations"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let as_json = serde_json::to_value(alarm).unwrap();
    let dimensions = json!([
        {"Name": "ModelId", "Value": MODEL}, {"Name": "Application", "Value": "Support"}, {"Name": "Suite", "Value": "faq"},
    ]);
    assert_eq!(as_json["Dimensions"], dimensions);
    assert_eq!((&as_json["Statistic"], &as_json["Period"]), (&json!("Average"), &json!(3600)));
    assert_eq!((found.waiting.len(), found.findings.len()), (0, 0));
}

#[test]
fn every_kind_of_measure_watches_its_own_metric_and_dimension() {
    let values = json!({
        "f1": 0.5, "bleu": 30.0, "semantic_similarity": 0.5, "word_error_rate": 0.2, "repetition_4": 0.1,
        "robustness": 0.1, "robustness.typos": 0.1, "toxicity": 0.1, "toxicity.HATE": 0.1, "judge.tone": 0.5,
        "job.Accuracy": 0.5, "job.Robustness": 0.1, "job.human.Helpful": 4.0, "pass_rate": 0.5,
        // Of no direction, or unknown.
        "response_length": 50.0, "flesch_reading_ease": 60.0, "refusal": 0.1, "job.custom.Brand": 3.0, "invented": 1.0,
    });
    let history: Vec<_> = (1..=5).map(|number| line(number, MODEL, &values)).collect();
    let found = of(&history);
    let told = found.alarms.iter().map(|alarm| {
        let Watched::Metric(metric) = &alarm.watched else { panic!() };
        let own = metric.dimensions.get(3).map(|dimension| format!("{}={}", dimension.name, dimension.value));
        let side = if alarm.comparison_operator.is_lower_bound() { "<" } else { ">" };
        let measure = alarm.alarm_name.rsplit('/').next().unwrap();
        format!("{measure} {} {side} {} {}", metric.metric_name, alarm.threshold, own.unwrap_or_default())
    });
    let told: Vec<String> = told.map(|text| text.trim_end().to_owned()).collect();
    let expected = [
        "bleu Bleu < 29",
        "f1 F1 < 0.49",
        "job.Accuracy JobScore < 0.49 Metric=Accuracy",
        "job.Robustness JobScore > 0.11 Metric=Robustness",
        "job.human.Helpful JobScore < 3.96 Metric=human.Helpful",
        "judge.tone JudgeScore < 0.49 Rubric=tone",
        "pass_rate ChecksPassed < 0.49",
        "repetition_4 Repetition4 > 0.11",
        "robustness Robustness > 0.11",
        "robustness.typos RobustnessByKind > 0.11 Kind=typos",
        "semantic_similarity SemanticSimilarity < 0.48",
        "toxicity Toxicity > 0.11",
        "toxicity.HATE ToxicityByCategory > 0.11 Category=HATE",
        "word_error_rate WordErrorRate > 0.21",
    ];
    assert_eq!(told, expected);
    for alarm in &found.alarms {
        assert_eq!(alarm.problems(), Vec::<String>::new());
        lists::of_alarm(alarm).iter().for_each(lists::assert_published);
    }
}

#[test]
fn too_few_runs_wait() {
    let found = of(&history()[..4]);
    assert_eq!(found.alarms, []);
    let waiting: Vec<_> = found.waiting.iter().map(|waiting| (waiting.measure.as_str(), waiting.runs)).collect();
    assert_eq!(waiting, [("f1", 4), ("pass_rate", 4)]);
    let rule = Rule { runs: 4, deviations: 5 };
    assert_eq!(with(&history()[..4], &rule).alarms.len(), 2);
    assert_eq!(of(&[]), Thresholds::default(), "no history is no error");
}

#[test]
fn runs_that_measured_no_model_do_not_count() {
    let spoilt = |change: fn(&mut HistoryLine)| {
        let mut history = history();
        let mut line = line(9, MODEL, &json!({"f1": 0.0, "pass_rate": 0.0}));
        change(&mut line);
        history.push(line);
        of(&history)
    };
    assert_ne!(spoilt(|_| {}).thresholds, of(&history()).thresholds, "the line would have a part in it");
    type Change = fn(&mut HistoryLine);
    let changes: [Change; 3] = [
        |line| line.status = serde_json::from_value(json!("failed")).unwrap(),
        |line| line.status = serde_json::from_value(json!("incomplete")).unwrap(),
        |line| line.recorded = 10,
    ];
    for change in changes {
        assert_eq!(spoilt(change), of(&history()));
    }
}

#[test]
fn a_run_from_the_future_is_left_out_and_told() {
    let mut history = history();
    let mut early = line(9, MODEL, &json!({"f1": 0.0, "pass_rate": 0.0}));
    early.finished_at = "2027-01-01T00:00:00Z".parse().unwrap();
    history.push(early);
    let found = of(&history);
    assert_eq!(found.alarms, of(&history[..5]).alarms);
    let said = found.findings[0].to_string();
    assert!(said.contains("suites/faq/history.jsonl") && said.contains("run-009") && said.contains("clock"), "{said}");
    // Clocks that differ by a minute are no finding.
    let mut history = history[..5].to_vec();
    history[4].finished_at = "2026-02-01T00:01:00Z".parse().unwrap();
    assert_eq!(of(&history).findings, []);
}

#[test]
fn the_newest_twenty_runs_count_in_any_order() {
    let old = (1..=5).map(|number| line(number, MODEL, &json!({"f1": 0.2})));
    let new = (6..=25).map(|number| line(number, MODEL, &json!({"f1": 0.8})));
    let mut history: Vec<_> = old.chain(new).collect();
    let found = of(&history);
    assert_eq!((found.thresholds[0].runs, found.alarms[0].threshold), (20, 0.79));
    history.reverse();
    history.rotate_left(7);
    assert_eq!(of(&history), found);
}

#[test]
fn a_rule_that_needs_more_than_twenty_runs_gets_them() {
    let runs: Vec<_> = (1..=30).map(|number| line(number, MODEL, &json!({"f1": f64::from(number) / 100.0}))).collect();
    let found = with(&runs, &Rule { runs: 25, deviations: 1 });
    // The newest 25 are 0.06 to 0.30: their median is the 13th, 0.18, and 13 of them lie within 0.06 of it.
    let [threshold] = &found.thresholds[..] else { panic!("{found:?}") };
    assert_eq!((threshold.runs, threshold.value), (25, 0.12));
    assert_eq!(found.waiting.len(), 0);
}

#[test]
fn a_model_that_is_no_longer_asked_is_no_longer_watched() {
    let mut history: Vec<_> = (1..=5).map(|number| line(number, "former", &json!({"f1": 0.8}))).collect();
    history.extend((6..=9).map(|number| line(number, MODEL, &json!({"f1": 0.8}))));
    let models = |found: &Thresholds| found.thresholds.iter().map(|found| found.model.clone()).collect::<Vec<_>>();
    assert_eq!(models(&of(&history)), ["former"], "it was asked within the last five runs");
    history.push(line(10, MODEL, &json!({"f1": 0.8})));
    assert_eq!(models(&of(&history)), [MODEL]);
}

#[test]
fn a_score_at_its_worst_has_no_alarm_and_that_is_told() {
    let history: Vec<_> = (1..=5).map(|number| line(number, MODEL, &json!({"f1": 0.0, "exact_match": 0.4}))).collect();
    let found = of(&history);
    let names: Vec<&Alarm> = found.alarms.iter().filter(|alarm| alarm.alarm_name.ends_with("/f1")).collect();
    assert_eq!((names.len(), found.alarms.len()), (0, 1));
    let said = found.findings[0].to_string();
    assert!(said.contains("f1 of us.amazon.nova-lite-v1:0 is usually 0"), "{said}");
}

#[test]
fn values_of_dimensions_are_those_that_are_published() {
    let history: Vec<_> = (1..=5).map(|number| line(number, MODEL, &json!({"judge.Höflich": 0.5}))).collect();
    let alarm = &of(&history).alarms[0];
    let Watched::Metric(metric) = &alarm.watched else { panic!() };
    assert_eq!(metric.dimensions[3].value, assay_core::publish::metrics::dimension_value("Höflich"));
    assert!(metric.dimensions[3].value.is_ascii());
    assert_eq!(alarm.problems(), Vec::<String>::new());
}

#[test]
fn what_a_judge_says_wakes_people_once_it_can_be_trusted() {
    let mut history: Vec<_> =
        (1..=5).map(|number| line(number, MODEL, &json!({"judge.tone": 0.5, "f1": 0.5}))).collect();
    let names =
        |history: &[HistoryLine]| of(history).alarms.into_iter().map(|alarm| alarm.alarm_name).collect::<Vec<_>>();
    let f1 = format!("assay/faq/{MODEL}/f1");
    for trusted in [Some(false), None] {
        history[4].models[0].means.get_mut("judge.tone").unwrap().trusted = trusted;
        assert_eq!(names(&history), std::slice::from_ref(&f1), "{trusted:?}");
    }
    // The newest run tells, whatever was before.
    for line in &mut history[..4] {
        line.models[0].means.get_mut("judge.tone").unwrap().trusted = Some(false);
    }
    history[4].models[0].means.get_mut("judge.tone").unwrap().trusted = Some(true);
    assert_eq!(names(&history), [f1, format!("assay/faq/{MODEL}/judge.tone")]);
}
