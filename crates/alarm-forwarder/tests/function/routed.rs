//! Several webhooks and channels in one secret.

use crate::world::{HOOK, World, alarm, class, deliver_until, queue, topic, webhook};
use local_stack::slack::{SlackAnswer, SlackRule, TOKEN};
use serde_json::json;
use std::time::Duration;

const SEARCH: &str = "T000/B009/search-HIDDEN";

fn secret() -> String {
    json!({"webhook": webhook(HOOK), "token": TOKEN, "routes": [
        {"name": "search-*", "webhook": webhook(SEARCH)},
        {"name": "*-down", "channel": "C0123456789"},
    ]})
    .to_string()
}

#[tokio::test]
async fn alarms_go_where_their_names_lead() {
    let world = World::with("routed", &secret()).await;
    world.deliver(&topic(&[alarm("search-slow"), alarm("search-down"), alarm("other")])).await.unwrap();
    let count = |channel: &str| world.slack.messages_in(channel).len();
    let search = format!("/services/{SEARCH}");
    assert_eq!((count(&search), count("C0123456789"), world.posted().len()), (2, 1, 1));
}

#[tokio::test]
async fn a_dead_destination_keeps_no_other_from_being_told_and_is_told_later() {
    let world = World::with("routed-dead", &secret()).await;
    world.rules(vec![SlackRule::always(SlackAnswer::no_service()).for_path(SEARCH)]);
    let event = topic(&[alarm("search-down")]);
    let failed = world.deliver(&event).await.unwrap_err();
    let said = failed.chain();
    let expected = "the webhook `routes[0].webhook` (404 no_service); make a new webhook";
    assert!(said.contains(expected), "{said}");
    assert_eq!(format!("{failed:?}"), said, "the runtime logs it so");
    assert_eq!(class(Err(failed)), "SlackDestinationDead");
    assert_eq!(world.slack.messages_in("C0123456789").len(), 1);
    world.heal();
    assert_eq!(world.deliver(&event).await.unwrap(), json!({"posted": 1, "posted_before": 1}));
    let search = world.slack.messages_in(&format!("/services/{SEARCH}"));
    assert_eq!((search.len(), world.slack.messages_in("C0123456789").len()), (1, 1));
}

#[tokio::test]
async fn a_destination_that_is_dead_is_named_with_its_remedy() {
    for (error, name, remedy) in [
        ("invalid_auth", "the `token`, for the channel `#alarms` (invalid_auth)", "new token"),
        ("token_revoked", "the `token`, for", "new token"),
        ("account_inactive", "the `token`, for", "new token"),
        ("missing_scope", "the `token`, for", "the scope chat:write"),
        ("not_in_channel", "the channel `#alarms` (not_in_channel)", "invite the bot"),
        ("channel_not_found", "the channel `#alarms`", "invite the bot"),
        ("is_archived", "the channel `#alarms`", "unarchive"),
    ] {
        let world = World::bot(&format!("bot-named-{}", error.replace('_', "-"))).await;
        world.rules(vec![SlackRule::always(SlackAnswer::error(error))]);
        let said = world.deliver(&topic(&[alarm("a")])).await.unwrap_err().chain();
        assert!(said.contains(name) && said.contains(remedy) && !said.contains("webhook"), "{error}: {said}");
    }
}

#[tokio::test]
async fn severity_and_team_are_read_from_the_tags_of_an_alarm() {
    let secret = json!({"webhook": webhook(HOOK), "routes": [
        {"severity": "critical", "team": "Search", "webhook": webhook(SEARCH)},
    ]});
    let world = World::with("routed-tags", &secret.to_string()).await;
    let mut tagged = alarm("a");
    tagged["AlarmTags"] = json!({"severity": "Critical", "team": "search"});
    world.deliver(&topic(&[tagged, alarm("b")])).await.unwrap();
    assert_eq!((world.slack.messages_in(&format!("/services/{SEARCH}")).len(), world.posted().len()), (1, 1));
}

#[tokio::test]
async fn a_destination_that_does_not_answer_keeps_no_other_waiting() {
    let world = World::with("routed-hang", &secret()).await;
    world.rules(vec![SlackRule::always(SlackAnswer::Hang).for_path(SEARCH)]);
    // The third goes to both.
    let event = queue(&[alarm("search-one"), alarm("search-two"), alarm("search-down"), alarm("other")]);
    let others = async || world.written().await == 2;
    let answer = deliver_until(&event, &world.forwarder(), Duration::from_secs(6), others).await.unwrap();
    let failed = ["m0", "m1", "m2"].map(|id| json!({ "itemIdentifier": id }));
    assert_eq!(answer, json!({ "batchItemFailures": failed }));
    assert_eq!((world.posted().len(), world.slack.messages_in("C0123456789").len()), (1, 1));
    world.heal();
    world.deliver(&event).await.unwrap();
    assert_eq!((world.posted().len(), world.slack.messages_in("C0123456789").len()), (1, 1));
    assert_eq!(world.slack.messages_in(&format!("/services/{SEARCH}")).len(), 3);
}
