//! The stand-in for Slack over HTTP: what it takes, what it refuses, and how it fails as a script says.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Stdio;
use std::time::Duration;

use local_stack::slack::{SlackAnswer, SlackRule, SlackStandIn, TOKEN, violations};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

const HOOK: &str = "/services/T0/B0/x";

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Posts a message to the webhook; answers status and body.
async fn post(url: &str, message: &Value) -> (u16, String) {
    let answer = http().post(format!("{url}{HOOK}")).json(message).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Calls a method of the Web API.
async fn call(url: &str, method: &str, token: Option<&str>, body: &Value) -> Value {
    let mut request = http().post(format!("{url}/api/{method}")).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap().json().await.unwrap()
}

fn text(words: &str) -> Value {
    json!({ "text": words })
}

#[tokio::test]
async fn a_webhook_takes_a_message_and_says_nothing_of_it() {
    let slack = SlackStandIn::start(None).unwrap();
    assert_eq!(post(&slack.url(), &text("one")).await, (200, "ok".to_owned()));
    let posted = slack.messages_in(HOOK);
    assert_eq!((posted.len(), &posted[0].payload), (1, &text("one")));
}

#[tokio::test]
async fn messages_beyond_a_limit_are_refused_and_do_not_stand() {
    let slack = SlackStandIn::start(None).unwrap();
    let section = |length| json!({"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(length)}});
    let header = |length| json!({"type": "header", "text": {"type": "plain_text", "text": "x".repeat(length)}});
    let blocks = |blocks: Vec<Value>| json!({"text": "t", "attachments": [{"color": "#00ff00", "blocks": blocks}]});
    let taken = [blocks(vec![section(3_000), header(150)]), blocks(vec![section(10); 50])];
    for message in &taken {
        assert_eq!(post(&slack.url(), message).await.0, 200, "{:?}", violations(message));
    }
    let refused = [
        blocks(vec![section(3_001)]),
        blocks(vec![header(151)]),
        blocks(vec![section(10); 51]),
        blocks(vec![section(2_700); 5]),
        blocks(vec![section(0)]),
        blocks(vec![json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}})]),
        blocks(vec![json!({"type": "surprise"})]),
        blocks(vec![json!({"type": "section"})]),
        blocks(vec![json!({"type": "actions", "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "x"}, "url": "javascript:alert(1)"}]})]),
        json!({"text": "t", "attachments": [{"color": "reddish"}]}),
        json!({"text": "x".repeat(40_001)}),
        json!({"text": " "}),
        json!([]),
    ];
    for message in &refused {
        assert_eq!(post(&slack.url(), message).await, (400, "invalid_blocks".to_owned()), "{message}");
    }
    // An emoji is two of the units that are counted.
    let emoji = json!({"type": "section", "text": {"type": "mrkdwn", "text": "😀".repeat(1_501)}});
    assert_eq!(violations(&blocks(vec![emoji])), ["attachments[0].blocks[0].text: 3002, at most 3000"]);
    assert_eq!((slack.messages().len(), slack.calls().len()), (taken.len(), taken.len() + refused.len()));
}

#[tokio::test]
async fn the_web_api_posts_replies_and_edits() {
    let slack = SlackStandIn::start(None).unwrap();
    let url = slack.url();
    let posted = call(&url, "chat.postMessage", Some(TOKEN), &json!({"channel": "#alarms", "text": "one"})).await;
    assert_eq!(posted["ok"], true);
    let (channel, ts) = (&posted["channel"], &posted["ts"]);
    let reply = json!({"channel": channel, "thread_ts": ts, "text": "two"});
    assert_eq!(call(&url, "chat.postMessage", Some(TOKEN), &reply).await["ok"], true);
    let edit = json!({"channel": channel, "ts": ts, "text": "three"});
    assert_eq!(call(&url, "chat.update", Some(TOKEN), &edit).await["ok"], true);
    let messages = slack.messages_in("#alarms");
    assert_eq!((messages[0].payload["text"].as_str(), messages[0].earlier.len()), (Some("three"), 1));
    assert_eq!(messages[1].thread_ts.as_deref(), ts.as_str());

    // An edit keeps the attachments that it does not name.
    let with = |attachments: Value| json!({"channel": channel, "ts": ts, "text": "four", "attachments": attachments});
    let standing = || slack.messages_in("#alarms")[0].payload["attachments"].clone();
    let attachment = json!([{"color": "good"}]);
    for (edit, expected) in
        [(&with(attachment.clone()), &attachment), (&edit, &attachment), (&with(json!([])), &json!([]))]
    {
        assert_eq!(call(&url, "chat.update", Some(TOKEN), edit).await["ok"], true);
        assert_eq!(&standing(), expected);
    }

    for (method, token, body, error) in [
        ("chat.postMessage", None, &reply, "not_authed"),
        ("chat.postMessage", Some("xoxb-other"), &reply, "invalid_auth"),
        ("chat.postMessage", Some(TOKEN), &json!({"text": "x"}), "channel_not_found"),
        ("chat.update", Some(TOKEN), &json!({"channel": "#alarms", "ts": ts, "text": "x"}), "channel_not_found"),
        ("chat.update", Some(TOKEN), &json!({"channel": channel, "ts": "1.1", "text": "x"}), "message_not_found"),
        ("chat.delete", Some(TOKEN), &edit, "unknown_method"),
    ] {
        assert_eq!(call(&url, method, token, body).await["error"], error, "{method}");
    }
    assert_eq!(slack.messages().len(), 2);
}

#[tokio::test]
async fn it_fails_as_the_rules_say_and_then_no_more() {
    let slack = SlackStandIn::start(None).unwrap();
    let once = |answer| SlackRule::always(answer).times(1);
    slack.set_rules(vec![
        once(SlackAnswer::rate_limited(7)),
        once(SlackAnswer::no_service()),
        once(SlackAnswer::Redirect { location: "https://example.com/".to_owned() }),
        SlackRule::always(SlackAnswer::status(410, "channel_is_archived")).for_body("archived"),
        SlackRule::always(SlackAnswer::status(500, "")).for_path("/services/T9"),
    ]);
    let limited = http().post(format!("{}{HOOK}", slack.url())).json(&text("a")).send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(post(&slack.url(), &text("a")).await, (404, "no_service".to_owned()));
    let redirect = http().post(format!("{}{HOOK}", slack.url())).json(&text("a")).send().await.unwrap();
    assert_eq!(
        (redirect.status().as_u16(), redirect.headers()["location"].to_str().unwrap()),
        (307, "https://example.com/")
    );
    assert_eq!(post(&slack.url(), &text("archived")).await.0, 410);
    assert_eq!(post(&slack.url(), &text("a")).await.0, 200);
    assert_eq!(slack.messages().len(), 1);
}

#[tokio::test]
async fn connections_end_without_an_answer() {
    let slack = SlackStandIn::start(None).unwrap();
    let send = || http().post(format!("{}{HOOK}", slack.url())).json(&text("a")).send();
    slack.set_rules(vec![SlackRule::always(SlackAnswer::Reset).times(1)]);
    let error = send().await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    slack.set_rules(vec![SlackRule::always(SlackAnswer::Hang).times(1)]);
    let hanging = tokio::spawn(send());
    while slack.calls().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(tokio::time::timeout(Duration::from_millis(300), hanging).await.is_err());
    assert!(slack.messages().is_empty());
    slack.set_rules(vec![SlackRule::always(SlackAnswer::TakeAndReset).times(1)]);
    assert!(send().await.is_err());
    assert_eq!(slack.messages().len(), 1);
}

#[tokio::test]
async fn as_a_program_it_is_scripted_and_read_over_http() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_slack-stand-in"));
    let mut program = program.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let line = BufReader::new(program.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap().to_owned();
    let put = |rules: Value| http().put(format!("{url}/control/rules")).json(&rules).send();
    assert_eq!(put(json!([{"answer": "hangs"}])).await.unwrap().status(), 400);
    let rules = json!([{"answer": {"status": {"status": 404, "body": "no_service"}}, "times": 1}, {"answer": "ok"}]);
    assert_eq!(put(rules).await.unwrap().status(), 204);
    assert_eq!(post(&url, &text("a")).await.0, 404);
    assert_eq!(post(&url, &text("b")).await.0, 200);
    let read = |what: &str| http().get(format!("{url}/control/{what}")).send();
    let calls: Vec<Value> = read("calls").await.unwrap().json().await.unwrap();
    assert_eq!(calls.iter().map(|call| call["status"].as_u64().unwrap()).collect::<Vec<_>>(), [404, 200]);
    let messages: Vec<Value> = read("messages").await.unwrap().json().await.unwrap();
    assert_eq!((messages.len(), &messages[0]["payload"]), (1, &text("b")));
    program.kill().await.unwrap();
}
