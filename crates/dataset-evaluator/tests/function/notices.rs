//! What people are told, as it comes out of the topic.

use crate::world::{MODEL, QUESTIONS, World, dataset};
use assay_testing::services;
use serde_json::Value;

#[tokio::test]
async fn a_notice_names_numbers_and_places_and_quotes_nobody() {
    let world = World::new("notices").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    world.deliver(&event, "r").await;
    let envelopes = services::messages(&world.queue).await;
    assert_eq!(envelopes.len(), 1);
    let envelope = &envelopes[0];
    assert_eq!(envelope["Subject"], "Assay: s: run finished");
    assert_eq!(envelope["MessageAttributes"]["kind"]["Value"], "run_finished");
    assert_eq!(envelope["MessageAttributes"]["suite"]["Value"], "s");
    let notice: Value = serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
    let run = world.only_run("s").await;
    assert_eq!(notice["kind"], "run_finished");
    assert_eq!((notice["suite"].as_str(), notice["run"].as_str()), (Some("s"), Some(run.id.as_str())));
    assert_eq!(notice["application"], "Assay");
    assert_eq!(notice["summary"], format!("s3://{}/runs/s/{}/summary.json", world.bucket, run.id));
    assert_eq!(notice["report"], format!("s3://{}/runs/s/{}/report.html", world.bucket, run.id));
    let object = format!("{}?region=us-east-1&prefix=runs/s/{}/report.html", world.bucket, run.id);
    assert_eq!(notice["link"], format!("https://us-east-1.console.aws.amazon.com/s3/object/{object}"));
    let fact = notice["facts"][0].as_str().unwrap();
    assert!(
        fact.contains(MODEL) && fact.contains("2 of 2 answered") && fact.contains("relevance 0.6250 (n 2)"),
        "{fact}"
    );
    for (prompt, reference, _) in QUESTIONS {
        assert!(!envelope.to_string().contains(prompt), "{envelope}");
        assert!(!envelope.to_string().contains(reference), "{envelope}");
    }
    assert!(!envelope.to_string().contains("Paris"), "{envelope}");
}

#[tokio::test]
async fn a_failed_gate_is_told_with_its_reasons() {
    let world = World::new("gate").await;
    world.put("datasets/s/assay.yaml", "gate: {min: {f1: 0.8}}\n").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    world.deliver(&event, "r").await;
    let notice = world.notices().await.remove(0);
    assert_eq!((&notice["kind"], &notice["title"]), (&"gate_failed".into(), &"s: the gate failed".into()));
    assert_eq!(notice["facts"][0], format!("{MODEL}: f1 0.7500 is below 0.8"));
}

#[tokio::test]
async fn the_problems_of_a_line_are_told_without_quoting_it() {
    let world = World::new("quiet").await;
    let text = "{\"prompt\": \"my private question\", \"promptt\": 1}\n{\"prompt\": \"my private";
    let event = world.drop("datasets/s/a.jsonl", text).await;
    world.deliver(&event, "r").await;
    let notice = world.notices().await.remove(0).to_string();
    assert!(notice.contains("a.jsonl:1") && notice.contains("a.jsonl:2"), "{notice}");
    assert!(!notice.contains("private"), "{notice}");
}

#[tokio::test]
async fn a_stack_without_a_topic_tells_nobody() {
    let mut world = World::new("no-topic").await;
    world.settings.notice_topic = None;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    assert_eq!(world.only_run("s").await.stage(), "done");
    assert!(world.notices().await.is_empty());
}
