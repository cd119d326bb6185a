//! Rounds that are cut off, by the end of the invocation or in the middle of a step: whoever comes next goes on there.

use crate::front::{self, Fate};
use crate::rounds::two_suites;
use crate::world::{World, hours_ago, many, many_about, results, scheduled};
use probe_runner::handle;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[tokio::test]
async fn a_round_that_runs_out_of_time_is_taken_further_by_the_next_delivery() {
    let world = World::slow("deadline", Duration::from_millis(100)).await;
    for suite in ["a", "b", "c"] {
        world.put(&format!("probes/{suite}/x.jsonl"), &many_about(suite, 60)).await;
    }
    let event = scheduled(&hours_ago(1));
    // Four at a time, a tenth of a second each: a suite takes a second and a half.
    let error = world.deliver_for(&event, Some(Duration::from_secs(3)), "one").await.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    assert!(error.chain().contains("of 3 probes"), "{}", error.chain());
    let (asked, begun) = (world.asked(), world.objects("runs").await.len());
    assert!(asked > 0 && asked < 180 && begun > 0, "{asked}");
    assert!(world.objects("monitor").await.keys().all(|key| !key.ends_with("/end.json")));

    // The claim was given back, so nobody has to wait for its lease to end.
    let answer = world.deliver(&event, "one").await;
    assert_eq!(results(&answer).len(), 3);
    assert_eq!((world.asked(), world.stand_in.repeated_answers()), (180, 0));
    assert_eq!(world.kinds().await, ["run_finished"; 3]);
}

#[tokio::test]
async fn the_watch_goes_on_with_a_round_that_nobody_delivers_any_more() {
    let world = World::slow("left-alone", Duration::from_millis(100)).await;
    world.put("probes/s/x.jsonl", &many(80)).await;
    let event = scheduled(&hours_ago(1));
    world.deliver_for(&event, Some(Duration::from_secs(1)), "one").await.unwrap_err();
    let answer = world.watch().await;
    assert_eq!(answer["rounds"][0]["result"], "finished", "{answer}");
    assert_eq!((world.asked(), world.stand_in.repeated_answers()), (80, 0));
    assert_eq!(world.kinds().await, ["run_finished"]);
    // The next watch finds nothing to do.
    assert_eq!(world.watch().await["rounds"], json!([]));
    assert_eq!(world.deliver(&event, "one").await["result"], "done");
}

/// Ends a delivery at the write number `last` of the round's own files or of a claim, as if the process had died there, and
/// delivers again.
async fn cut_off_at(last: u64) {
    let world = two_suites(&format!("write-{last}")).await;
    let event = scheduled(&hours_ago(1));
    let writes = AtomicU64::new(0);
    let url = front::start(move |method, path, _| {
        let is_counted = method.as_str() == "PUT" && path.contains("/monitor/");
        let number = if is_counted { writes.fetch_add(1, Ordering::Relaxed) } else { writes.load(Ordering::Relaxed) };
        // From there on nothing is written any more.
        match method.as_str() == "PUT" && (number > last || (is_counted && number == last)) {
            true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec()),
            false => Fate::Pass,
        }
    });
    let runner = world.runner_at(&url.await).await;
    let error = Box::pin(handle(event.clone(), &runner, None, "one")).await.unwrap_err();
    assert_eq!(error.class(), "Denied", "write {last}: {}", error.chain());
    // Whoever cannot write cannot give claims back either: their leases have to end.
    for (key, text) in world.objects("").await.into_iter().filter(|(key, _)| key.ends_with("/claim.json")) {
        let mut claim: serde_json::Value = serde_json::from_str(&text).unwrap();
        claim["lease_until"] = json!("2026-01-01T00:00:00Z");
        world.put(&key, &claim.to_string()).await;
    }
    world.deliver(&event, "one").await;
    assert_eq!(world.deliver(&event, "two").await["result"], "done", "write {last}");
    assert_eq!((world.runs("faq").await.len(), world.runs("numbers").await.len()), (1, 1), "write {last}");
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2), "write {last}");
    assert_eq!(world.json("monitor/heartbeat.json").await["format"], 1, "write {last}");
}

#[tokio::test]
async fn a_round_that_dies_at_any_step_is_taken_over() {
    // The round, its claim, the claim once told, an outcome, another, the heartbeat, the end, the claim.
    futures::future::join_all((0..8).map(cut_off_at)).await;
}

/// Goes over a round with the answer to the write number `lost` of the round's own files gone missing, and delivers again.
async fn with_a_lost_answer(lost: u64) {
    let world = two_suites(&format!("lost-{lost}")).await;
    let event = scheduled(&hours_ago(1));
    let writes = AtomicU64::new(0);
    let url = front::start(move |method, path, _| {
        match method.as_str() == "PUT" && path.contains("/monitor/") && writes.fetch_add(1, Ordering::Relaxed) == lost {
            true => Fate::LoseAnswer,
            false => Fate::Pass,
        }
    });
    let runner = world.runner_at(&url.await).await;
    if let Err(error) = Box::pin(handle(event.clone(), &runner, None, "one")).await {
        // Whether the claim was written is not known, so whoever has it now goes on.
        assert_eq!(error.class(), "ClaimLost", "write {lost}: {}", error.chain());
        world.deliver(&event, "one").await;
    }
    assert_eq!(world.deliver(&event, "two").await["result"], "done", "write {lost}");
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2), "write {lost}");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_changes_nothing() {
    futures::future::join_all((0..8).map(with_a_lost_answer)).await;
}
