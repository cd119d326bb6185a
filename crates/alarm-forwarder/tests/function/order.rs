//! States that come in another order than they changed: all are told, and an older one never takes the place of a newer one.

use crate::world::{World, alarm, change, topic, well};
use serde_json::json;

#[tokio::test]
async fn a_webhook_is_told_of_what_came_late_with_a_word_on_it() {
    let world = World::new("late").await;
    world.deliver(&topic(&[well("a")])).await.unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let posted = world.posted();
    assert_eq!(posted.len(), 2);
    let [newer, older] = [&posted[0].payload, &posted[1].payload].map(ToString::to_string);
    assert!(!newer.contains("came late"), "{newer}");
    assert!(older.contains("This came late: the alarm is OK since"), "{older}");
    assert_eq!(world.calls(), 2);
    let known = world.objects("monitor/posted/alarms").await;
    assert_eq!(known.values().next().unwrap()["state"], "OK", "{known:?}");
}

#[tokio::test]
async fn a_bot_replies_with_what_came_late_and_leaves_the_message_as_it_is() {
    let world = World::bot("late-bot").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let before = world.slack.messages()[0].payload.clone();
    let late = change("a", "ALARM", "INSUFFICIENT_DATA", "2026-11-20T08:20:00.000+0000");
    world.deliver(&topic(&[late])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!((messages.len(), &messages[0].payload), (3, &before));
    assert_eq!(messages[2].thread_ts.as_ref(), Some(&messages[0].ts));
    assert!(messages[2].payload.to_string().contains("This came late: the alarm is OK since"));
}

#[tokio::test]
async fn what_ends_nothing_is_no_news_and_what_came_before_it_comes_late() {
    let world = World::new("no-news").await;
    // An alarm that was just made is well for the first time.
    let made = change("a", "INSUFFICIENT_DATA", "OK", "2026-11-20T08:20:00.000+0000");
    let counts = json!({"posted": 0, "posted_before": 0});
    assert_eq!(world.deliver(&topic(std::slice::from_ref(&made))).await.unwrap(), counts);
    // One that lacks data from time to time.
    let again = change("a", "INSUFFICIENT_DATA", "OK", "2026-11-20T08:25:00.000+0000");
    world.deliver(&topic(&[again])).await.unwrap();
    assert_eq!(world.posted().len(), 0);
    // It has gone off before, which is told late.
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert!(world.posted()[0].payload.to_string().contains("This came late: the alarm is OK since"));

    // Whatever is open is ended, whether the last word of it was told or not.
    world.deliver(&topic(&[change("a", "OK", "ALARM", "2026-11-20T09:00:00Z")])).await.unwrap();
    world.deliver(&topic(&[change("a", "INSUFFICIENT_DATA", "OK", "2026-11-20T09:20:00Z")])).await.unwrap();
    assert_eq!(world.posted().len(), 3);
    // And what ends an alarm by its own word is told to whoever knows nothing of it.
    world.deliver(&topic(&[well("b")])).await.unwrap();
    assert_eq!(world.posted().len(), 4);
}

#[tokio::test]
async fn alarms_of_the_same_name_elsewhere_are_others() {
    let world = World::new("elsewhere").await;
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let mut other = alarm("a");
    other["AlarmArn"] = "arn:aws:cloudwatch:eu-central-1:210987654321:alarm:a".into();
    world.deliver(&topic(&[other])).await.unwrap();
    assert!(!world.posted()[1].payload.to_string().contains("came late"));
}
