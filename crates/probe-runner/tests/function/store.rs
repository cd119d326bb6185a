//! Stores that refuse, stumble or are gone: nothing is lost, and no suite is kept back by another.

use crate::rounds::two_suites;
use crate::world::{World, dataset, hours_ago, results, scheduled};
use assay_testing::front::{self, Fate};
use assay_testing::services::SECRET;
use probe_runner::handle;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};

fn refusal() -> Fate {
    Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec())
}

#[tokio::test]
async fn a_suite_that_may_not_be_read_keeps_no_other_from_being_asked() {
    let world = two_suites("denied-suite").await;
    let event = scheduled(&hours_ago(1));
    let url = front::start(|_, path, _| match path.contains("/probes/questions/") {
        true => refusal(),
        false => Fate::Pass,
    });
    let runner = world.runner_at(&url.await).await;
    let error = Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    let said = error.chain();
    assert!(
        said.contains("probes/questions/") && said.contains("allow s3:GetObject") && !said.contains(SECRET),
        "{said}"
    );
    assert_eq!(world.only_run("numbers").await.stage(), "done");
    assert_eq!(world.kinds().await, ["run_finished"]);
    // Once it may be read, it alone is asked. The round knows it by its folder's name, and its spec names it.
    let answer = world.deliver(&event, "r").await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["faq", "numbers"]);
    assert_eq!((world.asked(), world.kinds().await), (5, vec!["run_finished".to_owned()]));
}

#[tokio::test]
async fn a_round_that_cannot_be_finished_in_three_days_is_given_up_and_told() {
    let world = two_suites("given-up").await;
    let event = scheduled(&hours_ago(100));
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.contains("/runs/faq/") {
        true => refusal(),
        false => Fate::Pass,
    })
    .await;
    let runner = world.runner_at(&url).await;
    let error = Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    let key = world.objects("monitor").await.into_keys().find(|key| key.ends_with("/round.json")).unwrap();
    let mut round = world.json(&key).await;
    round["begun_at"] = json!(hours_ago(73));
    world.put(&key, &round.to_string()).await;
    world.notices().await;
    let watch = json!({"assay": "watch"});
    let answer = Box::pin(handle(watch.clone(), &runner, None, "w")).await.unwrap();
    assert_eq!(answer["rounds"][0]["result"], "given up", "{answer}");
    let facts = world.facts("probe_problem").await;
    assert!(facts[0].contains("probes/questions/cases.jsonl") && facts[0].contains("s3:PutObject"), "{facts:?}");
    assert!(!facts[0].contains(SECRET));
    assert_eq!(world.only_run("numbers").await.stage(), "done");
    let answer = Box::pin(handle(watch, &runner, None, "w")).await.unwrap();
    assert_eq!(answer["rounds"], json!([]), "it has ended");
    assert!(world.json("monitor/heartbeat.json").await.get("round").is_none(), "it is no sign of life");
}

#[tokio::test]
async fn a_store_that_is_down_is_told_of_after_a_few_attempts() {
    let world = World::new("down").await;
    let (url, attempts) = front::down();
    let runner = world.runner_at(&url).await;
    for event in [scheduled(&hours_ago(1)), json!({"assay": "probes"})] {
        let error = Box::pin(handle(event, &runner, None, "r")).await.unwrap_err();
        assert_eq!(error.class(), "StoreUnavailable");
        // The pause between two attempts is three seconds at most.
        let attempts = attempts.swap(0, Ordering::Relaxed);
        assert!((2..=9).contains(&attempts), "{attempts}");
    }
}

#[tokio::test]
async fn a_store_that_stumbles_is_asked_again() {
    let world = two_suites("stumbling").await;
    let requests = AtomicU64::new(0);
    let url = front::start(move |_, path, _| {
        let is_store = ["/probes/", "/runs/", "/monitor/"].iter().any(|part| path.contains(part));
        match is_store && requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
            true => Fate::Refuse(503, "application/xml", b"<Error><Code>SlowDown</Code></Error>".to_vec()),
            false => Fate::Pass,
        }
    });
    let runner = world.runner_at(&url.await).await;
    let answer = Box::pin(handle(scheduled(&hours_ago(1)), &runner, None, "r")).await.unwrap();
    assert_eq!(answer["result"], "finished");
    assert_eq!(world.asked(), 5);
}

#[tokio::test]
async fn a_topic_that_refuses_keeps_no_suite_from_being_asked_and_is_told_later() {
    let world = World::new("topic-refuses").await;
    world.put("probes/empty/assay.yaml", "repeats: 1\n").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    let url = front::refusing_notices("probe_problem").await;
    let runner = world.runner_at(&url).await;
    let event = scheduled(&hours_ago(1));
    let error = Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    assert_eq!(world.only_run("s").await.stage(), "done");
    assert_eq!(world.kinds().await, ["run_finished"]);
    assert_eq!(world.deliver(&event, "r").await["result"], "finished");
    assert_eq!(world.kinds().await, ["probe_problem"]);
}

#[tokio::test]
async fn a_round_of_which_nobody_can_be_told_ends_all_the_same() {
    let world = World::new("topic-gone").await;
    world.put("probes/empty/assay.yaml", "repeats: 1\n").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    let runner = world.runner_at(&front::refusing_notices("probe_problem").await).await;
    let event = scheduled(&hours_ago(1));
    let error = Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    let key = world.objects("monitor").await.into_keys().find(|key| key.ends_with("/round.json")).unwrap();
    let mut round = world.json(&key).await;
    round["begun_at"] = json!(hours_ago(73));
    world.put(&key, &round.to_string()).await;
    let watch = json!({"assay": "watch"});
    let answer = Box::pin(handle(watch.clone(), &runner, None, "w")).await.unwrap();
    assert_eq!(answer["rounds"][0]["result"], "finished", "{answer}");
    assert_eq!(Box::pin(handle(watch, &runner, None, "w")).await.unwrap()["rounds"], json!([]));
    let heartbeat = world.json("monitor/heartbeat.json").await;
    assert_eq!(heartbeat["round"], answer["rounds"][0]["round"], "every suite was asked");
}
