//! Alarms and notices of the deployed stack on their way to Slack: topic, queue, function, stand-in.

#![allow(clippy::unwrap_used, clippy::panic)]

mod alarms;
mod dead;
mod notices;
mod ways;

use end_to_end::stack::{self, Further};
use end_to_end::world;
use local_stack::slack::{Message, SlackStandIn, TOKEN};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The function's logical id.
const FORWARDER: &str = "AlarmForwarder";
/// Where everything goes that no route is for.
const EVERYTHING: &str = "/services/T000/B000/everything";
/// Where messages go that have "dead letter" in their title.
const DEAD: &str = "/services/T000/B001/dead";
/// The channel to which the bot tells of slow models.
const LATENCY: &str = "#latency";

/// Slack as the deployed stack sees it. Whoever asks first has the stack deployed.
fn slack() -> &'static SlackStandIn {
    let webhook = |path: &str| format!("https://hooks.slack.com{path}");
    let secret = json!({
        "webhook": webhook(EVERYTHING),
        "token": TOKEN,
        "routes": [
            {"name": "*/latency", "channel": LATENCY},
            {"name": "dead letter*", "webhook": webhook(DEAD)},
        ],
    });
    stack::deployed_with(Further { slack_secret: Some(secret.to_string()), ..Further::default() }).slack().unwrap()
}

/// One of the template's outputs.
fn output(name: &str) -> &'static str {
    slack();
    stack::deployed().output(name).unwrap()
}

/// The messages in a channel that say `text`, once there are `count` of them; and there are no more when all is quiet.
async fn messages(channel: &str, text: &str, count: usize) -> Vec<Message> {
    let of_text = || {
        let messages = slack().messages_in(channel).into_iter();
        messages.filter(|message| message.payload.to_string().contains(text)).collect::<Vec<_>>()
    };
    until(&format!("{count} messages with `{text}` in {channel}"), async || of_text().len() >= count).await;
    quiet().await;
    let messages = of_text();
    assert_eq!(messages.len(), count, "{messages:#?}");
    messages
}

/// Waits until nothing is on its way to Slack.
async fn quiet() {
    let queue = output("NoticesToForwardUrl");
    until("the queue to be empty", async || world::python(include_str!("waiting.py"), &[queue]).await.trim() == "0")
        .await;
}

/// Waits until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    // Longer than anything takes, even on a slow machine.
    let limit = Instant::now() + Duration::from_secs(600);
    while !holds().await {
        if Instant::now() > limit {
            let log = stack::deployed().logs(FORWARDER).await.unwrap();
            panic!("waited for {what}; calls to Slack: {:#?}; the log: {log}", slack().calls());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Every text of a message, wherever it stands in it.
fn texts(payload: &Value) -> String {
    match payload {
        Value::String(text) => format!("{text}\n"),
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(fields) => fields.values().map(texts).collect(),
        _ => String::new(),
    }
}

/// The addresses of the buttons.
fn buttons(payload: &Value) -> Vec<String> {
    match payload {
        Value::Array(items) => items.iter().flat_map(buttons).collect(),
        Value::Object(fields) if fields.get("type") == Some(&json!("button")) => {
            vec![fields["url"].as_str().unwrap().to_owned()]
        }
        Value::Object(fields) => fields.values().flat_map(buttons).collect(),
        _ => Vec::new(),
    }
}

/// Asserts that a message says all of this.
#[track_caller]
fn assert_says(message: &Value, facts: &[&str]) {
    let texts = texts(message);
    for fact in facts {
        assert!(texts.contains(fact), "`{fact}` is not in {texts}");
    }
}

/// Asserts that Slack was asked nothing that breaks its limits.
fn assert_no_violation() {
    for call in slack().calls() {
        assert!(call.violations.is_empty(), "{:?} in {}", call.violations, call.body);
    }
}
