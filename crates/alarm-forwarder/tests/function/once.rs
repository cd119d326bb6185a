//! However often an event comes, Slack is told once.

use crate::world::{World, alarm, change, deliver, suppressed, topic, well};
use serde_json::json;

#[tokio::test]
async fn an_alarm_is_posted_once_however_often_it_comes() {
    let world = World::new("once").await;
    let event = topic(&[alarm("a")]);
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"posted": 1, "posted_before": 0}));
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"posted": 0, "posted_before": 1}));
    assert_eq!((world.posted().len(), world.calls()), (1, 1));
}

#[tokio::test]
async fn the_same_change_by_another_way_is_the_same() {
    let world = World::new("other-way").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    // A second topic of the alarm, or a topic that delivers again: only the message's own id differs.
    let mut again = topic(&[alarm("a")]);
    again["Records"][0]["Sns"]["MessageId"] = json!("another");
    world.deliver(&again).await.unwrap();
    assert_eq!(world.posted().len(), 1);
    // The same moment, written in another way.
    world.deliver(&topic(&[change("a", "OK", "ALARM", "2026-11-20T09:15:42.123+0100")])).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn each_change_of_each_alarm_is_posted() {
    let world = World::new("each").await;
    let again = change("a", "OK", "ALARM", "2026-11-20T09:00:00.000+0000");
    world.deliver(&topic(&[alarm("a"), alarm("b")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    world.deliver(&topic(&[again])).await.unwrap();
    assert_eq!(world.posted().len(), 4);
}

#[tokio::test]
async fn texts_are_told_apart_by_their_ids() {
    let world = World::new("texts").await;
    let event = topic(&[json!("the same words"), json!("the same words")]);
    world.deliver(&event).await.unwrap();
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn of_two_deliveries_at_the_same_time_one_posts() {
    let world = World::new("two").await;
    let event = topic(&[alarm("a")]);
    for _ in 0..3 {
        let (one, other) = (world.forwarder(), world.forwarder());
        let (_, _) = tokio::join!(deliver(&event, &one, None), deliver(&event, &other, None));
    }
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn what_is_written_down_is_below_one_prefix_and_names_no_webhook() {
    let world = World::new("prefix").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let objects = world.objects("").await;
    assert_eq!(objects.len(), 2, "{:?}", objects.keys());
    for (key, value) in objects {
        assert!(key.starts_with("monitor/posted/"), "{key}");
        assert!(!format!("{key} {value}").contains("HIDDEN"), "{key} {value}");
    }
}

#[tokio::test]
async fn what_was_told_in_grey_is_told_aloud_once_it_is_not_suppressed() {
    let world = World::new("muted").await;
    world.deliver(&suppressed("a")).await.unwrap();
    world.deliver(&suppressed("a")).await.unwrap();
    // The suppressor is well again and the alarm is not: CloudWatch takes the alarm's actions, for the same change.
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}
