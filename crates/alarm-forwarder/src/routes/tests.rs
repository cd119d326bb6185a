#![allow(clippy::unwrap_used)]

use super::*;
use crate::alert::Alert;
use crate::intake;
use serde_json::{Value, json};

const FIRST: &str = "https://hooks.slack.com/services/T0/B1/first-HIDDEN";
const SECOND: &str = "https://hooks.slack.com/services/T0/B2/second-HIDDEN";
const THIRD: &str = "https://hooks.slack-gov.com/services/T0/B3/third-HIDDEN";

fn read(value: &Value) -> Routes {
    Routes::read(&value.to_string()).unwrap()
}

/// An alert of this name, severity and team.
fn alert(name: &str, severity: Option<&str>, team: Option<&str>) -> Alert {
    let message = json!({"AlarmName": name, "NewStateValue": "ALARM", "AlarmArn": "arn:aws:cloudwatch:r:1:alarm:x"});
    let event =
        json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "m", "Message": message.to_string()}}]});
    let mut alert = intake::records(&event, "r").remove(0).alerts.remove(0);
    alert.title = name.to_owned();
    alert.severity = severity.map(str::to_owned);
    alert.team = team.map(str::to_owned);
    alert
}

fn webhooks(routes: &Routes, alert: &Alert) -> Vec<String> {
    use secrecy::ExposeSecret as _;
    let url = |destination: &&Destination| match destination {
        Destination::Webhook(webhook) => webhook.url.expose_secret().to_owned(),
        Destination::Channel(channel) => channel.name.clone(),
    };
    routes.of(alert).iter().map(url).collect()
}

#[test]
fn a_webhook_alone_takes_everything() {
    for text in [FIRST.to_owned(), format!("\u{feff}{FIRST}\n"), json!({ "webhook": FIRST }).to_string()] {
        let routes = Routes::read(&text).unwrap();
        assert_eq!(webhooks(&routes, &alert("a", Some("critical"), None)), [FIRST]);
    }
}

#[test]
fn an_alert_goes_wherever_a_route_is_for_it_and_else_to_the_default() {
    let routes = read(&json!({"webhook": FIRST, "routes": [
        {"severity": ["critical", "high"], "webhook": SECOND},
        {"team": "search", "webhook": THIRD},
        {"team": "search", "severity": "low", "webhook": FIRST},
        {"name": "prod-*", "webhook": SECOND},
    ]}));
    for (name, severity, team, expected) in [
        ("a", None, None, vec![FIRST]),
        ("a", Some("critical"), None, vec![SECOND]),
        ("a", Some("HIGH"), Some("search"), vec![SECOND, THIRD]),
        ("a", Some("low"), Some("search"), vec![THIRD, FIRST]),
        ("a", Some("low"), Some("other"), vec![FIRST]),
        ("PROD-latency", Some("critical"), None, vec![SECOND]),
        ("my-prod-latency", None, None, vec![FIRST]),
    ] {
        assert_eq!(webhooks(&routes, &alert(name, severity, team)), expected, "{name} {severity:?} {team:?}");
    }
}

#[test]
fn channels_have_the_token_of_the_secret() {
    let routes = read(&json!({"token": "xoxb-HIDDEN", "channel": "#alarms", "routes": [
        {"severity": "critical", "channel": "C0123456789"},
        {"team": "search", "webhook": SECOND},
    ]}));
    assert_eq!(webhooks(&routes, &alert("a", Some("critical"), Some("search"))), ["C0123456789", SECOND]);
    assert_eq!(webhooks(&routes, &alert("a", None, None)), ["#alarms"]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_repeated() {
    let secret = json!({"webhook": "https://evil.example/HIDDEN", "tokens": "xoxb-HIDDEN", "xoxb-HIDDEN": 1, "token": "xoxp-HIDDEN",
        "routes": [{"webhook": SECOND}, {"team": [], "channel": "C1"}, {"severity": 7, "webhook": "HIDDEN"}, "HIDDEN",
            {"name": "x"}, {"name": "x", "webhook": SECOND, "channel": "C1"}, {"name": "x", "web": SECOND}]});
    let problems = Routes::read(&secret.to_string()).unwrap_err();
    let said = problems.join("\n");
    for place in [
        "`webhook` is not one of Slack",
        "`tokens` is not known",
        "one of the keys is not known",
        "`token` is no bot's token",
        "`routes[0]`: give",
        "`routes[1].team`",
        "`routes[1].channel` needs `token`",
        "`routes[2].severity`",
        "`routes[2].webhook` is not one of Slack",
        "`routes[3]`: no object",
        "`routes[4].webhook` or",
        "`routes[5].webhook` and",
        "`routes[6].web` is not known",
    ] {
        assert!(said.contains(place), "no {place} in\n{said}");
    }
    assert!(!said.contains("HIDDEN"), "{said}");
}

#[test]
fn what_is_no_secret_of_ours_is_refused_and_not_repeated() {
    for text in
        ["", "HIDDEN", "{\"webhook\": HIDDEN", "[\"HIDDEN\"]", "\"HIDDEN\"", "https://evil.example/HIDDEN", "{}"]
    {
        let problems = Routes::read(text).unwrap_err();
        assert!(!problems.is_empty() && !problems.join("\n").contains("HIDDEN"), "{problems:?}");
    }
}

#[test]
fn what_is_nearly_a_secret_of_ours_is_told_how_to_become_one() {
    for (text, expected) in [
        ("", "it is empty"),
        ("\u{feff} \n", "it is empty"),
        ("http://hooks.slack.com/services/T0/B0/HIDDEN", "begin it with https://"),
        ("hooks.slack.com/services/T0/B0/HIDDEN", "begin it with https://"),
        ("HTTP://HOOKS.SLACK.COM/services/HIDDEN", "begin it with https://"),
        ("xoxb-HIDDEN", "a token goes into JSON, beside `channel`"),
        ("xoxe.xoxb-HIDDEN", "a token goes into JSON, beside `channel`"),
        ("\"https://hooks.slack.com/services/T0/B0/HIDDEN\"", "without quotation marks"),
        ("{\"webhook\": HIDDEN", "line 1, column"),
        ("HIDDEN", "neither the address of a webhook nor JSON"),
        ("{}", "give exactly one"),
        (r#"{"webhook": "https://hooks.slack.com/services/T0/B0/x", "channel": "C"}"#, "give exactly one"),
        (r#"{"webhook": "hooks.slack.com/services/T0/B0/HIDDEN"}"#, "https://"),
    ] {
        let said = Routes::read(text).unwrap_err().join("\n");
        assert!(said.contains(expected), "{text}: {said}");
        assert!(!said.contains("HIDDEN") && !said.contains("xoxb-H"), "{said}");
    }
    assert!(Routes::read("HTTPS://HOOKS.SLACK.COM/services/T0/B0/x").is_ok());
}

#[test]
fn a_destination_is_named_by_its_place_in_the_secret() {
    let named = |routes: &Routes, name: &str| routes.of(&alert(name, None, None))[0].to_string();
    let routes = read(&json!({"webhook": FIRST, "token": "xoxb-HIDDEN", "routes": [
        {"name": "a", "webhook": FIRST}, {"name": "b", "webhook": SECOND}, {"name": "c", "channel": "#on-call"},
    ]}));
    for (name, expected) in [
        ("a", "the webhook `routes[0].webhook`"),
        ("b", "the webhook `routes[1].webhook`"),
        ("c", "the channel `#on-call`"),
        ("d", "the webhook `webhook`"),
    ] {
        assert_eq!(named(&routes, name), expected);
    }
    assert_eq!(named(&Routes::read(FIRST).unwrap(), "a"), "the webhook");
}

#[test]
fn a_webhook_that_stands_in_two_routes_is_one_destination() {
    let routes = read(&json!({"webhook": FIRST, "routes": [
        {"name": "a*", "webhook": SECOND}, {"name": "*b", "webhook": SECOND},
    ]}));
    assert_eq!(webhooks(&routes, &alert("ab", None, None)), [SECOND]);
}

#[test]
fn nothing_that_is_printed_shows_a_webhook_or_a_token() {
    let routes =
        read(&json!({"token": "xoxb-HIDDEN", "channel": "#alarms", "routes": [{"team": "a", "webhook": SECOND}]}));
    let all = alert("a", None, Some("a"));
    let ids: Vec<String> =
        routes.of(&all).iter().map(|destination| format!("{destination} {}", destination.id())).collect();
    for said in [format!("{routes:?}"), format!("{routes:#?}"), ids.join(" ")] {
        assert!(!said.contains("HIDDEN"), "{said}");
    }
}

#[test]
fn a_new_token_leads_to_the_same_place() {
    let id = |token: &str| read(&json!({"token": token, "channel": "#a"})).of(&alert("a", None, None))[0].id();
    assert_eq!(id("xoxb-1"), id("xoxb-2"));
}
