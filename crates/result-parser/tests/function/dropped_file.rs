//! From a dropped file to a told run: every step, once.

use crate::expected::{assert_score, mean, model, score, scores};
use crate::suites::{QUESTIONS, automatic, dataset};
use crate::told::reading;
use crate::world::{MODEL, World};
use assay_testing::event;
use local_stack::stand_in::deterministic_score;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn an_automatic_job_becomes_a_run() {
    let world = World::new("automatic").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let [output] = &outputs[..] else { panic!("{outputs:?}") };
    let event = world.event(output);
    let answer = world.deliver(&event).await.unwrap();
    assert_eq!(answer, json!({"objects": [{"key": output, "result": "collected"}]}));

    let run = world.assert_concluded_once("faq").await;
    let records = run.records();
    assert_eq!(records.len(), 2);
    for (number, (record, (prompt, reference, answer, f1))) in records.iter().zip(QUESTIONS).enumerate() {
        let sample = &record["sample"];
        let of = |name: &str| sample[name].clone();
        assert_eq!(of("id"), format!("s{}", number + 1));
        assert_eq!((of("prompt"), of("references")), (json!(prompt), json!([reference])));
        assert_eq!((of("category"), of("line")), (json!(format!("c{}", number + 1)), json!(number + 1)));
        assert_eq!(record["model"], MODEL);
        assert_eq!(record["responses"][0]["text"], answer);
        assert!(record.get("recorded").is_none() && record.get("failure").is_none(), "{record}");
        assert!((score(record, "f1").unwrap() - f1).abs() < 1e-9, "{record}");
        for metric in ["Accuracy", "Robustness"] {
            let expected = deterministic_score(metric, prompt, answer);
            assert_eq!(score(record, &format!("job.{metric}")), expected, "{record}");
        }
    }

    let summary = run.summary();
    assert_eq!((&summary["status"], &summary["answers"]), (&json!("completed"), &json!({"asked": 2, "recorded": 0})));
    assert_eq!(summary["dataset"]["samples"], 2);
    assert_eq!(summary["dataset"]["key"], "datasets/faq/cases.jsonl");
    let found = model(&summary, MODEL);
    assert_eq!((&found["samples"], &found["answered"], &found["failed"]), (&json!(2), &json!(2), &json!(0)));
    let expected = scores(&world.lines(output).await);
    assert_eq!(expected.len(), 2);
    for (metric, (values, unscored)) in &expected {
        assert_score(found, &format!("job.{metric}"), values, *unscored);
    }
    assert_score(found, "f1", &QUESTIONS.map(|(_, _, _, f1)| f1), 0);

    let metrics = world.metrics().await;
    for (metric, (values, _)) in &expected {
        let published = reading(&metrics, "JobScore", &format!("{MODEL}/{metric}"));
        assert_eq!((published.count, published.sum), (2.0, values.iter().sum::<f64>()), "{metric}");
        let dimensions = [("ModelId", MODEL), ("Application", "Assay"), ("Suite", "faq"), ("Metric", metric)];
        let dimensions = dimensions.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(published.dimensions, BTreeMap::from(dimensions));
    }
    for (name, subject, sum) in [
        ("SamplesTotal", MODEL, 2.0),
        ("SamplesFailed", MODEL, 0.0),
        ("SamplesUnscored", MODEL, 0.0),
        ("RunCompleted", "faq", 1.0),
    ] {
        let found = reading(&metrics, name, subject);
        assert_eq!((found.sum, found.count), (sum, 1.0), "{name}");
    }

    let notices = world.notices().await;
    assert_eq!(notices.len(), 1);
    assert_eq!((&notices[0]["kind"], &notices[0]["suite"]), (&json!("run_finished"), &json!("faq")));
    assert_eq!(notices[0]["summary"], format!("s3://{}/runs/faq/{}/summary.json", world.bucket, run.id));
    let accuracy = mean(&expected["Accuracy"].0);
    let facts = notices[0]["facts"].to_string();
    assert!(facts.contains(&format!("job.Accuracy {accuracy:.4} (n 2)")), "{facts}");

    assert!(run.objects["report.html"].contains("</html>"));
    assert!(run.objects["junit.xml"].contains("</testsuite"));
    let markdown = &run.objects["summary.md"];
    assert!(markdown.contains("job.Accuracy") && markdown.contains(MODEL), "{markdown}");
    let history = world.lines("suites/faq/history.jsonl").await;
    assert_eq!((history.len(), &history[0]["run"]), (1, &json!(run.id)));

    let notes = world.notes().await;
    let note = notes.values().next().unwrap();
    assert_eq!((notes.len(), &note["state"], &note["settled"]), (1, &json!("completed"), &json!(true)));
    assert_eq!(note["read"], json!({"files": [output], "answers": 2}));
    assert_eq!(note["arn"], world.stand_in.jobs()[0].arn);
}

#[tokio::test]
async fn a_notification_of_s3_names_the_same_object() {
    let world = World::new("notification").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let key = outputs[0].as_str();
    let event = event::notified(&[(&world.bucket, key, "e")]);
    let written = event["Records"][0]["s3"]["object"]["key"].as_str().unwrap();
    assert!(written.contains("nova-micro-v1%3A0") && written != key, "{written}");
    let answer = world.deliver(&event).await.unwrap();
    assert_eq!(answer["objects"], json!([{"key": key, "result": "collected"}]));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn the_gate_of_the_suite_judges_what_the_job_says() {
    let world = World::new("gate").await;
    let accuracies = QUESTIONS.map(|(prompt, _, answer, _)| deterministic_score("Accuracy", prompt, answer).unwrap());
    let more = mean(&accuracies) + 0.01;
    let spec = automatic() + &format!("gate: {{min: {{job.Accuracy: {more}}}}}\n");
    let outputs = world.finish("gated", &spec, &dataset()).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let summary = world.only_run("gated").await.summary();
    assert_eq!(summary["gate"]["passed"], false, "{}", summary["gate"]);
    assert!(world.kinds().await.contains(&"gate_failed".to_owned()));
    assert_eq!(reading(&world.metrics().await, "GatePassed", "gated").sum, 0.0);
}

#[tokio::test]
async fn a_suite_may_ask_here_and_have_a_job() {
    let world = World::new("both").await;
    let spec = automatic().replace("online: false\n", "");
    let event = world.drop("faq", &spec, &dataset()).await;
    assert_eq!(world.evaluate(&event).await, "evaluated");
    world.ended().await;
    assert_eq!(world.parse(&world.outputs().await[0]).await, "collected");
    let runs = world.runs("faq").await;
    let has = |run: &&assay_testing::run::Run, name: &str| -> bool {
        run.summary()["models"][0]["scores"].get(name).is_some()
    };
    assert_eq!(runs.len(), 2);
    assert_eq!(runs.iter().filter(|run| has(run, "job.Accuracy")).count(), 1);
    assert_eq!(runs.iter().filter(|run| has(run, "f1")).count(), 2);
    assert_eq!(world.kinds().await, ["run_finished", "run_finished"]);
    let totals: Vec<Value> = runs.iter().map(|run| run.summary()["dataset"]["samples"].clone()).collect();
    assert_eq!(totals, [2, 2]);
}
