//! Runs that were cut off after their summary: what was not told yet is told, and nothing else.

use crate::world::{MODEL, World, dataset, reading};
use assay_testing::event;
use assay_testing::front::{self, Fate};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Evaluates, then sets the claim back to `stage`, as if the function had died there; what was told until then is
/// taken away, and later metrics go to a namespace of their own.
async fn cut_off_at(name: &str, stage: &str) -> (World, Value) {
    let mut world = World::new(name).await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    world.deliver(&event, "first").await;
    assert_eq!(world.notices().await.len(), 1);
    let run = world.only_run("s").await;
    let mut claim = run.json("claim.json");
    claim["stage"] = json!(stage);
    claim["lease_until"] = json!("2026-01-01T00:00:00Z");
    world.put(&format!("runs/s/{}/claim.json", run.id), &claim.to_string()).await;
    world.settings.namespace = format!("Function/{name}/again");
    (world, event)
}

#[tokio::test]
async fn after_the_summary_metrics_and_notice_are_told() {
    let (world, event) = cut_off_at("summarised", "summarised").await;
    let before = world.only_run("s").await;
    assert_eq!(world.deliver(&event, "second").await, "evaluated");
    assert_eq!(world.deliver(&event, "third").await, "done");
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "Relevance", MODEL).sum, 1.25, "0.25 and 1, made from the records again");
    assert_eq!(reading(&metrics, "Relevance", MODEL).count, 2.0);
    assert_eq!(reading(&metrics, "SamplesTotal", MODEL).count, 1.0);
    assert_eq!(reading(&metrics, "RunCompleted", "s").count, 1.0);
    assert_eq!(world.notices().await.len(), 1);
    let after = world.only_run("s").await;
    assert_eq!((after.stage().as_str(), &after.objects["summary.json"]), ("done", &before.objects["summary.json"]));
    assert_eq!(world.stand_in.totals().calls, 2, "nothing is asked again");
}

#[tokio::test]
async fn after_the_metrics_only_the_notice_is_told() {
    let (world, event) = cut_off_at("published", "published").await;
    assert_eq!(world.deliver(&event, "second").await, "evaluated");
    assert!(world.metrics().await.is_empty());
    assert_eq!(world.notices().await.len(), 1);
    assert_eq!(world.only_run("s").await.stage(), "done");
}

#[tokio::test]
async fn a_topic_that_refuses_is_told_of_and_tried_again_without_new_metrics() {
    let world = World::new("topic-refuses").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let evaluator = world.evaluator_at(&front::refusing_notices("").await);
    let error = dataset_evaluator::handle(event.clone(), &evaluator, None, "one").await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    assert!(error.chain().contains("AuthorizationError: not allowed"), "{}", error.chain());
    let run = world.only_run("s").await;
    assert_eq!(run.stage(), "published");
    assert_eq!(run.json("claim.json")["lease_until"], "1970-01-01T00:00:00Z", "the claim was given back");
    assert_eq!(world.deliver(&event, "two").await, "evaluated");
    assert_eq!(reading(&world.metrics().await, "SamplesTotal", MODEL).count, 1.0);
    assert_eq!(world.notices().await.len(), 1);
}

fn is_metrics(path: &str) -> bool {
    path.ends_with("/operation/PutMetricData")
}

#[tokio::test]
async fn metrics_whose_answer_is_lost_are_not_sent_again_at_once() {
    let world = World::new("answer-lost").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let url = front::start(move |_, path, _| match is_metrics(path) {
        true => {
            counted.fetch_add(1, Ordering::Relaxed);
            Fate::LoseAnswer
        }
        false => Fate::Pass,
    });
    let evaluator = world.evaluator_at(&url.await);
    let error = dataset_evaluator::handle(event, &evaluator, None, "one").await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    assert_eq!(sent.load(Ordering::Relaxed), 1, "a second request counts everything twice");
    assert_eq!(reading(&world.metrics().await, "SamplesTotal", MODEL).count, 1.0);
}

#[tokio::test]
async fn throttled_metrics_are_sent_again() {
    let world = World::new("throttled-metrics").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let sent = AtomicU64::new(0);
    let url = front::start(move |_, path, _| match is_metrics(path) && sent.fetch_add(1, Ordering::Relaxed) < 2 {
        // A CBOR map of one entry: "__type" is "Throttling".
        true => Fate::Refuse(400, "application/cbor", b"\xa1\x66__type\x6aThrottling".to_vec()),
        false => Fate::Pass,
    });
    let evaluator = world.evaluator_at(&url.await);
    dataset_evaluator::handle(event, &evaluator, None, "one").await.unwrap();
    assert_eq!(reading(&world.metrics().await, "SamplesTotal", MODEL).count, 1.0);
    assert_eq!(world.only_run("s").await.stage(), "done");
}

#[tokio::test]
async fn a_claim_that_cannot_be_read_does_not_stop_a_run() {
    let world = World::new("broken-claim").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    world.deliver(&event, "first").await;
    let run = world.only_run("s").await;
    world.put(&format!("runs/s/{}/claim.json", run.id), "{").await;
    let e_tag = event["detail"]["object"]["etag"].as_str().unwrap();
    let again = event::notified(&[(&world.bucket, "datasets/s/a.jsonl", e_tag)]);
    assert_eq!(world.deliver(&again, "second").await, "evaluated");
    assert_eq!(world.stand_in.totals().calls, 2, "the records are still there");
}
