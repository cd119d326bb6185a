//! Events come at least once, at any time: a round is gone over once.

use crate::rounds::two_suites;
use crate::world::{hours_ago, reading, scheduled};
use serde_json::json;

#[tokio::test]
async fn a_round_that_is_delivered_twice_is_one() {
    let world = two_suites("twice").await;
    let event = scheduled(&hours_ago(1));
    assert_eq!(world.deliver(&event, "one").await["result"], "finished");
    assert_eq!(world.deliver(&event, "two").await["result"], "done");
    assert_eq!((world.runs("faq").await.len(), world.runs("numbers").await.len()), (1, 1));
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2));
    assert_eq!(reading(&world.metrics().await, "RunCompleted", "faq").count, 1.0);
    // What is put there afterwards belongs to the next round.
    world.put("probes/late/a.jsonl", "{\"prompt\": \"late\"}").await;
    assert_eq!(world.deliver(&event, "three").await["result"], "done");
    assert!(world.runs("late").await.is_empty());
}

#[tokio::test]
async fn two_deliveries_at_the_same_moment_are_one() {
    let world = two_suites("at-once").await;
    let event = scheduled(&hours_ago(1));
    let (one, two) = tokio::join!(world.deliver(&event, "one"), world.deliver(&event, "two"));
    let mut results = [one["result"].clone(), two["result"].clone()];
    results.sort_by_key(ToString::to_string);
    assert!(results.contains(&json!("finished")), "{results:?}");
    assert!(results.contains(&json!("busy")) || results.contains(&json!("done")), "{results:?}");
    assert_eq!((world.runs("faq").await.len(), world.runs("numbers").await.len()), (1, 1));
    assert_eq!((world.asked(), world.kinds().await.len()), (5, 2));
}

#[tokio::test]
async fn the_same_event_of_eventbridge_is_one_round_whoever_delivers_it() {
    let world = two_suites("bridged").await;
    let event = |id: &str| json!({"id": id, "source": "assay", "detail-type": "Probes Requested", "detail": {"suites": ["faq"]}});
    assert_eq!(world.deliver(&event("e1"), "one").await["result"], "finished");
    assert_eq!(world.deliver(&event("e1"), "two").await["result"], "done");
    assert_eq!(world.runs("faq").await.len(), 1);
    // Asked for once more, a second later, it is a new round.
    assay_testing::clock::next_second().await;
    assert_eq!(world.deliver(&event("e2"), "three").await["result"], "finished");
    assert_eq!((world.runs("faq").await.len(), world.runs("numbers").await.len()), (2, 0));
}
