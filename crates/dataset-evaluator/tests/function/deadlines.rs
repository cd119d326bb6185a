//! Invocations that end before the run does: everything is saved, and the next delivery goes on.

use crate::world::{MODEL, World, many, reading};
use assay_lambda::deadline;
use lambda_runtime::Context;
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What a summary says of its one model that does not depend on time.
fn timeless(summary: &Value) -> Value {
    let mut model = summary["models"][0].clone();
    model.as_object_mut().unwrap().remove("latency");
    model
}

#[tokio::test]
async fn a_run_that_is_cut_off_is_continued_and_comes_to_the_same() {
    let undisturbed = World::slow("undisturbed", Duration::ZERO).await;
    let event = undisturbed.drop("datasets/s/a.jsonl", &many(240)).await;
    undisturbed.deliver(&event, "r").await;
    let expected = undisturbed.only_run("s").await.summary();
    assert_eq!(expected["models"][0]["answered"], 240);

    let world = World::slow("cut-off", Duration::from_millis(100)).await;
    let event = world.drop("datasets/s/a.jsonl", &many(240)).await;
    let error = world.deliver_for(&event, Some(Duration::from_secs(3)), "one").await.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    let run = world.only_run("s").await;
    let saved = run.records().len() as u64;
    assert!(saved > 0 && saved < 240, "{saved} saved");
    assert_eq!(error.chain().split(' ').find_map(|word| word.parse().ok()), Some(saved), "{}", error.chain());
    assert!(!run.objects.contains_key("summary.json") && run.stage() == "collecting");
    assert!(world.metrics().await.is_empty() && world.notices().await.is_empty());
    assert_eq!(world.stand_in.totals().calls, saved, "every answer that was given is saved");

    assert_eq!(world.deliver(&event, "two").await, "evaluated");
    assert_eq!(world.stand_in.repeated_answers(), 0);
    assert_eq!(world.stand_in.totals().calls, 240);
    let summary = world.only_run("s").await.summary();
    assert_eq!(timeless(&summary), timeless(&expected));
    assert_eq!(reading(&world.metrics().await, "SamplesTotal", MODEL).sum, 240.0);
    assert_eq!(world.notices().await.len(), 1);
}

#[tokio::test]
async fn a_model_that_hangs_does_not_outlast_the_deadline() {
    let world = World::slow("hanging", Duration::from_secs(600)).await;
    let event = world.drop("datasets/s/a.jsonl", &many(10)).await;
    let begun = std::time::Instant::now();
    let error = world.deliver_for(&event, Some(Duration::from_secs(2)), "one").await.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    assert!(error.chain().contains("0 of 10 answers"), "{}", error.chain());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

fn context(deadline: SystemTime) -> Context {
    let mut context = Context::default();
    context.deadline = deadline.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    context
}

#[tokio::test]
async fn a_deadline_in_the_past_is_none() {
    assert!(deadline(&Context::default()).is_none());
    assert!(deadline(&context(SystemTime::now() - Duration::from_secs(5))).is_none());
    let found = deadline(&context(SystemTime::now() + Duration::from_secs(60))).unwrap();
    let left = found.duration_since(tokio::time::Instant::now());
    assert!(left > Duration::from_secs(58) && left <= Duration::from_secs(60), "{left:?}");
}
