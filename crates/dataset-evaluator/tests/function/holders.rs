//! Claims that others hold: dead, alive, and killed in the middle of their work.

use crate::world::{World, many};
use crate::{emulator, event, world};
use dataset_evaluator::{Evaluator, handle};
use local_stack::stand_in::Behaviour;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

/// Tells the test below, started again as a process of its own, what to evaluate.
const ERRAND: &str = "ASSAY_TEST_ERRAND";

fn timestamp(moment: SystemTime) -> String {
    jiff::Timestamp::try_from(moment).unwrap().to_string()
}

fn claim(holder: &str, lease_until: SystemTime) -> String {
    let lease = timestamp(lease_until);
    json!({"format": 1, "holder": holder, "stage": "collecting", "lease_until": lease}).to_string()
}

/// A world with a run that was cut off before it had an answer. Gives back its event and where its claim lies; models
/// answer at once from now on.
async fn cut_off(name: &str) -> (World, Value, String) {
    let world = World::slow(name, Duration::from_secs(600)).await;
    let event = world.drop("datasets/s/a.jsonl", &many(4)).await;
    let error = world.deliver_for(&event, Some(Duration::from_millis(500)), "scout").await.unwrap_err();
    assert_eq!(error.class(), "Incomplete");
    world.stand_in.set_behaviour(Behaviour { latency_ms: Some(0), ..Behaviour::default() });
    let claim = claim_of(&world, "s").await;
    (world, event, claim)
}

async fn claim_of(world: &World, suite: &str) -> String {
    let objects = world.objects(&format!("runs/{suite}")).await;
    objects.into_keys().find(|key| key.ends_with("/claim.json")).unwrap()
}

#[tokio::test]
async fn an_ended_lease_is_taken_over_at_once() {
    let (world, event, path) = cut_off("ended-lease").await;
    world.put(&path, &claim("somebody", SystemTime::now() - Duration::from_secs(60))).await;
    let begun = std::time::Instant::now();
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(world.only_run("s").await.stage(), "done");
}

#[tokio::test]
async fn a_lease_that_nobody_renews_is_taken_over_once_it_has_ended() {
    let (world, event, path) = cut_off("dead-holder").await;
    world.put(&path, &claim("somebody", SystemTime::now() + Duration::from_secs(2))).await;
    let begun = std::time::Instant::now();
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    assert!(begun.elapsed() >= Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert_eq!(world.only_run("s").await.summary()["models"][0]["answered"], 4);
}

#[tokio::test]
async fn a_lease_that_is_renewed_is_respected() {
    let (world, event, path) = cut_off("live-holder").await;
    let calls = world.stand_in.totals().calls;
    world.put(&path, &claim("somebody", SystemTime::now() + Duration::from_secs(30))).await;
    let renewing = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.put(&path, &claim("somebody", SystemTime::now() + Duration::from_secs(31))).await;
    };
    let (result, ()) = tokio::join!(world.deliver(&event, "r"), renewing);
    assert_eq!(result, "busy");
    assert_eq!(world.stand_in.totals().calls, calls, "nothing was asked");
    assert_eq!(world.only_run("s").await.json("claim.json")["holder"], "somebody");
}

#[tokio::test]
async fn whoever_loses_a_claim_stops_that_run_alone_and_publishes_nothing_of_it() {
    let world = World::slow("lost-claim", Duration::from_millis(300)).await;
    let mut objects = Vec::new();
    // The first needs longer than a claim goes without being renewed.
    for (suite, samples) in [("lost", 200), ("kept", 4)] {
        let key = format!("datasets/{suite}/a.jsonl");
        let event = world.drop(&key, &many(samples)).await;
        objects.push((key, event["detail"]["object"]["etag"].as_str().unwrap().to_owned()));
    }
    let objects: Vec<_> = objects.iter().map(|(key, e_tag)| (&*world.bucket, &**key, &**e_tag)).collect();
    let event = event::notified(&objects);
    let robbing = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let path = claim_of(&world, "lost").await;
        world.put(&path, &claim("robber", SystemTime::now() + Duration::from_secs(30))).await;
    };
    let (answer, ()) = tokio::join!(world.deliver_for(&event, None, "r"), robbing);
    assert_eq!(answer.unwrap_err().class(), "ClaimLost");
    let lost = world.only_run("lost").await;
    assert!(!lost.objects.contains_key("summary.json"));
    assert!(lost.records().len() < 200, "it went on to the end");
    assert_eq!(world.only_run("kept").await.stage(), "done");
    let suites: Vec<Value> = world.notices().await.into_iter().map(|notice| notice["suite"].clone()).collect();
    assert_eq!(suites, ["kept"]);
    assert!(world.metrics().await.values().all(|found| found.dimensions["Suite"] == "kept"));
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
async fn a_killed_run_is_continued_from_its_records() {
    const SAMPLES: u64 = 300;
    let world = World::slow("killed", Duration::from_millis(50)).await;
    let event = world.drop("datasets/s/a.jsonl", &many(SAMPLES as usize)).await;
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
    let limit = std::time::Instant::now() + Duration::from_secs(30);
    while world.stand_in.totals().calls < SAMPLES / 2 {
        assert!(std::time::Instant::now() < limit, "the other process does not get on: {:?}", child.0.try_wait());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    // What was on its way when it died arrives all the same.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let calls = world.stand_in.calls();
    let killed_at = calls.last().unwrap().arrived;
    // Answers wait for a second to be written; looking, writing and what was under way take a part of another.
    let recent = calls.iter().filter(|call| call.arrived + Duration::from_secs(2) > killed_at).count() as u64;
    let saved = world.only_run("s").await.records().len() as u64;
    assert!(saved > 0, "nothing was saved before the kill");

    // Lambda retries after a minute, when the lease has ended; here the retry waits for that.
    assert_eq!(world.deliver(&event, "errand").await, "evaluated");
    let repeated = world.stand_in.repeated_answers();
    assert!(repeated <= recent, "{repeated} answers were lost, {recent} were recent");
    assert_eq!(
        world.stand_in.totals().calls,
        calls.len() as u64 + SAMPLES - saved,
        "what was saved is not asked again"
    );
    let summary = world.only_run("s").await.summary();
    assert_eq!((&summary["models"][0]["answered"], &summary["models"][0]["failed"]), (&json!(SAMPLES), &json!(0)));
    assert_eq!(world.notices().await.len(), 1);
}

/// No test: the process that [`a_killed_run_is_continued_from_its_records`] starts and kills.
#[tokio::test]
async fn an_errand_of_another_test() {
    let Ok(errand) = std::env::var(ERRAND) else { return };
    let errand: Value = serde_json::from_str(&errand).unwrap();
    let text = |name: &str| errand[name].as_str().unwrap().to_owned();
    let settings = assay_core::spec::Settings {
        bucket: text("bucket"),
        model_ids: vec![world::MODEL.to_owned()],
        model_arns: Vec::new(),
        evidence_model_ids: Vec::new(),
        application: "Assay".to_owned(),
        namespace: text("namespace"),
        notice_topic: Some(text("topic")),
        concurrency: 4,
        price_table: None,
        job_role: None,
        stuck_job_hours: 12,
        stuck_human_job_days: 14,
        stack: "assay".to_owned(),
        threshold_runs: 5,
        threshold_deviations: 5,
        invocation_log_group: None,
    };
    let models = assay_model::bedrock(&world::config(&text("models")));
    let evaluator = Evaluator::new(&settings, &world::config(&text("services")), models).unwrap();
    handle(errand["event"].clone(), &evaluator, None, "errand").await.unwrap();
}
