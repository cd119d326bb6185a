//! With a bot's token: one message for each time an alarm goes off, edited when its state changes, with a reply for each
//! change.

use crate::world::{World, alarm, change, class, topic, well};
use local_stack::slack::{Message, SlackAnswer, SlackRule, TOKEN};
use serde_json::{Value, json};

fn text(payload: &Value) -> String {
    payload.to_string()
}

fn is_reply_to(reply: &Message, message: &Message) -> bool {
    reply.thread_ts.as_ref() == Some(&message.ts) && reply.channel == message.channel
}

#[tokio::test]
async fn an_alarm_that_is_well_again_edits_its_message_and_replies_to_it() {
    let world = World::bot("bot").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let first = world.slack.messages();
    assert_eq!((first.len(), first[0].named.as_str()), (1, "#alarms"));
    assert!(text(&first[0].payload).contains("decides that it is ALARM"));
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(messages[0].earlier.len(), 1, "edited once");
    let edited = text(&messages[0].payload);
    assert!(edited.contains("decides that it is OK"), "{edited}");
    assert!(edited.contains("decides that it is ALARM"), "what it said at first is kept: {edited}");
    assert!(is_reply_to(&messages[1], &messages[0]));
    assert!(text(&messages[1].payload).contains("decides that it is OK"));
    // Once more is harmless.
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    assert_eq!((world.slack.messages().len(), world.calls()), (2, 3));
    let sent = world.slack.calls();
    assert!(sent.iter().all(|call| call.authorization.as_deref() == Some(&format!("Bearer {TOKEN}"))));
    assert!(sent.iter().all(|call| !text(&call.body).contains(TOKEN)));
}

#[tokio::test]
async fn the_next_time_it_goes_off_is_a_message_of_its_own() {
    let world = World::bot("bot-next").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    world.deliver(&topic(&[change("a", "OK", "ALARM", "2026-11-20T10:00:00.000+0000")])).await.unwrap();
    world.deliver(&topic(&[change("a", "ALARM", "OK", "2026-11-20T10:10:00.000+0000")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 4);
    assert!(messages[2].thread_ts.is_none() && is_reply_to(&messages[3], &messages[2]));
    assert_eq!((messages[0].earlier.len(), messages[2].earlier.len()), (1, 1));
}

#[tokio::test]
async fn the_next_time_is_told_anew_even_if_nobody_told_the_end_of_the_last() {
    let world = World::bot("bot-silent-end").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[change("a", "OK", "ALARM", "2026-11-20T10:00:00.000+0000")])).await.unwrap();
    world.deliver(&topic(&[change("a", "ALARM", "OK", "2026-11-20T10:10:00.000+0000")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 3);
    assert!(messages[1].thread_ts.is_none() && is_reply_to(&messages[2], &messages[1]));
    assert_eq!((messages[0].earlier.len(), messages[1].earlier.len()), (0, 1));
}

#[tokio::test]
async fn states_between_belong_to_the_same_message() {
    let world = World::bot("bot-between").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.deliver(&topic(&[change("a", "ALARM", "INSUFFICIENT_DATA", "2026-11-20T08:20:00Z")])).await.unwrap();
    world.deliver(&topic(&[change("a", "INSUFFICIENT_DATA", "ALARM", "2026-11-20T08:25:00Z")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!((messages.len(), messages[0].earlier.len()), (4, 3));
    assert!(messages[1..].iter().all(|reply| is_reply_to(reply, &messages[0])));
}

#[tokio::test]
async fn a_message_that_somebody_removed_is_posted_anew() {
    let world = World::bot("bot-removed").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.rules(vec![SlackRule::always(SlackAnswer::error("message_not_found")).for_path("chat.update")]);
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 2);
    assert!(messages[1].thread_ts.is_none() && text(&messages[1].payload).contains("decides that it is OK"));
}

#[tokio::test]
async fn an_edit_that_was_cut_off_is_done_by_the_next_delivery() {
    let world = World::bot("bot-cut").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    for path in ["chat.update", "chat.postMessage"] {
        world.rules(vec![SlackRule::always(SlackAnswer::status(500, "")).for_path(path)]);
        assert_eq!(class(world.deliver(&topic(&[well("a")])).await), "SlackUnavailable", "{path}");
        assert_eq!(world.slack.messages().len(), 1);
    }
    world.heal();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 2);
    assert!(text(&messages[0].payload).contains("decides that it is OK") && is_reply_to(&messages[1], &messages[0]));
}

#[tokio::test]
async fn edits_at_the_same_time_end_with_the_newest_state() {
    let world = World::bot("bot-race").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let (older, newer) = (
        topic(&[change("a", "ALARM", "INSUFFICIENT_DATA", "2026-11-20T08:20:00Z")]),
        topic(&[change("a", "INSUFFICIENT_DATA", "OK", "2026-11-20T08:25:00Z")]),
    );
    let (one, other) = tokio::join!(world.deliver(&older), world.deliver(&newer));
    one.unwrap();
    other.unwrap();
    let messages = world.slack.messages();
    assert_eq!(messages.len(), 3, "one message and a reply for each change");
    assert!(text(&messages[0].payload).contains("decides that it is OK"), "{}", messages[0].payload);
}

#[tokio::test]
async fn refusals_of_the_web_api_are_errors_though_they_come_with_200() {
    for (error, expected) in [
        ("invalid_auth", "SlackDestinationDead"),
        ("channel_not_found", "SlackDestinationDead"),
        ("is_archived", "SlackDestinationDead"),
        ("missing_scope", "SlackRefused"),
        ("internal_error", "SlackUnavailable"),
    ] {
        let world = World::bot(&format!("bot-{}", error.replace('_', "-"))).await;
        world.rules(vec![SlackRule::always(SlackAnswer::error(error))]);
        assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), expected, "{error}");
        world.heal();
        world.deliver(&topic(&[alarm("a")])).await.unwrap();
        assert_eq!(world.slack.messages().len(), 1, "{error}");
    }
}

#[tokio::test]
async fn blocks_that_are_refused_and_wishes_to_wait_are_met_as_with_a_webhook() {
    let world = World::bot("bot-plain").await;
    world.rules(vec![
        SlackRule::always(SlackAnswer::error("ratelimited")).times(1),
        SlackRule::always(SlackAnswer::InvalidBlocks),
    ]);
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!((messages.len(), world.calls()), (1, 3));
    assert!(messages[0].payload.get("attachments").is_none());
}

#[tokio::test]
async fn an_edit_in_plain_text_leaves_no_blocks_of_before() {
    let world = World::bot("bot-plain-edit").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert!(world.slack.messages()[0].payload["attachments"][0]["blocks"].is_array());
    world.rules(vec![SlackRule::always(SlackAnswer::InvalidBlocks).for_path("chat.update")]);
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let message = &world.slack.messages()[0];
    assert_eq!((&message.payload["attachments"], message.earlier.len()), (&json!([]), 1));
    assert_eq!(message.payload["blocks"], json!([]));
}

#[tokio::test]
async fn a_new_token_is_found_when_the_old_one_is_revoked() {
    let world = World::with("bot-token", &json!({"token": "xoxb-old-HIDDEN", "channel": "#alarms"}).to_string()).await;
    let forwarder = world.forwarder();
    let event = topic(&[alarm("a")]);
    let failed = crate::world::deliver(&event, &forwarder, None).await;
    assert_eq!(class(failed), "SlackDestinationDead");
    world.put_secret(&json!({"token": TOKEN, "channel": "#alarms"}).to_string()).await;
    crate::world::deliver(&event, &forwarder, None).await.unwrap();
    assert_eq!(world.slack.messages().len(), 1);
}

#[tokio::test]
async fn what_is_no_alarm_is_posted_and_never_edited() {
    let world = World::bot("bot-text").await;
    world.deliver(&topic(&[json!("some words"), json!("other words")])).await.unwrap();
    let messages = world.slack.messages();
    assert!(messages.len() == 2 && messages.iter().all(|message| message.earlier.is_empty()));
    assert!(world.objects("monitor/posted/alarms").await.is_empty());
}

#[tokio::test]
async fn an_alarm_that_goes_off_in_a_thread_is_shown_to_the_channel() {
    let world = World::bot("bot-again").await;
    world.deliver(&topic(&[change("a", "OK", "INSUFFICIENT_DATA", "2026-11-20T08:10:00Z")])).await.unwrap();
    world.deliver(&topic(&[change("a", "INSUFFICIENT_DATA", "ALARM", "2026-11-20T08:15:00Z")])).await.unwrap();
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let messages = world.slack.messages();
    let shown: Vec<&Value> = messages.iter().map(|message| &message.payload["reply_broadcast"]).collect();
    assert!(messages[1..].iter().all(|reply| is_reply_to(reply, &messages[0])));
    assert_eq!(shown, [&Value::Null, &json!(true), &Value::Null]);
}

#[tokio::test]
async fn a_message_that_cannot_be_edited_is_posted_anew_whatever_the_reason() {
    // Somebody made a new channel of the old one's name; another bot takes over; a word that nobody knows here.
    for error in ["channel_not_found", "is_archived", "cant_update_message", "something_new"] {
        let world = World::bot(&format!("bot-uneditable-{}", error.replace('_', "-"))).await;
        world.deliver(&topic(&[alarm("a")])).await.unwrap();
        world.rules(vec![SlackRule::always(SlackAnswer::error(error)).for_path("chat.update")]);
        world.deliver(&topic(&[well("a")])).await.unwrap();
        let messages = world.slack.messages();
        assert_eq!(messages.len(), 2, "{error}");
        assert!(messages[1].thread_ts.is_none() && text(&messages[1].payload).contains("decides that it is OK"));
        // The channel is dead for everything: nothing of it counts as told.
        world.rules(vec![SlackRule::always(SlackAnswer::error(error))]);
        world.deliver(&topic(&[change("a", "OK", "ALARM", "2026-11-20T10:00:00Z")])).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_reply_that_is_refused_is_a_message_of_its_own() {
    let world = World::bot("bot-no-thread").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.rules(vec![SlackRule::always(SlackAnswer::error("something_new")).for_body("thread_ts")]);
    world.deliver(&topic(&[well("a")])).await.unwrap();
    let late = change("a", "OK", "INSUFFICIENT_DATA", "2026-11-20T08:20:00Z");
    world.deliver(&topic(&[late])).await.unwrap();
    let messages = world.slack.messages();
    assert_eq!((messages.len(), messages[0].earlier.len()), (3, 1));
    assert!(messages.iter().all(|message| message.thread_ts.is_none()));
    assert!(text(&messages[2].payload).contains("This came late"));
}
