//! Invocations that end before the run does: everything is saved, and the next delivery goes on.

use crate::world::{MODEL, World, many, reading};
use assay_lambda::deadline;
use assay_testing::clock::Invocation;
use lambda_runtime::Context;
use local_stack::stand_in::Behaviour;
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

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

    let world = World::holding("cut-off", 100).await;
    let event = world.drop("datasets/s/a.jsonl", &many(240)).await;
    let invocation = Invocation::begin();
    let ending = async {
        world.until_held(104, 4).await;
        invocation.stop_asking().await;
        world.stand_in.set_behaviour(Behaviour::default());
    };
    let (ended, ()) = tokio::join!(world.deliver_for(&event, Some(invocation.ends), "one"), ending);
    drop(invocation);
    let error = ended.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    let run = world.only_run("s").await;
    let saved = run.records().len() as u64;
    assert_eq!(saved, 104, "what was under way was waited for, and nothing new was asked");
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
    let world = World::holding("hanging", 0).await;
    let event = world.drop("datasets/s/a.jsonl", &many(10)).await;
    let invocation = Invocation::begin();
    let ending = async {
        world.until_held(4, 4).await;
        invocation.stop_asking().await;
        invocation.stop_waiting().await;
    };
    let (ended, ()) = tokio::join!(world.deliver_for(&event, Some(invocation.ends), "one"), ending);
    let error = ended.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    assert!(error.chain().contains("0 of 10 answers"), "{}", error.chain());
    assert!(Instant::now() < invocation.ends, "it took more time than the invocation has");
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
    let minute = Duration::from_secs(60);
    let before = Instant::now();
    let context = context(SystemTime::now() + minute);
    let found = deadline(&context).unwrap();
    // The context has whole milliseconds.
    assert!(found >= before + minute - Duration::from_millis(1) && found <= Instant::now() + minute, "{found:?}");
}
