//! Texts, and what other services send.

use super::deliveries::{delivered, only, told};
use super::samples::alert;
use alarm_forwarder::alert::{Origin, Tone};
use alarm_forwarder::render::{message, plain};
use serde_json::{Value, json};

#[test]
fn a_text_that_begins_with_a_bracket_is_no_broken_json() {
    for text in ["[PROD] disk is full", "[FIRING:1] (x)", "{{ .Title }}", "[1]: see", "{name} failed"] {
        let alert = told(text);
        assert_eq!((alert.origin, alert.title.as_str(), alert.body), (Origin::Text, text, None));
    }
    for text in ["{\"a\": 1", "[{\"a\"", "[\"x", "[[[", "{", "{ }}"] {
        let alert = told(text);
        assert_eq!(alert.title, "A message in JSON that cannot be read", "{text}");
        assert_eq!(alert.body.as_deref(), Some(text));
    }
}

#[test]
fn a_text_is_told_whole_and_once() {
    let two = told("Deploy failed\n  step 3\n");
    assert_eq!((two.title.as_str(), two.body.as_deref(), two.description), ("Deploy failed", Some("  step 3"), None));
    // The header has no room for all of it: it stands below, once.
    let words: Vec<String> = (0..300).map(|number| format!("word{number}")).collect();
    let long = words.join(" ");
    let shown = message(&told(&long));
    // 10 words of five letters, 90 of six, 200 of seven and 299 spaces: 2,289 characters, and a section has 2,900.
    assert_eq!(shown["attachments"][0]["blocks"][0]["text"]["text"], long);
    let subject = only(&delivered("the same", Some("the same"), json!({})));
    assert_eq!((subject.title.as_str(), subject.description), ("the same", None));
}

#[test]
fn a_title_that_is_too_long_is_not_said_twice() {
    let title = "t".repeat(130);
    let shown = message(&only(&delivered(&format!("{title} and more"), Some(&title), json!({}))));
    assert_eq!(shown["attachments"][0]["blocks"][0]["text"]["text"], format!("{title} and more"));
    let shown = message(&only(&delivered("more", Some(&title), json!({}))));
    assert_eq!(shown["attachments"][0]["blocks"][0]["text"]["text"], format!("{title}\nmore"));
}

#[test]
fn a_subscription_is_told_as_what_it_is_and_keeps_its_token() {
    let of = |kind: &str, text: Value| {
        let body = json!({"Type": kind, "MessageId": "m", "Token": "secret-token", "TopicArn": "arn:aws:sns:us-east-1:1:t",
            "Message": text, "SubscribeURL": "https://sns.example/?Token=secret-token"});
        only(&json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q", "body": body.to_string()}]}))
    };
    for (kind, title) in [
        ("SubscriptionConfirmation", "A subscription to a topic waits to be confirmed"),
        ("UnsubscribeConfirmation", "A subscription to a topic was ended"),
    ] {
        for text in [json!("open https://sns.example/?Token=secret-token"), Value::Null] {
            let alert = of(kind, text);
            assert_eq!((alert.title.as_str(), alert.tone), (title, Tone::Warning));
            assert!(alert.description.as_deref().unwrap().contains("arn:aws:sns:us-east-1:1:t"));
            assert!(!format!("{}{}", message(&alert), plain(&alert)).contains("secret-token"));
        }
    }
}

#[test]
fn a_bounce_by_the_event_bus_keeps_addresses_of_people_too() {
    let event = json!({"version": "0", "id": "e-1", "detail-type": "Email Bounced", "source": "aws.ses",
        "account": "123456789012", "time": "2026-11-20T08:15:42Z", "region": "eu-central-1", "resources": [],
        "detail": {"eventType": "Bounce", "mail": {"source": "reports@example.com", "destination": ["nobody@example.org"]},
            "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "nobody@example.org"}]}}});
    let alert = only(&event);
    assert_eq!((alert.origin, alert.title.as_str(), alert.tone), (Origin::Email, "Amazon SES: Bounce", Tone::Bad));
    assert_eq!((alert.identity.subject.as_str(), alert.place.region.as_deref()), ("e-1", Some("eu-central-1")));
    let shown = format!("{}{}", message(&alert), plain(&alert));
    assert!(shown.contains("1 at example.org") && !shown.contains("nobody@"), "{shown}");
}

#[test]
fn what_became_of_an_email_has_its_tone() {
    for (kind, tone) in
        [("Complaint", Tone::Bad), ("Delivery", Tone::Good), ("DeliveryDelay", Tone::Warning), ("Open", Tone::Neutral)]
    {
        let text = json!({"eventType": kind, "mail": {"source": "a@b.example", "destination": ["x@y.example"]}});
        let alert = told(&text.to_string());
        assert!(!message(&alert).to_string().contains("x@y"));
        assert_eq!((alert.tone, alert.title), (tone, format!("Amazon SES: {kind}")));
    }
}

#[test]
fn a_budget_is_told_by_its_sentence() {
    let budget = alert("21");
    let description = budget.description.unwrap();
    assert!(description.starts_with("You requested that we alert you when the ACTUAL Cost"), "{description}");
    assert!(description.ends_with("[1] https://console.aws.amazon.com/billing/home#/budgets"), "{description}");
    // Its account is its own, whatever topic tells of it.
    let text = "AWS Budget Notification\nAWS Account 210987654321\n\nDear AWS Customer,\n\nMore.\n\nBudget Name: b\n";
    assert_eq!(told(text).place.account.as_deref(), Some("210987654321"));
}

#[test]
fn a_health_event_says_once_when_it_began() {
    let shown = message(&alert("23")).to_string();
    // 07:20:00 is 55 minutes and 42 seconds, 3,342 s, before the 08:15:42 (1,795,162,542) of the alarms.
    assert!(shown.contains("<!date^1795159200^") && !shown.contains("Began"), "{shown}");
}

/// Label and address of each button.
fn buttons(shown: &Value) -> Vec<(String, String)> {
    let blocks = shown["attachments"][0]["blocks"].as_array().unwrap();
    let buttons = blocks.iter().filter_map(|block| block["elements"].as_array().filter(|_| block["type"] == "actions"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    buttons.flatten().map(|button| (text(&button["text"]["text"]), text(&button["url"]))).collect()
}

#[test]
fn a_button_says_which_host_it_opens() {
    let expected = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(label, url)| ((*label).to_owned(), (*url).to_owned())).collect()
    };
    let shown = message(&told("Look at <https://evil.example/x|your bank>, https://evil.example/y"));
    let two = [("Open evil.example", "https://evil.example/x"), ("Open evil.example (2)", "https://evil.example/y")];
    assert_eq!(buttons(&shown), expected(&two));
    let shown = message(&told("Look at <https://evil.example/x|the runbook>"));
    assert_eq!(buttons(&shown), expected(&[("Open runbook at evil.example", "https://evil.example/x")]));
    let shown = message(&told(
        r#"{"assay_notice": 1, "kind": "run_finished", "title": "t", "link": "https://evil.example/x"}"#,
    ));
    assert_eq!(buttons(&shown), expected(&[("Open report at evil.example", "https://evil.example/x")]));
}

#[test]
fn what_has_a_form_of_its_own_keeps_it() {
    let shown = |text: &str, subject: Option<&str>| message(&only(&delivered(text, subject, json!({}))));
    let code = |shown: &Value| {
        let blocks = shown["attachments"][0]["blocks"].as_array().unwrap().iter();
        let texts = blocks.filter_map(|block| block["text"]["text"].as_str());
        texts.filter(|text| text.starts_with("```")).map(str::to_owned).collect::<Vec<_>>()
    };
    let traceback =
        "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    *f*(_x_)\nKeyError: 'a'\n";
    let with_subject = shown(traceback, Some("Nightly export"));
    let whole = "```\nTraceback (most recent call last):\n  File \"a.py\", line 3, in &lt;module&gt;\n    *f*(_x_)\nKeyError: 'a'\n```";
    assert_eq!(
        (code(&with_subject), &with_subject["text"]),
        (vec![whole.to_owned()], &json!("Nightly export - KeyError: 'a'"))
    );
    let alone = shown(traceback, None);
    assert_eq!(alone["text"], "Traceback (most recent call last): - KeyError: 'a'");
    assert!(code(&alone)[0].starts_with("```\n  File"), "{alone}");
    // The first line keeps its indent, and a code block inside cannot end the one around it.
    let table = shown("\n\n  model  f1\n  small  0.5\n\tx ```\n", Some("Table"));
    assert_eq!(code(&table), ["```\n  model  f1\n  small  0.5\n\tx '''\n```"]);
    assert_eq!(table["text"], "Table - model f1 small 0.5 x ```");
    for prose in ["One.\n\nTwo.", " one line", "a\n \nb"] {
        let shown = shown(prose, Some("Prose"));
        assert!(!shown.to_string().contains("```"), "{shown}");
    }
}

#[test]
fn a_message_has_the_tone_of_its_severity() {
    let with = |text: &str, severity: &str| only(&delivered(text, None, json!({"severity": {"Value": severity}})));
    for (severity, tone) in [
        ("critical", Tone::Bad),
        ("High", Tone::Bad),
        ("medium", Tone::Warning),
        ("low", Tone::Neutral),
        ("info", Tone::Neutral),
    ] {
        assert_eq!(with("GPU down", severity).tone, tone, "{severity}");
        assert_eq!(with(r#"{"alert": "gpu down"}"#, severity).tone, tone, "{severity}");
    }
    assert!(message(&with("GPU down", "critical"))["blocks"][0]["text"]["text"].as_str().unwrap().starts_with('🔴'));
    // What has a tone of its own keeps it.
    assert_eq!(with(r#"{"AlarmName": "a", "NewStateValue": "OK"}"#, "critical").tone, Tone::Good);
    assert_eq!(with(r#"{"assay_notice": 1, "kind": "weekly_digest", "title": "t"}"#, "critical").tone, Tone::Neutral);
}
