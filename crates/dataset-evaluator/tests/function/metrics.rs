//! What CloudWatch is told: names, dimensions, units and distributions.

use crate::world::{MODEL, World, dataset, reading};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

/// The unit that CloudWatch has for a metric of the model.
async fn unit(world: &World, name: &str) -> String {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let client = aws_sdk_cloudwatch::Client::new(&world.config);
    let day = Duration::from_secs(86_400);
    let found = client
        .get_metric_statistics()
        .namespace(&world.settings.namespace)
        .metric_name(name)
        .dimensions(dimension("ModelId", MODEL))
        .dimensions(dimension("Application", "Assay"))
        .dimensions(dimension("Suite", "s"))
        .start_time(DateTime::from(SystemTime::now() - day))
        .end_time(DateTime::from(SystemTime::now() + day))
        .period(86_400)
        .statistics(Statistic::Sum);
    let found = found.send().await.unwrap();
    found.datapoints()[0].unit().unwrap().as_str().to_owned()
}

#[tokio::test]
async fn a_sample_without_an_answer_has_not_passed() {
    let world = World::new("metrics-unanswered").await;
    let behaviour = Behaviour::default().with(FaultRule::always(Fault::Validation).for_prompt("Two plus two?"));
    world.stand_in.set_behaviour(behaviour);
    world.put("datasets/s/assay.yaml", "checks: [{max_length: 400}]\n").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    world.deliver(&event, "r").await;
    let metrics = world.metrics().await;
    let passed = reading(&metrics, "ChecksPassed", MODEL);
    // Of two questions one is refused; the answer to the other is short enough.
    assert_eq!((passed.sum, passed.count), (1.0, 2.0));
    assert_eq!(reading(&metrics, "SamplesFailed", MODEL).sum, 1.0);
}

#[tokio::test]
async fn a_run_is_published_as_distributions() {
    let world = World::new("metrics").await;
    let text = format!("{}{{\"prompt\": \"Say anything.\"}}\n", dataset());
    world.put("datasets/s/assay.yaml", "checks: [{max_length: 4}]\ngate: {pass_rate: 0.9}\n").await;
    let event = world.drop("datasets/s/a.jsonl", &text).await;
    world.deliver(&event, "r").await;
    let metrics = world.metrics().await;

    let names: BTreeSet<&str> = metrics.keys().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "ChecksPassed",
        "ExactMatch",
        "F1",
        "GatePassed",
        "InputTokens",
        "ModelLatency",
        "OutputTokens",
        "Relevance",
        "ResponseLength",
        "RunCompleted",
        "SamplesFailed",
        "SamplesTotal",
        "SamplesUnscored",
    ];
    assert_eq!(names, BTreeSet::from(expected));

    let model = |name: &str| reading(&metrics, name, MODEL);
    let run = |name: &str| reading(&metrics, name, "s");
    // (name, sum, count): three answers, of which two have a reference; one of the three has at most four letters.
    for (name, sum, count) in [
        ("Relevance", 1.25, 2.0),
        ("F1", 1.5, 2.0),
        ("ExactMatch", 1.0, 2.0),
        ("ChecksPassed", 1.0, 3.0),
        ("SamplesTotal", 3.0, 1.0),
        ("SamplesFailed", 0.0, 1.0),
    ] {
        assert_eq!((model(name).sum, model(name).count), (sum, count), "{name}");
    }
    assert_eq!((run("RunCompleted").sum, run("RunCompleted").count), (1.0, 1.0));
    assert_eq!((run("GatePassed").sum, run("GatePassed").count), (0.0, 1.0));
    assert_eq!(model("ResponseLength").count, 3.0);
    assert_eq!(model("ResponseLength").p50, 5.0, "of 4, 5 and a long one");
    assert_eq!(model("ModelLatency").count, 3.0);
    let records = world.only_run("s").await.records();
    let mut latencies: Vec<f64> =
        records.iter().map(|record| record["responses"][0]["latency_ms"].as_f64().unwrap()).collect();
    latencies.sort_by(f64::total_cmp);
    assert_eq!(model("ModelLatency").p50, latencies[1], "of {latencies:?}");

    let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let of_run: BTreeMap<String, String> = [("Application", "Assay"), ("Suite", "s")].map(text).into();
    let mut of_model = of_run.clone();
    of_model.insert("ModelId".to_owned(), MODEL.to_owned());
    for ((name, subject), found) in &metrics {
        assert_eq!(&found.dimensions, if subject == "s" { &of_run } else { &of_model }, "{name}");
    }
    for (name, expected) in [
        ("Relevance", "None"),
        ("ResponseLength", "Count"),
        ("ModelLatency", "Milliseconds"),
        ("InputTokens", "Count"),
        ("SamplesTotal", "Count"),
    ] {
        assert_eq!(unit(&world, name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn recorded_answers_have_scores_and_measure_no_model() {
    let world = World::new("recorded").await;
    let line = |prompt: &str, answer: &str| {
        let answers = json!([{"response": answer, "modelIdentifier": "a.recorded-model"}]);
        json!({"prompt": prompt, "referenceResponse": "four", "modelResponses": answers}).to_string() + "\n"
    };
    let text = line("Two plus two?", "four") + &line("Three plus one?", "five");
    let event = world.drop("datasets/s/a.jsonl", &text).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    assert!(world.stand_in.calls().is_empty());
    let metrics = world.metrics().await;
    let exact = reading(&metrics, "ExactMatch", "a.recorded-model");
    assert_eq!((exact.sum, exact.count), (1.0, 2.0));
    assert_eq!(reading(&metrics, "SamplesTotal", "a.recorded-model").sum, 2.0);
    for name in ["ModelLatency", "InputTokens", "OutputTokens"] {
        assert!(!metrics.keys().any(|(found, _)| found == name), "{name}");
    }
    let summary = world.only_run("s").await.summary();
    assert_eq!(summary["answers"], json!({"asked": 0, "recorded": 2}));
    assert!(summary["caveats"][0].as_str().unwrap().contains("no model was called"), "{}", summary["caveats"]);
}
