//! A queue's messages: each fails for itself.

use crate::world::{World, alarm, always, class, deliver_until, queue, well};
use local_stack::slack::{SlackAnswer, SlackRule};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn only_what_was_not_posted_comes_again() {
    let world = World::new("queue-part").await;
    world.rules(vec![SlackRule::always(SlackAnswer::status(500, "")).for_body("second-alarm")]);
    let event = queue(&[alarm("first-alarm"), alarm("second-alarm"), json!("third, a text")]);
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"batchItemFailures": [{"itemIdentifier": "m1"}]}));
    assert_eq!(world.posted().len(), 2);
    world.heal();
    let again = json!({"Records": [event["Records"][1]]});
    assert_eq!(world.deliver(&again).await.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(world.posted().len(), 3);
    // The whole batch once more, as a queue may do.
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(world.posted().len(), 3);
}

#[tokio::test]
async fn a_batch_that_failed_as_a_whole_is_an_error_of_the_function() {
    let world = World::new("queue-all").await;
    world.rules(always(SlackAnswer::no_service()));
    let event = queue(&[alarm("a"), alarm("b")]);
    assert_eq!(class(world.deliver(&event).await), "SlackDestinationDead");
    world.heal();
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn what_there_is_no_time_for_comes_again() {
    let world = World::new("queue-time").await;
    world.rules(vec![SlackRule::always(SlackAnswer::Hang).for_body("second-alarm")]);
    let event = queue(&[alarm("first-alarm"), alarm("second-alarm"), alarm("third-alarm")]);
    let first_is_posted = async || (world.written().await, world.calls()) == (1, 2);
    let answer = deliver_until(&event, &world.forwarder(), Duration::from_secs(6), first_is_posted).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}));
    world.heal();
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 3);
}

#[tokio::test]
async fn within_a_batch_the_order_of_the_changes_is_kept() {
    let world = World::new("queue-order").await;
    world.deliver(&queue(&[well("a"), alarm("a")])).await.unwrap();
    let texts: Vec<String> = world.posted().iter().map(|message| message.payload.to_string()).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("decides that it is ALARM") && texts[1].contains("decides that it is OK"), "{texts:?}");
}

#[tokio::test]
async fn a_failed_message_that_cannot_be_named_brings_the_whole_batch_again() {
    let world = World::new("queue-nameless").await;
    world.rules(vec![SlackRule::always(SlackAnswer::no_service()).for_body("second-alarm")]);
    let mut event = queue(&[alarm("first-alarm"), alarm("second-alarm")]);
    event["Records"][1].as_object_mut().unwrap().remove("messageId");
    // Whatever is not named as failed would count as done.
    assert_eq!(class(world.deliver(&event).await), "SlackDestinationDead");
    world.heal();
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}
