//! Whatever Slack answers: what can be taken is taken, and everything else is an error.

use crate::world::{World, alarm, always, class, deliver, deliver_until, first, topic, well};
use assay_testing::clock::{Clock, until};
use local_stack::slack::{SlackAnswer, SlackRule, SlackStandIn};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn a_wish_to_wait_is_kept() {
    let world = World::new("wait").await;
    world.rules(first(1, SlackAnswer::rate_limited(1)));
    let begun = std::time::Instant::now();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!((world.posted().len(), world.calls()), (1, 2));
}

#[tokio::test]
async fn a_wish_without_a_time_is_kept_too() {
    let world = World::new("wait-some").await;
    world.rules(first(2, SlackAnswer::RateLimited { retry_after_seconds: None }));
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!((world.posted().len(), world.calls()), (1, 3));
}

#[tokio::test]
async fn a_wait_beyond_the_invocation_is_an_error_and_nothing_is_sent_there_meanwhile() {
    let world = World::new("wait-long").await;
    world.rules(first(1, SlackAnswer::rate_limited(60)));
    let forwarder = world.forwarder();
    let event = topic(&[alarm("a"), alarm("b")]);
    let failed = deliver(&event, &forwarder, Some(Duration::from_secs(20))).await;
    assert_eq!(class(failed), "SlackRateLimited");
    assert_eq!(world.calls(), 1, "the second alarm is kept from a webhook that asked for rest");
    // The next delivery meets a process that knows nothing of it, a minute later.
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn errors_of_slack_and_of_the_network_are_tried_again() {
    for (name, answer) in [
        ("500", SlackAnswer::status(500, "rollup_error")),
        ("503", SlackAnswer::status(503, "<html>")),
        ("no-ok", SlackAnswer::status(200, "<html>")),
    ] {
        let world = World::new(&format!("again-{name}")).await;
        world.rules(first(2, answer));
        world.deliver(&topic(&[alarm("a")])).await.unwrap();
        assert_eq!((world.posted().len(), world.calls()), (1, 3), "{name}");
    }
}

#[tokio::test]
async fn what_slack_does_not_get_over_is_an_error_and_posted_later() {
    let world = World::new("down").await;
    world.rules(always(SlackAnswer::status(500, "rollup_error")));
    let event = topic(&[alarm("a")]);
    assert_eq!(class(world.deliver(&event).await), "SlackUnavailable");
    assert_eq!(world.calls(), 4);
    world.heal();
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_may_cost_a_second_message_but_never_the_first() {
    let world = World::new("lost").await;
    world.rules(first(1, SlackAnswer::TakeAndReset));
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!((world.posted().len(), world.calls()), (2, 2));
}

#[tokio::test]
async fn where_slack_may_have_taken_a_message_it_is_asked_once_more_and_no_oftener() {
    for (name, answer, posted) in [("take", SlackAnswer::TakeAndReset, 2), ("reset", SlackAnswer::Reset, 0)] {
        let world = World::new(&format!("lost-{name}")).await;
        world.rules(always(answer));
        let event = topic(&[alarm("a")]);
        let failed = world.deliver(&event).await.unwrap_err();
        assert!(failed.chain().contains("asked 2 times"), "{failed}");
        assert_eq!(class(Err(failed)), "SlackUnavailable");
        assert_eq!((world.posted().len(), world.calls()), (posted, 2), "{name}");
        // It is not known to be posted, so the next delivery posts it.
        world.heal();
        world.deliver(&event).await.unwrap();
        assert_eq!((world.posted().len(), world.calls()), (posted + 1, 3), "{name}");
    }
}

#[tokio::test]
async fn a_lost_answer_among_other_troubles_counts_with_them() {
    let world = World::new("lost-among").await;
    let status = || SlackRule::always(SlackAnswer::status(503, "")).times(1);
    let lost = || SlackRule::always(SlackAnswer::TakeAndReset).times(1);
    world.rules(vec![status(), lost(), status(), lost()]);
    assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), "SlackUnavailable");
    assert_eq!((world.posted().len(), world.calls()), (2, 4));
}

#[tokio::test]
async fn an_edit_is_asked_for_again_as_often_as_it_takes_and_a_message_once_more() {
    let world = World::bot("bot-lost").await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    let lost = |path: &str, times| SlackRule::always(SlackAnswer::TakeAndReset).for_path(path).times(times);
    // An edit that is made twice is the same edit.
    world.rules(vec![lost("chat.update", 3)]);
    world.deliver(&topic(&[well("a")])).await.unwrap();
    assert_eq!((world.slack.messages().len(), world.calls()), (2, 1 + 4 + 1));
    world.rules(vec![lost("chat.postMessage", 3)]);
    assert_eq!(class(world.deliver(&topic(&[alarm("b")])).await), "SlackUnavailable");
    assert_eq!(world.slack.messages().len(), 2 + 2);
}

#[tokio::test]
async fn a_slack_that_does_not_answer_ends_in_time() {
    let world = World::new("hang").await;
    world.rules(always(SlackAnswer::Hang));
    let event = topic(&[alarm("a"), alarm("b")]);
    let asked = async || world.calls() == 1;
    let failed = deliver_until(&event, &world.forwarder(), Duration::from_secs(12), asked).await;
    assert_eq!(class(failed), "SlackUnavailable");
    world.heal();
    world.deliver(&event).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn a_slack_that_nobody_reaches_is_an_error() {
    let mut world = World::new("nobody").await;
    world.slack = SlackStandIn::start(None).unwrap();
    let failed = world.deliver(&topic(&[alarm("a")])).await.unwrap_err();
    assert!(failed.chain().contains("asked 4 times"), "nothing was sent, so nothing can be there twice: {failed}");
    assert_eq!(class(Err(failed)), "SlackUnavailable");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::new("redirect").await;
    let elsewhere = SlackStandIn::start(None).unwrap();
    let location = format!("{}/services/T/B/x", elsewhere.url());
    world.rules(always(SlackAnswer::Redirect { location }));
    assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), "SlackRefused");
    assert_eq!((world.calls(), elsewhere.calls().len()), (1, 0));
}

#[tokio::test]
async fn blocks_that_are_refused_are_said_in_plain_text() {
    let world = World::new("plain").await;
    world.rules(always(SlackAnswer::InvalidBlocks));
    world.deliver(&topic(&[alarm("eval-low")])).await.unwrap();
    let posted = world.posted();
    assert_eq!((posted.len(), world.calls()), (1, 2));
    let payload = &posted[0].payload;
    assert!(payload.get("blocks").is_none() && payload.get("attachments").is_none(), "{payload}");
    assert!(payload["text"].as_str().unwrap().contains("eval-low"), "{payload}");
}

#[tokio::test]
async fn a_message_that_is_refused_in_any_form_is_an_error() {
    let world = World::new("refused").await;
    world.rules(always(SlackAnswer::status(400, "invalid_payload")));
    assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), "SlackRefused");
    assert_eq!(world.calls(), 2);
}

#[tokio::test]
async fn a_dead_webhook_is_an_error_each_time_and_never_a_success() {
    for (status, body, expected) in [
        (404, "no_service", "SlackDestinationDead"),
        (403, "invalid_token", "SlackDestinationDead"),
        (410, "channel_is_archived", "SlackRefused"),
        (401, "", "SlackRefused"),
    ] {
        let world = World::new(&format!("dead-{status}")).await;
        world.rules(always(SlackAnswer::status(status, body)));
        for calls in 1..=2 {
            assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), expected);
            assert_eq!(world.calls(), calls, "{status}: the same webhook is not asked twice in one delivery");
        }
        world.heal();
        let healed = world.deliver(&topic(&[alarm("a")])).await.unwrap();
        assert_eq!(healed, json!({"posted": 1, "posted_before": 0}));
    }
}

#[tokio::test]
async fn a_slack_that_says_to_wait_and_no_time_is_asked_ever_more_seldom() {
    let world = World::new("wait-none").await;
    world.rules(always(SlackAnswer::rate_limited(0)));
    let clock = Clock::limited_to(Duration::from_secs(10));
    let begun = Instant::now();
    let (event, forwarder) = (topic(&[alarm("a")]), world.forwarder());
    let ending = async {
        until("Slack is asked four times", async || world.calls() == 4).await;
        // The first call comes at once, the others after pauses of at least 1/4, 1/2 and 1 s.
        let asked = Instant::now() - begun;
        assert!(asked >= Duration::from_millis(1750), "{asked:?}");
        // Posting ends after 25 of the 30 s: there is time for one more call, but not for the pause after it.
        clock.set(begun + Duration::from_secs(24), Duration::from_millis(500)).await;
    };
    let (failed, ()) = tokio::join!(deliver(&event, &forwarder, Some(Duration::from_secs(30))), ending);
    assert_eq!(class(failed), "SlackRateLimited");
    assert_eq!(world.calls(), 5);
}
