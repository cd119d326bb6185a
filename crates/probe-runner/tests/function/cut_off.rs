//! Rounds that are cut off, by the end of the invocation or in the middle of a step: whoever comes next goes on there.

use crate::alarms::{alarms, write_history};
use crate::rounds::two_suites;
use crate::world::{World, dataset, hours_ago, many, many_about, results, scheduled};
use assay_testing::clock::{Clock, Invocation, until};
use assay_testing::front::{self, Fate};
use futures::StreamExt as _;
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use probe_runner::handle;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Returns how many answers of these suites are written.
async fn recorded(world: &World, suites: &[&str]) -> usize {
    let mut count = 0;
    for suite in suites {
        count += world.runs(suite).await.iter().map(|run| run.records().len()).sum::<usize>();
    }
    count
}

#[tokio::test]
async fn a_round_that_runs_out_of_time_is_taken_further_by_the_next_delivery() {
    let world = World::holding("deadline", 100).await;
    for suite in ["a", "b", "c"] {
        world.put(&format!("probes/{suite}/x.jsonl"), &many_about(suite, 60)).await;
    }
    let event = scheduled(&hours_ago(1));
    let invocation = Invocation::begin();
    let ending = async {
        world.until_held(104).await;
        invocation.stop_asking().await;
        world.release();
    };
    let (ended, ()) = tokio::join!(world.deliver_for(&event, Some(invocation.ends), "one"), ending);
    drop(invocation);
    let error = ended.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    assert!(error.chain().contains("of 3 probes"), "{}", error.chain());
    // The function waited for the calls under way, and started no new ones.
    assert_eq!((world.asked(), recorded(&world, &["a", "b", "c"]).await), (104, 104));
    assert!(world.objects("monitor").await.keys().all(|key| !key.ends_with("/end.json")));

    // The claim was given back, so nobody has to wait for its lease to end.
    let answer = world.deliver(&event, "one").await;
    assert_eq!(results(&answer).len(), 3);
    assert_eq!((world.asked(), world.stand_in.repeated_answers()), (180, 0));
    assert_eq!(world.kinds().await, ["run_finished"; 3]);
}

#[tokio::test]
async fn the_watch_goes_on_with_a_round_that_nobody_delivers_any_more() {
    let world = World::holding("left-alone", 40).await;
    world.put("probes/s/x.jsonl", &many(80)).await;
    let event = scheduled(&hours_ago(1));
    world.deliver_cut_off(&event, "one", 44).await.unwrap_err();
    assert_eq!(recorded(&world, &["s"]).await, 40, "every answer that was given");
    world.release();
    let answer = world.watch().await;
    assert_eq!(answer["rounds"][0]["result"], "finished", "{answer}");
    assert_eq!((world.asked(), world.stand_in.repeated_answers()), (84, 0));
    assert_eq!(world.only_run("s").await.summary()["models"][0]["answered"], 80);
    assert_eq!(world.kinds().await, ["run_finished"]);
    // The next watch finds nothing to do.
    assert_eq!(world.watch().await["rounds"], json!([]));
    assert_eq!(world.deliver(&event, "one").await["result"], "done");
}

#[tokio::test]
async fn a_long_round_is_tried_again_once_and_then_left_to_the_watch_without_a_failed_event() {
    let world = World::holding("long", 0).await;
    world.put("probes/s/x.jsonl", &many(4)).await;
    let event = scheduled(&hours_ago(1));
    assert_eq!(world.deliver_cut_off(&event, "one", 4).await.unwrap_err().class(), "Incomplete");
    let again = world.deliver_cut_off(&event, "one", 8).await.unwrap();
    assert_eq!((&again["result"], &again["done"], &again["probes"]), (&json!("incomplete"), &json!(0), &json!(1)));
    let watched = world.deliver_cut_off(&json!({"assay": "watch"}), "w", 12).await.unwrap();
    assert_eq!(watched["rounds"][0]["result"], "incomplete", "{watched}");
}

/// Ends a delivery at the write number `last` of the round's own files or of a claim, as if the process had died there, and
/// delivers again.
async fn cut_off_at(last: u64) {
    // So little time passes that no claim is renewed: that would be a further write.
    let _clock = Clock::limited_to(Duration::from_secs(9));
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
    end_leases(&world).await;
    world.deliver(&event, "one").await;
    assert_eq!(world.deliver(&event, "two").await["result"], "done", "write {last}");
    assert_eq!((world.runs("faq").await.len(), world.runs("numbers").await.len()), (1, 1), "write {last}");
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2), "write {last}");
    assert_eq!(world.json("monitor/heartbeat.json").await["format"], 1, "write {last}");
}

#[tokio::test]
async fn a_round_that_dies_at_any_step_is_taken_over() {
    // The round, its claim, the claim once told, an outcome, another, the heartbeat, the end, the claim.
    for last in 0..8 {
        cut_off_at(last).await;
    }
}

/// Ends the leases of all claims.
async fn end_leases(world: &World) {
    for (key, text) in world.objects("").await.into_iter().filter(|(key, _)| key.ends_with("/claim.json")) {
        let mut claim: serde_json::Value = serde_json::from_str(&text).unwrap();
        claim["lease_until"] = json!("2026-01-01T00:00:00Z");
        world.put(&key, &claim.to_string()).await;
    }
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
        end_leases(&world).await;
        world.deliver(&event, "one").await;
    }
    assert_eq!(world.deliver(&event, "two").await["result"], "done", "write {lost}");
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2), "write {lost}");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_changes_nothing() {
    // Three at a time: more overload a slow machine.
    let tries = futures::stream::iter((0..8).map(with_a_lost_answer));
    tries.buffer_unordered(3).collect::<()>().await;
}

#[tokio::test]
async fn what_was_never_come_to_is_given_up_with_the_rest_and_told() {
    let world = World::holding("hanging", 0).await;
    world.put("probes/a/x.jsonl", &many(4)).await;
    world.put("probes/b/x.jsonl", &many(4)).await;
    let event = scheduled(&hours_ago(1));
    assert_eq!(world.deliver_cut_off(&event, "one", 4).await.unwrap_err().class(), "Incomplete");
    let key = world.objects("monitor").await.into_keys().find(|key| key.ends_with("/round.json")).unwrap();
    let mut round = world.json(&key).await;
    round["begun_at"] = json!(hours_ago(73));
    world.put(&key, &round.to_string()).await;
    // The models cannot be looked at either, and the watch ends in time all the same.
    world.stand_in.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Hold)));
    let invocation = Invocation::begin();
    let ending = async {
        until("a model is looked at", async || world.stand_in.totals().in_flight > 0).await;
        invocation.stop_asking().await;
    };
    let watch = json!({"assay": "watch"});
    let (watched, ()) = tokio::join!(world.deliver_for(&watch, Some(invocation.ends), "w"), ending);
    drop(invocation);
    let watched = watched.unwrap();
    assert_eq!((&watched["models"], &watched["rounds"]), (&json!(null), &json!([])));
    world.until_left().await;
    let answer = world.deliver_cut_off(&event, "one", 8).await.unwrap();
    assert_eq!(answer["result"], "given up", "{answer}");
    let facts = world.facts("probe_problem").await;
    assert_eq!(facts.len(), 2, "{facts:?}");
    assert!(facts[0].starts_with("probes/a/x.jsonl:") && facts[0].contains("0 of 4 answers"), "{facts:?}");
    assert!(facts[1].starts_with("probes/b/x.jsonl:") && facts[1].contains("no time was left"), "{facts:?}");
    assert_eq!(world.deliver(&event, "one").await["result"], "done");
}

#[tokio::test]
async fn a_suite_that_came_while_a_round_was_cut_off_keeps_its_alarms() {
    let world = World::holding("late-suite", 40).await;
    world.put("probes/first/x.jsonl", &many(80)).await;
    let event = scheduled(&hours_ago(1));
    world.deliver_cut_off(&event, "one", 44).await.unwrap_err();
    world.release();
    write_history(&world, "s", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.put("probes/s/assay.yaml", "scorers: [relevance]\n").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.deliver(&json!({"assay": "probes", "suites": ["s"]}), "now").await;
    let of_suite = async || alarms(&world).await.into_keys().filter(|name| name.starts_with("s/")).count();
    let put = of_suite().await;
    assert!(put > 0);
    // The round was planned before there was such a suite.
    let answer = world.watch().await;
    assert_eq!(answer["rounds"][0]["result"], "finished", "{answer}");
    assert_eq!(of_suite().await, put);
}
