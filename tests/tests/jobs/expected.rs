//! Whether a run of jobs says what its jobs wrote: records, summary and metrics.

use crate::output::Judged;
use end_to_end::questions::QUESTIONS;
use end_to_end::stack::MODEL_IDS;
use end_to_end::world::{assert_close, mean, parse};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The scores of a model's answers by a metric, and how many have none.
fn scores(answers: &[Judged], model: &str, metric: &str) -> (Vec<f64>, usize) {
    let of_model: Vec<&Judged> = answers.iter().filter(|answer| answer.model == model).collect();
    let values: Vec<f64> = of_model.iter().filter_map(|answer| answer.score(metric)).collect();
    let unscored = of_model.len() - values.len();
    (values, unscored)
}

fn names<'a>(of: impl Iterator<Item = &'a String>) -> BTreeSet<&'a str> {
    of.map(String::as_str).collect()
}

/// Each answer is there once, under its sample's id, with what was said of it.
pub(crate) fn assert_records(files: &BTreeMap<String, String>, answers: &[Judged]) {
    let parts = files.iter().filter(|(name, _)| name.starts_with("records/part-"));
    let records: Vec<Value> = parts.flat_map(|(_, text)| text.lines()).map(parse).collect();
    assert_eq!(records.len(), answers.len());
    for answer in answers {
        let question = QUESTIONS.iter().find(|question| question.prompt == answer.prompt).unwrap();
        let is_of = |record: &&Value| record["sample"]["id"] == question.id && record["model"] == *answer.model;
        let mut found = records.iter().filter(is_of);
        let (Some(record), None) = (found.next(), found.next()) else {
            panic!("not one record of {} by {}", question.id, answer.model)
        };
        assert_eq!(record["responses"][0]["text"], *answer.response);
        assert_eq!(record["sample"]["prompt"], question.prompt);
        let said: usize = answer.scores.values().map(Vec::len).sum();
        assert_eq!(record["evaluations"].as_array().unwrap().len(), said, "{record}");
        for metric in answer.scores.keys() {
            let score = &record["scores"][format!("job.{metric}")];
            match answer.score(metric) {
                Some(expected) => assert_close(&score["value"], expected, &format!("{metric} of {}", question.id)),
                None => assert!(score["unscored"].is_string(), "{metric} of {}: {score}", question.id),
            }
        }
    }
}

/// Each model has the count and mean of every metric, and of the scorer `exact_match`, which the suite asks for beside.
pub(crate) fn assert_summary(summary: &Value, answers: &[Judged]) {
    assert_eq!(summary["status"], "completed", "{summary}");
    assert_eq!(summary["application"], "EndToEnd");
    assert_eq!(summary["answers"], json!({"asked": answers.len(), "recorded": 0}));
    let models = names(answers.iter().map(|answer| &answer.model));
    let told = summary["models"].as_array().unwrap();
    assert_eq!(told.iter().map(|model| model["model"].as_str().unwrap()).collect::<BTreeSet<_>>(), models);
    for model in told {
        let name = model["model"].as_str().unwrap();
        let own: Vec<&Judged> = answers.iter().filter(|answer| answer.model == name).collect();
        assert_eq!((&model["samples"], &model["failed"]), (&json!(own.len()), &json!(0)), "{name}");
        for metric in names(own.iter().flat_map(|answer| answer.scores.keys())) {
            let (values, unscored) = scores(answers, name, metric);
            let found = &model["scores"][format!("job.{metric}")];
            assert_eq!((&found["n"], &found["unscored"]), (&json!(values.len()), &json!(unscored)), "{metric}");
            assert_close(&found["mean"], mean(&values), &format!("mean of {metric} of {name}"));
        }
        let equal = own.iter().filter_map(|answer| Some(answer.reference.as_ref()?.trim() == answer.response.trim()));
        let equal: Vec<f64> = equal.map(|equal| f64::from(u8::from(equal))).collect();
        let found = &model["scores"]["exact_match"];
        assert_eq!(found["n"], equal.len(), "{name}");
        assert_close(&found["mean"], mean(&equal), &format!("mean of exact_match of {name}"));
    }
}

/// What people read joins both models' answers sample by sample: of each metric the number of pairs and both means.
pub(crate) fn assert_compared(files: &BTreeMap<String, String>, answers: &[Judged]) {
    // The first of the spec is what the other is compared with.
    let [before, after] = MODEL_IDS;
    assert_eq!(names(answers.iter().map(|answer| &answer.model)), BTreeSet::from(MODEL_IDS));
    let text = &files["summary.md"];
    let plain = text.replace('\\', "");
    let mut lines = plain.lines().skip_while(|line| !(line.starts_with("## ") && line.contains(" against ")));
    let heading = lines.next().unwrap();
    let rows: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    let place = |model: &str| heading.find(model).unwrap_or_else(|| panic!("{heading} does not name {model}"));
    assert!(place(after) < place(before), "{heading}");
    let html = &files["report.html"];
    assert!(html.contains(r#"<section id="comparison""#), "the report compares nothing");
    for metric in names(answers.iter().flat_map(|answer| answer.scores.keys())) {
        let row = rows.iter().find(|line| line.starts_with(&format!("| job.{metric} |")));
        let cells: Vec<&str> = row.unwrap_or_else(|| panic!("no {metric} in {text}")).split(" | ").collect();
        let pairs: Vec<(f64, f64)> = answers
            .iter()
            .filter(|answer| answer.model == before)
            .filter_map(|first| {
                let other = answers.iter().find(|other| other.model == after && other.prompt == first.prompt)?;
                Some((first.score(metric)?, other.score(metric)?))
            })
            .collect();
        assert_eq!(cells[1], pairs.len().to_string(), "{metric}");
        let (firsts, others): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        for (cell, expected) in [(cells[2], mean(&firsts)), (cells[3], mean(&others))] {
            // It shows three digits.
            let found = cell.parse::<f64>().unwrap();
            assert!((found - expected).abs() <= 6e-3 * expected.abs().max(0.1), "{metric}: {cell}, not {expected}");
        }
    }
}

/// The metrics of a suite that has only runs of jobs: `answers` holds those of all runs.
pub(crate) fn assert_metrics(metrics: &[Value], suite: &str, answers: &[Judged], runs: usize) {
    let run = json!({"Application": "EndToEnd", "Suite": suite});
    let find = |name: &str, dimensions: &Value| -> &Value {
        let mut found = metrics.iter().filter(|it| it["name"] == name && it["dimensions"] == *dimensions);
        let (Some(only), None) = (found.next(), found.next()) else { panic!("not one {name} of {dimensions}") };
        only
    };
    let sum = |name: &str, dimensions: &Value, expected: f64| {
        assert_close(&find(name, dimensions)["sum"][0], expected, &format!("sum of {name} of {dimensions}"));
    };
    sum("RunCompleted", &run, runs as f64);
    let mut scored = 0;
    for model in names(answers.iter().map(|answer| &answer.model)) {
        let mut dimensions = run.clone();
        dimensions["ModelId"] = json!(model);
        let own = answers.iter().filter(|answer| answer.model == model);
        sum("SamplesTotal", &dimensions, own.clone().count() as f64);
        sum("SamplesFailed", &dimensions, 0.0);
        for metric in names(own.flat_map(|answer| answer.scores.keys())) {
            let (values, _) = scores(answers, model, metric);
            let values: Vec<f64> = values.into_iter().collect();
            dimensions["Metric"] = json!(metric);
            let found = find("JobScore", &dimensions);
            assert_close(&found["sum"][0], values.iter().sum(), &format!("sum of {metric} of {model}"));
            assert_close(&found["count"][0], values.len() as f64, &format!("count of {metric} of {model}"));
            scored += 1;
        }
    }
    assert_eq!(metrics.iter().filter(|metric| metric["name"] == "JobScore").count(), scored);
}
