//! States that come in another order than they changed: all are told, and an older one never takes the place of a newer one.

use crate::world::{World, alarm, topic, well};

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
    let late = crate::world::change("a", "ALARM", "INSUFFICIENT_DATA", "2026-11-20T08:20:00.000+0000");
    world.deliver(&topic(&[late])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!((messages.len(), &messages[0].payload), (3, &before));
    assert_eq!(messages[2].thread_ts.as_ref(), Some(&messages[0].ts));
    assert!(messages[2].payload.to_string().contains("This came late: the alarm is OK since"));
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
