//! The hourly watch: how long ago the probes were asked, and rounds that are taken further.

use crate::world::{World, dataset, hours_ago, reading};
use jiff::Timestamp;
use serde_json::json;

#[tokio::test]
async fn where_there_are_no_probes_nothing_is_missed() {
    let world = World::new("watch-nothing").await;
    let answer = world.watch().await;
    assert_eq!((&answer["hours_since_probes"], &answer["rounds"]), (&json!(0.0), &json!([])), "{answer}");
    let metrics = world.metrics().await;
    let found = reading(&metrics, "HoursSinceProbes", "");
    assert_eq!((found.sum, found.count), (0.0, 1.0));
    assert_eq!(found.dimensions, [("Stack".to_owned(), world.settings.stack.clone())].into());
}

#[tokio::test]
async fn hours_count_from_the_oldest_dataset_and_then_from_the_last_round_of_the_schedule() {
    let world = World::new("watch-hours").await;
    let put = hours_ago(0);
    world.put("probes/s/a.jsonl", &dataset()).await;
    let hours = async || world.watch().await["hours_since_probes"].as_f64().unwrap();
    assert_since(hours().await, 0.0, &put);
    // Nobody has asked them for a week.
    let mut heartbeat = world.json("monitor/heartbeat.json").await;
    assert!(heartbeat.get("round").is_none(), "{heartbeat}");
    let asked = hours_ago(200);
    heartbeat["at"] = json!(asked);
    world.put("monitor/heartbeat.json", &heartbeat.to_string()).await;
    // Putting the dataset there anew hides nothing, nor does somebody who asks by hand.
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.deliver(&json!({"assay": "probes"}), "by-hand").await;
    world.deliver(&json!({"assay": "probes", "at": hours_ago(1), "suites": ["s"]}), "r").await;
    assert_since(hours().await, 200.0, &asked);
    // The first watch published the time since the dataset was put there.
    let told = reading(&world.metrics().await, "HoursSinceProbes", "").sum;
    assert!((200.0..=age(&asked) + age(&put)).contains(&told), "{told}");
    let begun = hours_ago(0);
    world.round(&hours_ago(1)).await;
    assert_since(hours().await, 0.0, &begun);
}

/// Returns how many hours ago a moment was.
fn age(moment: &str) -> f64 {
    Timestamp::now().duration_since(moment.parse().unwrap()).as_secs_f64() / 3600.0
}

/// Asserts that a number of hours is at least `least`, and at most the time since `moment`.
#[track_caller]
fn assert_since(hours: f64, least: f64, moment: &str) {
    let most = age(moment);
    assert!((least..=most).contains(&hours), "{hours} hours, at the most {most}");
}

#[tokio::test]
async fn probes_that_cannot_be_listed_are_not_none() {
    let world = World::new("watch-unlisted").await;
    world.put_anywhere("probes/odd//a.jsonl", &dataset()).await;
    assert_eq!(world.watch().await["hours_since_probes"], 0.0, "nobody knows since when");
    let asked = hours_ago(300);
    world.put("monitor/heartbeat.json", &json!({"format": 1, "at": asked}).to_string()).await;
    assert_since(world.watch().await["hours_since_probes"].as_f64().unwrap(), 300.0, &asked);
}

#[tokio::test]
async fn a_heartbeat_in_the_future_is_no_negative_time() {
    let world = World::new("watch-future").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.put("monitor/heartbeat.json", &json!({"format": 1, "at": "2131-01-01T00:00:00Z"}).to_string()).await;
    assert_eq!(world.watch().await["hours_since_probes"], 0.0);
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_keeps_nothing_else_back() {
    let world = World::new("watch-broken").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.put("monitor/rounds/20261101T060000Z/round.json", "{\"format\": 7}").await;
    let event = json!({"assay": "probes", "suites": ["s"]});
    world.deliver(&event, "unfinished").await;
    let end = world.objects("monitor").await.into_keys().find(|key| key.ends_with("/end.json")).unwrap();
    world.remove(&end).await;
    let claim = end.replace("end.json", "claim.json");
    let mut text = world.json(&claim).await;
    text["stage"] = json!("published");
    text["lease_until"] = json!("2026-01-01T00:00:00Z");
    world.put(&claim, &text.to_string()).await;

    let error = world.deliver_for(&json!({"assay": "watch"}), None, "w").await.unwrap_err();
    assert_eq!(error.class(), "UnreadableNote");
    let said = error.chain();
    assert!(said.contains("20261101T060000Z/round.json") && said.contains("format 7") && said.contains("move it away"));
    assert!(world.objects("monitor").await.contains_key(&end), "the other round was taken to its end");
    assert_eq!(reading(&world.metrics().await, "HoursSinceProbes", "").count, 1.0);
}
