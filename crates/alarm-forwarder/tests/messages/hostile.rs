//! Every kind of message with anything in each of its places: hostile texts, odd numbers, other kinds of values, and lists
//! that are far too long. Held to the limits twice, by this test's own checker and by that of the stand-in for Slack.

use super::anything::held;
use super::deliveries::delivered;
use super::samples::all;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// One message of each kind that has a reader of its own, as its text. Samples have most of them; these are the others.
fn messages() -> Vec<Value> {
    let notice = |kind: &str| {
        json!({"assay_notice": 1, "kind": kind, "title": "faq: the gate failed", "suite": "faq", "application": "shop",
            "run": "r-1", "summary": "s3://b/summary.json", "report": "s3://b/r.html", "link": "https://c.example/r",
            "facts": ["f1 0.5", "more"]})
    };
    let email = |kind: &str, key: &str, detail: Value| {
        json!({"notificationType": kind, key: detail, "mail": {"timestamp": "2026-11-20T08:15:42Z", "source": "a@b.example",
            "sourceArn": "arn:aws:ses:us-east-1:1:identity/b", "sendingAccountId": "1", "messageId": "m",
            "destination": ["x@y.example"]}})
    };
    vec![
        notice("gate_failed"),
        notice("weekly_digest"),
        notice("of a later version"),
        json!({"version": "1.0", "source": "custom", "id": "i", "content": {"textType": "client-markdown", "title": "t",
            "description": "d https://x.example", "nextSteps": ["a"], "keywords": ["k"]}, "metadata": {"threadId": "th",
            "summary": "s", "eventType": "e", "relatedResources": ["r"], "additionalContext": {"priority": "high"}}}),
        email(
            "Complaint",
            "complaint",
            json!({"complainedRecipients": [{"emailAddress": "x@y.example"}],
            "complaintFeedbackType": "abuse", "timestamp": "2026-11-20T08:15:42Z"}),
        ),
        email("Delivery", "delivery", json!({"recipients": ["x@y.example"], "timestamp": "2026-11-20T08:15:42Z"})),
        json!({"version": "0", "id": "e", "detail-type": "EC2 Instance State-change", "source": "aws.ec2", "account": "1",
            "time": "2026-11-20T08:15:42Z", "region": "us-east-1", "resources": ["arn:aws:ec2:us-east-1:1:instance/i"],
            "detail": {"instance-id": "i", "state": "running"}}),
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-20T08:15:42Z", "Bucket": "b"}),
        json!({"AlarmName": "a", "NewStateValue": "ALARM", "NewStateReason": "r", "StateChangeTime": "2026-11-20T08:15:42Z",
            "AlarmTags": [{"Key": "severity", "Value": "high"}, {"key": "runbook", "value": "https://x.example"}],
            "AlarmContributorId": "c", "AlarmContributorAttributes": {"ModelId": "m"}}),
    ]
}

/// Texts that could break out of a text, call somebody, hide something, or be cut in the wrong place.
fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "<!channel>",
        "<@U1>",
        "<!subteam^S1>",
        "<!date^1^{date}|x>",
        "<https://x.example|y>",
        "&amp;",
        "&",
        "<",
        ">",
        "|",
        "`",
        "```",
        "*",
        "_",
        "~",
        "@here",
        "@channel",
        "\n> ",
        "\n",
        "\r\n",
        "\t",
        "\u{0}",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{200b}",
        "e\u{301}",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "😀",
        "שלום",
        "مرحبا",
        "javascript:alert(1)",
        "https://u:p@h.example/",
        "http://h.example/",
        "https://x.example/?a=1&b=2|<",
        "arn:aws:cloudwatch:us-east-1:1:alarm:x",
        "Threshold Crossed: 2 out of the last 3 [1.0 (",
        "runbook: ",
        "{",
        "\"",
        "\\ud800",
    ];
    let piece = || prop::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    let repeated = (piece(), 1_usize..400).prop_map(|(piece, times)| piece.repeat(times));
    let mixed =
        prop::collection::vec(prop_oneof![4 => piece(), 1 => ".{0,30}"], 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => mixed, 1 => repeated, 1 => Just(String::new()), 1 => Just(" \u{200b} ".to_owned())]
}

/// What may stand in a place instead of what is expected there.
fn instead() -> impl Strategy<Value = Value> {
    let numbers = [f64::MAX, f64::MIN, -0.0, 1e-320, 1e15, 0.1 + 0.2, -1.0, 1_795_162_542.0, 1_795_162_542_000.0];
    prop_oneof![
        8 => text().prop_map(Value::from),
        1 => prop::sample::select(numbers.to_vec()).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => prop::sample::select(vec![json!(null), json!(true), json!([]), json!({}), json!("NaN"), json!("1e999"), json!("-Infinity")]),
        1 => prop::collection::vec(text().prop_map(Value::from), 0..4).prop_map(Value::from),
    ]
}

/// Puts something else into a share of the places of `value`, and makes a share of its lists and objects long; into the JSON
/// inside a text, too.
fn spoil(value: &mut Value, next: &mut impl FnMut() -> usize, instead: &[Value]) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner) if inner.is_object() => {
                spoil(&mut inner, next, instead);
                *value = Value::String(inner.to_string());
            }
            _ if next() % 3 == 1 => *value = instead[next() % instead.len()].clone(),
            _ => {}
        },
        Value::Array(list) => {
            list.iter_mut().for_each(|inner| spoil(inner, next, instead));
            if let Some(last) = list.last().cloned().filter(|_| next() % 8 == 1) {
                list.resize(110, last);
            }
        }
        Value::Object(object) => {
            object.values_mut().for_each(|inner| spoil(inner, next, instead));
            if next() % 12 == 1 {
                let more = instead.iter().filter_map(Value::as_str).enumerate();
                object.extend(more.map(|(number, name)| (format!("{number}{name:.300}"), json!("v"))));
            }
        }
        _ if next() % 4 == 1 => *value = instead[next() % instead.len()].clone(),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn every_kind_of_message_with_anything_in_it_is_told(
        which in any::<Index>(),
        seed in prop::collection::vec(any::<usize>(), 16..200),
        instead in prop::collection::vec(instead(), 1..8),
    ) {
        let mut steps = seed.iter().cycle().copied();
        let mut next = || steps.next().unwrap_or_default();
        let own = messages();
        let samples = all();
        let at = which.index(own.len() + samples.len());
        // What carries the message stays whole in one half, so that its inside is reached.
        match own.get(at) {
            Some(message) => {
                let mut message = message.clone();
                spoil(&mut message, &mut next, &instead);
                held(&delivered(&message.to_string(), instead[0].as_str(), json!({"severity": {"Value": instead[0]}})));
                held(&message);
            }
            None => {
                let mut event = samples[at - own.len()].1.clone();
                spoil(&mut event, &mut next, &instead);
                held(&event);
            }
        }
    }

    #[test]
    fn a_message_that_is_broken_anywhere_is_told(
        which in any::<Index>(),
        places in prop::collection::vec((any::<Index>(), text()), 1..4),
        end in any::<Index>(),
    ) {
        let messages = messages();
        let mut text = messages[which.index(messages.len())].to_string();
        for (place, piece) in &places {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            text.insert_str(places[place.index(places.len())], piece);
        }
        for text in [&text, &text[..text.floor_char_boundary(end.index(text.len()))]] {
            prop_assert_eq!(held(&delivered(text, None, json!({}))), 1);
            let queued = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q", "body": text}]});
            held(&queued);
        }
    }
}
