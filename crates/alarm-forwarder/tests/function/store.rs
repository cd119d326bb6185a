//! Where it is written down what was posted: when that is down, denied, half written or held by somebody who died.

use crate::world::{LONG, World, alarm, always, change, class, deliver, deliver_until, suppressed, topic};
use assay_testing::clock::Clock;
use assay_testing::front::{self, Fate};
use jiff::{SignedDuration, Timestamp};
use local_stack::slack::SlackAnswer;
use serde_json::{Value, json};
use std::time::Duration;

/// A front before a bucket that answers nothing else than this; other services are well.
async fn store_that(bucket: &str, status: u16, code: &str) -> String {
    let (path, body) = (format!("/{bucket}/"), format!("<Error><Code>{code}</Code></Error>"));
    front::start(move |_, asked, _| match asked.starts_with(&path) {
        true => Fate::Refuse(status, "application/xml", body.clone().into_bytes()),
        false => Fate::Pass,
    })
    .await
}

#[tokio::test]
async fn a_store_that_is_down_or_denied_keeps_nothing_from_being_posted() {
    let _clock = Clock::limited_to(LONG);
    for (status, code) in [(503, "SlowDown"), (403, "AccessDenied"), (500, "InternalError")] {
        let world = World::new(&format!("store-{status}")).await;
        let forwarder = world.forwarder_at(&store_that(&world.settings.bucket, status, code).await).await;
        let event = topic(&[alarm("a"), alarm("b")]);
        assert_eq!(deliver(&event, &forwarder, None).await.unwrap(), json!({"posted": 2, "posted_before": 0}));
        // The process remembers what it has posted, though the store does not.
        assert_eq!(deliver(&event, &forwarder, None).await.unwrap(), json!({"posted": 0, "posted_before": 2}));
        assert_eq!(world.posted().len(), 2);
    }
}

#[tokio::test]
async fn what_may_end_nothing_is_told_while_nobody_can_know() {
    let _clock = Clock::limited_to(LONG);
    let world = World::new("store-no-news").await;
    let forwarder = world.forwarder_at(&store_that(&world.settings.bucket, 503, "SlowDown").await).await;
    let made = change("a", "INSUFFICIENT_DATA", "OK", "2026-11-20T08:20:00.000+0000");
    deliver(&topic(&[made]), &forwarder, None).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn a_store_whose_answers_are_lost_posts_once() {
    let world = World::new("store-lost").await;
    // The client writes again and is told that something is there.
    let forwarder = world.forwarder_at(&store_that_loses_the_answer_to_write(1).await).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

/// Of each key the write of this number is passed on, and its answer lost.
async fn store_that_loses_the_answer_to_write(number: usize) -> String {
    let writes = std::sync::Mutex::new(std::collections::BTreeMap::new());
    front::start(move |method, path, _| {
        if method.as_str() != "PUT" {
            return Fate::Pass;
        }
        let mut writes = writes.lock().unwrap();
        let count: &mut usize = writes.entry(path.to_owned()).or_default();
        *count += 1;
        if *count == number { Fate::LoseAnswer } else { Fate::Pass }
    })
    .await
}

/// Posts an alarm, and answers key and text of its mark.
async fn posted(world: &World) -> (String, Value) {
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let marks = world.objects("monitor/posted/messages").await;
    assert_eq!(marks.len(), 1);
    marks.into_iter().next().unwrap()
}

/// A mark by which somebody may post for so long.
fn held(mark: &Value, seconds: i64) -> String {
    let until = Timestamp::now() + SignedDuration::from_secs(seconds);
    let mut mark = mark.clone();
    mark["stage"] = "posting".into();
    mark["lease_until"] = until.to_string().into();
    mark.to_string()
}

#[tokio::test]
async fn whoever_is_posting_is_left_alone_until_the_lease_ends() {
    let world = World::new("store-lease").await;
    let (key, mark) = posted(&world).await;
    assert_eq!(mark["stage"], "posted");
    let held = |seconds| held(&mark, seconds);
    // Less than the fifteen minutes that an invocation may last, and more than this test takes.
    world.put(&key, &held(14 * 60)).await;
    assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), "Busy");
    assert_eq!(world.posted().len(), 1);
    // Its holder died before it posted: nothing is known of the alarm's change.
    world.put(&key, &held(-1)).await;
    let change = world.objects("monitor/posted/alarms").await.into_keys().next().unwrap();
    world.remove(&change).await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 2);
    // Its holder died after it posted and before it could say so.
    world.put(&key, &held(-1)).await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn a_mark_that_cannot_be_read_keeps_nothing_from_being_posted() {
    let world = World::new("store-broken").await;
    let (key, mark) = posted(&world).await;
    let change = world.objects("monitor/posted/alarms").await.into_keys().next().unwrap();
    let mut later = mark;
    later["format"] = 99.into();
    for (count, broken) in [(2, "{\"format\": 1, \"sta"), (3, ""), (4, &later.to_string())] {
        world.put(&key, broken).await;
        world.put(&change, broken).await;
        world.deliver(&topic(&[alarm("a")])).await.unwrap();
        assert_eq!(world.posted().len(), count);
    }
}

#[tokio::test]
async fn whoever_takes_over_knows_it_though_the_answer_is_lost() {
    let world = World::new("store-lost-lease").await;
    let (key, mark) = posted(&world).await;
    // Its holder died after it posted and before it could say so.
    world.put(&key, &held(&mark, -1)).await;
    // The first write finds the mark, the second takes it over.
    let forwarder = world.forwarder_at(&store_that_loses_the_answer_to_write(2).await).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn a_lease_that_no_invocation_can_have_is_that_of_a_wrong_clock() {
    let world = World::new("store-clock").await;
    let (key, mark) = posted(&world).await;
    let change = world.objects("monitor/posted/alarms").await.into_keys().next().unwrap();
    world.remove(&change).await;
    // Lambda ends an invocation after 15 minutes.
    world.put(&key, &held(&mark, 16 * 60)).await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn a_lease_lasts_until_the_invocation_ends() {
    let world = World::new("store-lease-end").await;
    world.rules(always(SlackAnswer::Hang));
    let (event, forwarder) = (topic(&[alarm("a")]), world.forwarder());
    let begun = Timestamp::now();
    let (mut lease, mut seen) = (None, begun);
    let looked = async || {
        let marks = world.objects("monitor/posted/messages").await;
        let mark = marks.into_values().find(|mark| mark["stage"] == "posting");
        (lease, seen) = (mark.map(|mark| mark["lease_until"].as_str().unwrap().parse().unwrap()), Timestamp::now());
        lease.is_some()
    };
    let failed = deliver_until(&event, &forwarder, Duration::from_secs(6), looked).await;
    assert_eq!(class(failed), "SlackUnavailable");
    // Posting itself ends after four and a half seconds.
    let (lease, time): (Timestamp, _) = (lease.unwrap(), SignedDuration::from_secs(6));
    assert!(begun + time <= lease && lease <= seen + time, "{begun}, {lease}, {seen}");
}

#[tokio::test]
async fn what_there_is_no_time_for_is_not_begun() {
    let world = World::new("store-late").await;
    let forwarder = world.forwarder();
    deliver(&topic(&[json!("so that the secret is read")]), &forwarder, None).await.unwrap();
    let before = world.objects("monitor/posted").await;
    let failed = deliver(&topic(&[alarm("a"), alarm("b")]), &forwarder, Some(Duration::from_millis(200))).await;
    assert_eq!(class(failed), "OutOfTime");
    assert_eq!(world.objects("monitor/posted").await, before);
}

#[tokio::test]
async fn what_was_told_in_grey_does_not_stand_for_an_attempt_that_died() {
    let world = World::new("store-muted").await;
    world.deliver(&suppressed("a")).await.unwrap();
    let grey = world.objects("monitor/posted").await;
    let (change, told) = grey.iter().find(|(key, _)| key.contains("/alarms/")).unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let marks = world.objects("monitor/posted/messages").await;
    let (key, mark) = marks.iter().find(|(key, _)| !grey.contains_key(*key)).unwrap();
    // As if whoever was to tell it aloud had died before.
    world.put(key, &held(mark, -1)).await;
    world.put(change, &told.to_string()).await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 3);
}
