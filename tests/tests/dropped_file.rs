//! A file dropped into the deployed stack: what its run writes, what it publishes, whom it tells, and what it does not
//! do twice.
//!
//! The stack is the real template, deployed by the real SAM CLI into the emulator; the numbers that are expected are
//! worked out in `end_to_end::questions`.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::questions::{self, QUESTIONS};
use end_to_end::stack::{MODEL_IDS, deployed};
use end_to_end::world::{self, assert_close, mean, parse};
use serde_json::{Value, json};

const EVALUATOR: &str = "DatasetEvaluator";
const SCORERS: [(&str, &str); 4] =
    [("relevance", "Relevance"), ("f1", "F1"), ("exact_match", "ExactMatch"), ("response_length", "ResponseLength")];

/// Drops objects, in their order, and gives back the event of the one that `wildcard` matches, as the bus told it.
async fn drop_and_hear(suite: &str, objects: &[(String, &str)], wildcard: &str) -> Value {
    let queue = world::listen(suite, wildcard).await;
    world::put(objects).await;
    let mut events = world::received_some(&[&queue]).await;
    assert_eq!(events.len(), 1, "{wildcard}: {events:?}");
    events.remove(0)
}

/// What the only run of a suite wrote, by name below its folder, once it is done; and the run's id.
async fn only_run(suite: &str) -> (String, BTreeMap<String, String>) {
    world::runs(suite, 1).await.pop_first().unwrap()
}

/// The metrics of a suite by name and model; the model is empty for those of the run.
async fn metrics(suite: &str) -> BTreeMap<(String, String), Value> {
    let metrics = world::metrics(suite).await;
    let count = metrics.len();
    let key = |metric: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&metric["name"]), text(&metric["dimensions"]["ModelId"]))
    };
    let metrics: BTreeMap<_, _> = metrics.into_iter().map(|metric| (key(&metric), metric)).collect();
    assert_eq!(metrics.len(), count, "a metric is there with different dimensions");
    metrics
}

/// What the evaluator answers of an event's only object.
async fn result_of(event: &Value) -> Value {
    world::deliver(EVALUATOR, event).await["objects"][0]["result"].clone()
}

/// The number of times that each of a suite's prompts was asked.
fn times_asked(prompts: &[&str]) -> Vec<usize> {
    let calls = deployed().stand_in().calls();
    let asked = |prompt: &&str| calls.iter().filter(|call| &*call.prompt == *prompt).count();
    prompts.iter().map(asked).collect()
}

/// The middle one of an odd number of values.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    (sorted.len() % 2 == 1).then(|| sorted[sorted.len() / 2])
}

fn assert_records(files: &BTreeMap<String, String>) {
    let parts: Vec<&String> = files.keys().filter(|name| name.starts_with("records/part-")).collect();
    assert!(!parts.is_empty());
    let mut answers = BTreeMap::new();
    for record in parts.iter().flat_map(|part| files[*part].lines()).map(parse) {
        let key = (record["sample"]["id"].to_string(), record["model"].to_string());
        let text = record["responses"][0]["text"].as_str().unwrap().to_owned();
        assert!(record["responses"][0]["latency_ms"].is_u64(), "{record}");
        assert!(answers.insert(key, text).is_none(), "a sample was answered twice: {record}");
    }
    let mut expected = BTreeMap::new();
    for question in &QUESTIONS {
        for (model, answer) in MODEL_IDS.into_iter().zip(question.answers) {
            expected.insert((json!(question.id).to_string(), json!(model).to_string()), answer.to_owned());
        }
    }
    assert_eq!(answers, expected);
}

fn assert_summary(summary: &Value, run: &str, suite: &str) {
    assert_eq!(summary["run"], run);
    assert_eq!(summary["suite"], suite);
    assert_eq!(summary["application"], "EndToEnd");
    assert_eq!(summary["status"], "completed");
    assert_eq!(summary["dataset"]["samples"], QUESTIONS.len());
    assert_eq!(summary["dataset"]["bad_lines"], 0);
    assert_eq!(summary["answers"], json!({"asked": 2 * QUESTIONS.len(), "recorded": 0}));
    let models = summary["models"].as_array().unwrap();
    assert_eq!(models.len(), MODEL_IDS.len());
    for (index, id) in MODEL_IDS.into_iter().enumerate() {
        let model = models.iter().find(|model| model["model"] == id).unwrap();
        assert_eq!(model["samples"], QUESTIONS.len());
        assert_eq!(model["answered"], QUESTIONS.len());
        assert_eq!(model["failed"], 0);
        let (input, output) = questions::tokens(index);
        assert_eq!(model["usage"]["input_tokens"], input, "{id}");
        assert_eq!(model["usage"]["output_tokens"], output, "{id}");
        assert_eq!(model["latency"]["n"], QUESTIONS.len());
        for (scorer, _) in SCORERS {
            let (expected, found) = (questions::scores(scorer, index), &model["scores"][scorer]);
            assert_eq!(found["n"], expected.len(), "{id} {scorer}");
            assert_eq!(found["unscored"], QUESTIONS.len() - expected.len(), "{id} {scorer}");
            assert_close(&found["mean"], mean(&expected), &format!("mean of {scorer} of {id}"));
            if let Some(median) = median(&expected) {
                assert_close(&found["p50"], median, &format!("median of {scorer} of {id}"));
            }
        }
    }
}

fn assert_metrics(metrics: &BTreeMap<(String, String), Value>, suite: &str) {
    let of_models = SCORERS.map(|(_, metric)| metric).into_iter().chain([
        "SamplesTotal",
        "SamplesFailed",
        "SamplesUnscored",
        "ModelLatency",
        "InputTokens",
        "OutputTokens",
    ]);
    let mut expected: BTreeSet<(String, String)> =
        of_models.flat_map(|name| MODEL_IDS.map(|model| (name.to_owned(), model.to_owned()))).collect();
    expected.insert(("RunCompleted".to_owned(), String::new()));
    assert_eq!(metrics.keys().cloned().collect::<BTreeSet<_>>(), expected);

    for ((name, model), metric) in metrics {
        let mut dimensions = json!({"Application": "EndToEnd", "Suite": suite});
        if !model.is_empty() {
            dimensions["ModelId"] = json!(model);
        }
        assert_eq!(metric["dimensions"], dimensions, "{name}");
    }
    let check = |name: &str, model: &str, statistic: &str, expected: f64| {
        let values = &metrics[&(name.to_owned(), model.to_owned())][statistic];
        assert_eq!(values.as_array().unwrap().len(), 1, "{name} of `{model}`: {statistic} {values}");
        assert_close(&values[0], expected, &format!("{statistic} of {name} of `{model}`"));
    };
    for (index, id) in MODEL_IDS.into_iter().enumerate() {
        for (scorer, metric) in SCORERS {
            let expected = questions::scores(scorer, index);
            check(metric, id, "sum", expected.iter().sum());
            check(metric, id, "count", expected.len() as f64);
            if let Some(median) = median(&expected) {
                check(metric, id, "p50", median);
            }
        }
        let (input, output) = questions::tokens(index);
        check("InputTokens", id, "sum", input as f64);
        check("OutputTokens", id, "sum", output as f64);
        check("SamplesTotal", id, "sum", QUESTIONS.len() as f64);
        check("SamplesFailed", id, "sum", 0.0);
        check("ModelLatency", id, "count", QUESTIONS.len() as f64);
        // A sample counts once, however many scorers could not judge it.
        let unscored = QUESTIONS.iter().filter(|question| question.reference.is_none()).count();
        check("SamplesUnscored", id, "sum", unscored as f64);
    }
    check("RunCompleted", "", "sum", 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_becomes_one_scored_run() {
    let suite = "questions";
    let queue = world::subscribe(suite).await;
    let scorers = json!(SCORERS.map(|(scorer, _)| scorer));
    let spec = format!("suite: {suite}\napplication: EndToEnd\nscorers: {scorers}\n");
    let folder = format!("datasets/{suite}");
    let dataset = questions::dataset();
    let objects = [(format!("{folder}/assay.yaml"), &*spec), (format!("{folder}/cases and more.jsonl"), &*dataset)];
    let event = drop_and_hear(suite, &objects, &format!("{folder}/*.jsonl")).await;
    // The same event again, while or after the first is worked on.
    world::deliver_asynchronously(EVALUATOR, &event).await;

    let (run, files) = only_run(suite).await;
    for name in ["claim.json", "spec.json", "summary.json", "summary.md", "report.html", "junit.xml"] {
        assert!(files.contains_key(name), "{name} is missing");
    }
    assert_records(&files);
    assert_summary(&parse(&files["summary.json"]), &run, suite);
    assert_metrics(&metrics(suite).await, suite);
    let notices_of_run = world::notices(&queue).await;
    assert_eq!(notices_of_run.len(), 1, "{notices_of_run:?}");
    let notice = &notices_of_run[0];
    assert_eq!(notice["kind"], "run_finished");
    assert_eq!(notice["suite"], suite);
    assert_eq!(notice["run"], run.as_str());
    let bucket = world::bucket();
    assert_eq!(notice["summary"], format!("s3://{bucket}/runs/{suite}/{run}/summary.json"));
    for question in &QUESTIONS {
        assert!(!notice.to_string().contains(question.prompt), "a notice tells no questions");
    }

    // And again, when all is done.
    assert_eq!(result_of(&event).await, "done");
    let (same, unchanged) = only_run(suite).await;
    assert_eq!((same, unchanged), (run, files));
    assert_metrics(&metrics(suite).await, suite);
    assert_eq!(world::notices(&queue).await, Vec::<Value>::new());
    let prompts: Vec<&str> = QUESTIONS.iter().map(|question| question.prompt).collect();
    assert_eq!(times_asked(&prompts), vec![MODEL_IDS.len(); QUESTIONS.len()], "every question once to each model");
    let violations = deployed().stand_in().violations();
    assert!(violations.is_empty(), "requests that the service model refuses: {violations:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_elsewhere_starts_nothing() {
    let suite = "elsewhere";
    let key = format!("runs/{suite}/x/records/part-00000.jsonl");
    let line = "{\"prompt\": \"Was a run's own output taken for a dataset?\"}\n";
    let objects = [(key.clone(), line), (format!("datasets/{suite}/notes.txt"), line)];
    let event = drop_and_hear(suite, &objects, &format!("runs/{suite}/*")).await;
    // Wait for the run of a file that is dropped later and does start one.
    let later = "dropped-later";
    world::put(&[(format!("datasets/{later}/cases.jsonl"), "{\"prompt\": \"Who came later?\"}\n")]).await;
    only_run(later).await;
    // The function's log names every key that it is given, even one that it refuses.
    let log = deployed().logs(EVALUATOR).await.unwrap();
    assert!(!log.contains(suite), "{log}");

    // Should such an event come all the same, it is refused.
    assert_eq!(result_of(&event).await, "refused");
    let log = deployed().logs(EVALUATOR).await.unwrap();
    assert!(log.contains(&key), "the log does not name the keys of events, so this test proves nothing");
    assert_eq!(times_asked(&["Was a run's own output taken for a dataset?"]), [0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_reported_and_not_retried() {
    let suite = "broken";
    let queue = world::subscribe(suite).await;
    let lines = "not JSON\n{\"prompt\": 5}\n{\"prompt\": \"\"}\n";
    let objects = [(format!("datasets/{suite}/cases.jsonl"), lines)];
    let event = drop_and_hear(suite, &objects, &format!("datasets/{suite}/*")).await;
    // The emulator's bus does not retry, but an asynchronous invocation does.
    world::deliver_asynchronously(EVALUATOR, &event).await;

    let (run, files) = only_run(suite).await;
    let summary = parse(&files["summary.json"]);
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["dataset"]["samples"], 0);
    assert_eq!(summary["dataset"]["bad_lines"], 3);
    assert_eq!(summary["problems"]["errors"], 3);
    let named: Vec<u64> =
        summary["problems"]["first"].as_array().unwrap().iter().filter_map(|it| it["line"].as_u64()).collect();
    assert_eq!(named, [1, 2, 3]);

    let notices = world::notices(&queue).await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!(notices[0]["kind"], "run_failed");
    assert_eq!(notices[0]["run"], run.as_str());
    let metrics = metrics(suite).await;
    let names: Vec<&str> = metrics.keys().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["RunFailed"]);
    assert_eq!(metrics[&("RunFailed".to_owned(), String::new())]["sum"], json!([1.0]));

    // A later event that fails is tried as often, and then arrives in the queue of failed events.
    let nonsense = json!({"nonsense": suite});
    world::deliver_asynchronously(EVALUATOR, &nonsense).await;
    let queues = ["FailedEventsUrl", "UndeliveredEventsUrl"].map(|name| deployed().output(name).unwrap());
    let left = world::received_some(&queues).await;
    assert_eq!(left.len(), 1, "an event was given up on: {left:?}");
    assert!(left[0].to_string().contains("nonsense"), "{left:?}");
    world::deliver(EVALUATOR, &event).await;
    let (same, unchanged) = only_run(suite).await;
    assert_eq!((same, unchanged), (run, files));
}
