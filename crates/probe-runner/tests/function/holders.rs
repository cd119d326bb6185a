//! Rounds whose holder lives, and one that is killed in the middle of its work.

use crate::world::{self, World, hours_ago, many, many_about, results, scheduled};
use assay_testing::clock::until;
use assay_testing::emulator;
use assay_testing::errand::{self, Errand};
use probe_runner::handle;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_watch_leaves_a_round_to_whoever_is_at_work_on_it() {
    let world = World::holding("watched-at-work", 20).await;
    world.put("probes/s/a.jsonl", &many(60)).await;
    let event = scheduled(&hours_ago(1));
    // Answers are held until the watch has ended, so it finds a lease that lasts and is renewed.
    let watching = async {
        world.until_held(24).await;
        let watched = world.deliver(&json!({"assay": "watch"}), "w").await;
        world.release();
        watched
    };
    let (answer, watched) = tokio::join!(world.deliver(&event, "r"), watching);
    assert_eq!(answer["result"], "finished");
    assert_eq!(watched["rounds"][0]["result"], "busy", "{watched}");
    assert_eq!((world.asked(), world.kinds().await.len()), (60, 1));
}

#[tokio::test]
async fn a_killed_round_is_taken_over_from_what_it_has_written() {
    // The first suite is done, and some answers of the second are written.
    let world = World::holding("killed", 150).await;
    for suite in ["a", "b", "c"] {
        world.put(&format!("probes/{suite}/x.jsonl"), &many_about(suite, 100)).await;
    }
    let event = scheduled(&hours_ago(1));
    let errand = json!({
        "bucket": world.bucket, "event": event, "models": world.stand_in.url(), "services": emulator::url(),
        "topic": world.settings.notice_topic, "namespace": world.settings.namespace,
    });
    let errand = Errand::start("holders::an_errand_of_another_test", &errand);
    world.until_held(154).await;
    until("the answers are written", async || written(&world, "b").await.len() == 50).await;
    // Responses wait for up to a second before they are written, so some of thirty further ones may be lost.
    world.hold_after(26);
    world.until_held(184).await;
    errand.kill();
    world.until_left().await;
    let saved = written(&world, "b").await;
    assert!((50..=80).contains(&saved.len()), "{} saved", saved.len());
    world.release();
    assert_eq!(world.only_run("a").await.stage(), "done");
    assert!(world.runs("c").await.is_empty());

    // The hourly watch comes by; here it waits for the lease to end.
    let answer = world.watch().await;
    assert_eq!(answer["rounds"][0]["result"], "finished", "{answer}");
    assert_eq!(results(&answer["rounds"][0]).len(), 3);
    for suite in ["a", "b", "c"] {
        let summary = world.only_run(suite).await.summary();
        assert_eq!((&summary["models"][0]["answered"], &summary["models"][0]["failed"]), (&json!(100), &json!(0)));
    }
    let calls = world.stand_in.calls();
    for prompt in &saved {
        let asked = calls.iter().filter(|call| *call.prompt == **prompt).count();
        assert_eq!(asked, 1, "what was saved is not asked again: {prompt}");
    }
    let asked = |suite: &str| calls.iter().filter(|call| call.prompt.contains(&format!(" of {suite},"))).count() as u64;
    assert_eq!((asked("a"), asked("c")), (100, 100));
    // Four of the questions that are asked again had no answer before.
    assert_eq!(world.stand_in.repeated_answers(), asked("b") - 100 - 4);
    let records = written(&world, "b").await;
    assert_eq!((records.len(), records.iter().collect::<BTreeSet<_>>().len()), (100, 100), "each is written once");
    assert_eq!(world.kinds().await, ["run_finished"; 3]);
}

/// Returns the questions of a suite whose answers are written.
async fn written(world: &World, suite: &str) -> Vec<String> {
    let runs = world.runs(suite).await;
    let records = runs.iter().flat_map(|run| run.records());
    records.map(|record| record["sample"]["prompt"].as_str().unwrap().to_owned()).collect()
}

/// No test: the process that [`a_killed_round_is_taken_over_from_what_it_has_written`] starts and kills.
#[tokio::test]
async fn an_errand_of_another_test() {
    let Some(errand) = errand::of_this_process() else { return };
    let text = |name: &str| errand[name].as_str().unwrap().to_owned();
    let settings = world::settings(&text("bucket"), &text("topic"), &text("namespace"));
    let (services, models) = (text("services"), text("models"));
    let config = world::config(&services, &models).await;
    let runner = world::runner(&settings, &config, &world::config(&models, &models).await);
    Box::pin(handle(errand["event"].clone(), &runner, None, "errand")).await.unwrap();
}
