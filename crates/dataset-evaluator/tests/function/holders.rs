//! Claims that others hold: dead, alive, and killed in the middle of their work.

use crate::world;
use crate::world::{World, holding, many};
use assay_testing::clock::{Clock, Invocation, until};
use assay_testing::errand::{self, Errand};
use assay_testing::front::{self, Fate};
use assay_testing::world::settings;
use assay_testing::{emulator, event};
use dataset_evaluator::{Evaluator, handle};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

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
    let world = World::holding(name, 0).await;
    let event = world.drop("datasets/s/a.jsonl", &many(4)).await;
    let invocation = Invocation::begin();
    let ending = async {
        world.until_held(4, 4).await;
        invocation.stop_asking().await;
        invocation.stop_waiting().await;
    };
    let (ended, ()) = tokio::join!(world.deliver_for(&event, Some(invocation.ends), "scout"), ending);
    assert_eq!(ended.unwrap_err().class(), "Incomplete");
    world.until_left().await;
    world.stand_in.set_behaviour(Behaviour::default());
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
    let (url, looks) = counting_looks().await;
    let answer = handle(event, &world.evaluator_at(&url), None, "r").await.unwrap();
    assert_eq!(answer["objects"][0]["result"], "evaluated");
    assert_eq!(looks.load(Ordering::Relaxed), 1, "whoever waits looks again");
    assert_eq!(world.only_run("s").await.stage(), "done");
}

/// Starts a front that counts how often a claim is read.
async fn counting_looks() -> (String, Arc<AtomicU64>) {
    let looks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&looks);
    let url = front::start(move |method, path, _| {
        if method.as_str() == "GET" && path.ends_with("/claim.json") {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        Fate::Pass
    });
    (url.await, looks)
}

#[tokio::test]
async fn a_lease_that_nobody_renews_is_taken_over_once_it_has_ended() {
    let (world, event, path) = cut_off("dead-holder").await;
    let calls = world.stand_in.totals().calls;
    let lease_until = SystemTime::now() + Duration::from_secs(3);
    world.put(&path, &claim("somebody", lease_until)).await;
    let asked = async {
        until("a model is asked", async || world.stand_in.totals().calls > calls).await;
        SystemTime::now()
    };
    let (result, asked) = tokio::join!(world.deliver(&event, "r"), asked);
    assert_eq!(result, "evaluated");
    assert!(asked >= lease_until, "it was taken over {:?} too early", lease_until.duration_since(asked));
    assert_eq!(world.only_run("s").await.summary()["models"][0]["answered"], 4);
}

#[tokio::test]
async fn a_lease_that_is_renewed_is_respected() {
    let (world, event, path) = cut_off("live-holder").await;
    let calls = world.stand_in.totals().calls;
    // The lease lasts longer than this test, so only its renewal shows that its holder lives.
    let renew = async || world.put(&path, &claim("somebody", SystemTime::now() + Duration::from_secs(3600))).await;
    renew().await;
    let (url, looks) = counting_looks().await;
    let evaluator = world.evaluator_at(&url);
    let renewing = async {
        for renewed in 0.. {
            until("the claim is looked at", async || looks.load(Ordering::Relaxed) > renewed).await;
            renew().await;
        }
    };
    let answer = tokio::select! {
        answer = handle(event, &evaluator, None, "r") => answer.unwrap(),
        () = renewing => unreachable!("it renews for ever"),
    };
    assert_eq!(answer["objects"][0]["result"], "busy");
    assert_eq!(world.stand_in.totals().calls, calls, "nothing was asked");
    assert_eq!(world.only_run("s").await.json("claim.json")["holder"], "somebody");
}

#[tokio::test]
async fn whoever_loses_a_claim_stops_that_run_alone_and_publishes_nothing_of_it() {
    let world = World::holding("lost-claim", 0).await;
    let hold = FaultRule::always(Fault::Hold).for_prompt("of this dataset").after(20);
    world.stand_in.set_behaviour(Behaviour::default().with(hold));
    let mut objects = Vec::new();
    for (suite, text) in [("lost", many(200)), ("kept", many(4).replace("this dataset", "another dataset"))] {
        let key = format!("datasets/{suite}/a.jsonl");
        let event = world.drop(&key, &text).await;
        objects.push((key, event["detail"]["object"]["etag"].as_str().unwrap().to_owned()));
    }
    let objects: Vec<_> = objects.iter().map(|(key, e_tag)| (&*world.bucket, &**key, &**e_tag)).collect();
    let event = event::notified(&objects);
    let clock = Clock::limited_to(Duration::from_secs(5));
    let robbing = async {
        world.until_held(24, 4).await;
        let path = claim_of(&world, "lost").await;
        world.put(&path, &claim("robber", SystemTime::now() + Duration::from_secs(3600))).await;
        // After this time the function renews its claim.
        clock.set(Instant::now() + Duration::from_secs(10), Duration::from_secs(5)).await;
    };
    let (answer, ()) = tokio::join!(world.deliver_for(&event, None, "r"), robbing);
    drop(clock);
    assert_eq!(answer.unwrap_err().class(), "ClaimLost");
    let lost = world.only_run("lost").await;
    assert!(!lost.objects.contains_key("summary.json"));
    assert!(lost.records().len() <= 20, "it went on");
    assert_eq!(world.only_run("kept").await.stage(), "done");
    let suites: Vec<Value> = world.notices().await.into_iter().map(|notice| notice["suite"].clone()).collect();
    assert_eq!(suites, ["kept"]);
    assert!(world.metrics().await.values().all(|found| found.dimensions["Suite"] == "kept"));
}

#[tokio::test]
async fn a_killed_run_is_continued_from_its_records() {
    const SAMPLES: u64 = 300;
    let world = World::holding("killed", 100).await;
    let event = world.drop("datasets/s/a.jsonl", &many(SAMPLES as usize)).await;
    let errand = json!({
        "bucket": world.bucket, "event": event, "models": world.stand_in.url(), "services": emulator::url(),
        "topic": world.settings.notice_topic, "namespace": world.settings.namespace,
    });
    let errand = Errand::start("holders::an_errand_of_another_test", &errand);
    world.until_held(104, 4).await;
    until("the answers are written", async || written(&world).await.len() == 100).await;
    // Responses wait for up to a second before they are written, so some of fifty further ones may be lost.
    world.stand_in.set_behaviour(holding(46));
    world.until_held(154, 4).await;
    errand.kill();
    world.until_left().await;
    let saved = written(&world).await;
    assert!((100..=150).contains(&saved.len()), "{} saved", saved.len());
    world.stand_in.set_behaviour(Behaviour::default());

    // Lambda retries after a minute, when the lease has ended; here the retry waits for that.
    assert_eq!(world.deliver(&event, "errand").await, "evaluated");
    let calls = world.stand_in.calls();
    for prompt in &saved {
        let asked = calls.iter().filter(|call| *call.prompt == **prompt).count();
        assert_eq!(asked, 1, "what was saved is not asked again: {prompt}");
    }
    // Four of the questions that are asked again had no answer before.
    let again = calls.len() as u64 - SAMPLES;
    assert_eq!(world.stand_in.repeated_answers(), again - 4);
    let records = written(&world).await;
    assert_eq!(records.len() as u64, SAMPLES);
    assert_eq!(records.iter().collect::<BTreeSet<_>>().len() as u64, SAMPLES, "each answer is written once");
    let summary = world.only_run("s").await.summary();
    assert_eq!((&summary["models"][0]["answered"], &summary["models"][0]["failed"]), (&json!(SAMPLES), &json!(0)));
    assert_eq!(world.notices().await.len(), 1);
}

/// Returns the questions whose answers are written.
async fn written(world: &World) -> Vec<String> {
    let records = world.only_run("s").await.records();
    records.iter().map(|record| record["sample"]["prompt"].as_str().unwrap().to_owned()).collect()
}

/// No test: the process that [`a_killed_run_is_continued_from_its_records`] starts and kills.
#[tokio::test]
async fn an_errand_of_another_test() {
    let Some(errand) = errand::of_this_process() else { return };
    let text = |name: &str| errand[name].as_str().unwrap().to_owned();
    let settings = settings(&text("bucket"), &text("topic"), &text("namespace"), world::MODEL);
    let models = assay_model::bedrock(&world::config(&text("models")));
    let evaluator = Evaluator::new(&settings, &world::config(&text("services")), models).unwrap();
    handle(errand["event"].clone(), &evaluator, None, "errand").await.unwrap();
}
