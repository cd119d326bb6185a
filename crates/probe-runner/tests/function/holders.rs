//! Rounds whose holder lives, and one that is killed in the middle of its work.

use crate::emulator;
use crate::world::{self, World, hours_ago, many, many_about, results, scheduled};
use probe_runner::handle;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Tells the test below, started again as a process of its own, what to do.
const ERRAND: &str = "ASSAY_TEST_ERRAND";

#[tokio::test]
async fn the_watch_leaves_a_round_to_whoever_is_at_work_on_it() {
    let world = World::slow("watched-at-work", Duration::from_millis(400)).await;
    world.put("probes/s/a.jsonl", &many(60)).await;
    // Six seconds of work; a claim is renewed only every ten, so the watch has to believe a lease that lasts.
    let event = scheduled(&hours_ago(1));
    let watching = async {
        while world.objects("monitor").await.keys().all(|key| !key.ends_with("/claim.json")) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        world.deliver_for(&json!({"assay": "watch"}), Some(Duration::from_secs(60)), "w").await.unwrap()
    };
    let (answer, watched) = tokio::join!(world.deliver(&event, "r"), watching);
    assert_eq!(answer["result"], "finished");
    let result = watched["rounds"][0]["result"].as_str();
    assert!(matches!(result, None | Some("busy" | "done")), "{watched}");
    assert_eq!((world.asked(), world.kinds().await.len()), (60, 1));
}

/// Ends its process with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_killed_round_is_taken_over_from_what_it_has_written() {
    let world = World::slow("killed", Duration::from_millis(50)).await;
    for suite in ["a", "b", "c"] {
        world.put(&format!("probes/{suite}/x.jsonl"), &many_about(suite, 100)).await;
    }
    let event = scheduled(&hours_ago(1));
    let errand = json!({
        "bucket": world.bucket, "event": event, "models": world.stand_in.url(), "services": emulator::url(),
        "topic": world.settings.notice_topic, "namespace": world.settings.namespace,
    });
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "holders::an_errand_of_another_test", "--test-threads=1"])
        .env(ERRAND, errand.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = Killed(child.unwrap());
    let limit = Instant::now() + Duration::from_secs(60);
    // The first suite is done, the second is under way.
    while world.asked() < 150 {
        assert!(Instant::now() < limit, "the other process does not get on: {:?}", child.0.try_wait());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
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
    // Of the suite that was under way the answers of the last second may be lost, of the one that was done none.
    let calls = world.stand_in.calls();
    let asked = |suite: &str| calls.iter().filter(|call| call.prompt.contains(&format!(" of {suite},"))).count();
    assert_eq!((asked("a"), asked("c")), (100, 100));
    assert!(asked("b") < 200, "{} questions of the second suite", asked("b"));
    assert_eq!(world.kinds().await, ["run_finished"; 3]);
}

/// No test: the process that [`a_killed_round_is_taken_over_from_what_it_has_written`] starts and kills.
#[tokio::test]
async fn an_errand_of_another_test() {
    let Ok(errand) = std::env::var(ERRAND) else { return };
    let errand: Value = serde_json::from_str(&errand).unwrap();
    let text = |name: &str| errand[name].as_str().unwrap().to_owned();
    let settings = world::settings(&text("bucket"), &text("topic"), &text("namespace"));
    let (services, models) = (text("services"), text("models"));
    let config = world::config(&services, &models).await;
    let runner = world::runner(&settings, &config, &world::config(&models, &models).await);
    Box::pin(handle(errand["event"].clone(), &runner, None, "errand")).await.unwrap();
}
