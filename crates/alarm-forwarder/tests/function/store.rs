//! Where it is written down what was posted: when that is down, denied, half written or held by somebody who died.

use crate::front::{self, Fate};
use crate::world::{World, alarm, class, deliver, topic};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

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
async fn a_store_whose_answers_are_lost_posts_once() {
    let world = World::new("store-lost").await;
    // Each first write of a key is done, and its answer lost: the client writes again and is told that something is there.
    let seen = std::sync::Mutex::new(std::collections::BTreeSet::new());
    let url = front::start(move |method, path, _| {
        let is_first = method.as_str() == "PUT" && seen.lock().unwrap().insert(path.to_owned());
        if is_first { Fate::LoseAnswer } else { Fate::Pass }
    });
    let forwarder = world.forwarder_at(&url.await).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

/// Posts an alarm, and answers key and text of its mark.
async fn posted(world: &World) -> (String, Value) {
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let marks = world.objects("monitor/posted/messages").await;
    assert_eq!(marks.len(), 1);
    marks.into_iter().next().unwrap()
}

#[tokio::test]
async fn whoever_is_posting_is_left_alone_until_the_lease_ends() {
    let world = World::new("store-lease").await;
    let (key, mark) = posted(&world).await;
    assert_eq!(mark["stage"], "posted");
    let held = |seconds| {
        let until = Timestamp::now() + SignedDuration::from_secs(seconds);
        let mut mark = mark.clone();
        mark["stage"] = "posting".into();
        mark["lease_until"] = until.to_string().into();
        mark.to_string()
    };
    world.put(&key, &held(30)).await;
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
