//! Whatever comes: a payload within every limit, and never a panic.

use super::limits::violations;
use super::samples::all;
use alarm_forwarder::intake::records;
use alarm_forwarder::render::{message, plain};
use local_stack::slack;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Holds every alert of `event` to the limits, and gives back how many there are.
pub(crate) fn held(event: &Value) -> usize {
    let mut count = 0;
    for alert in records(event, "request-1").iter().flat_map(|record| &record.alerts) {
        assert_eq!(violations(&message(alert)), Vec::<String>::new(), "{event:.300}");
        assert_eq!(violations(&plain(alert)), Vec::<String>::new(), "{event:.300}");
        assert_eq!(slack::violations(&message(alert)), Vec::<String>::new(), "{event:.300}");
        assert!(!alert.identity.subject.is_empty());
        count += 1;
    }
    count
}

fn by_topic(text: &str) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "m", "Message": text}}]})
}

fn by_queue(text: &str) -> Value {
    json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q", "body": text}]})
}

#[test]
fn large_deep_and_broken_messages_are_told() {
    let deep = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    for text in [
        "&".repeat(256 * 1024),
        "<!channel>".repeat(26_000),
        "```".repeat(1000),
        "😀".repeat(65_536),
        "https://x.example/".repeat(10_000),
        format!("https://x.example/{}", "a&b=".repeat(1000)),
        deep("[", "]", 100),
        deep("{\"a\":", "}", 100_000),
        deep("[", "]", 130_000),
        "{\"AlarmName\":\"a\",\"AlarmName\":\"b\",\"NewStateValue\":\"\\ud800\"}".to_owned(),
        "\u{feff}{\"assay_notice\":1,\"kind\":\"later_kind\",\"title\":\"\"}".to_owned(),
        "{\"a\":\"\\ud83d".to_owned(),
        "\u{0}\u{1}\u{202e}".to_owned(),
        " \u{200b}\u{2060} ".to_owned(),
        String::new(),
    ] {
        for event in [by_topic(&text), by_queue(&text)] {
            assert_eq!(held(&event), 1, "{text:.40}");
        }
    }
    // Of a key that comes twice the last counts.
    let records = records(&by_topic("{\"AlarmName\":\"a\",\"AlarmName\":\"b\",\"NewStateValue\":\"OK\"}"), "r");
    assert_eq!(records[0].alerts[0].title, "b");
}

#[test]
fn an_event_that_nobody_knows_is_told() {
    for event in [
        json!(null),
        json!("text"),
        json!({}),
        json!({"x": [1, {"y": null}]}),
        json!({"detail-type": "X", "detail": 1}),
    ] {
        assert_eq!(held(&event), 1, "{event}");
    }
    assert_eq!(held(&json!({"Records": []})), 0);
}

/// Texts with all that could break out of a text.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = [
        "<!here>",
        "&",
        "<",
        ">",
        "|",
        "`",
        "```",
        "*",
        "@channel",
        "https://x.example/a?b=1&c",
        "😀",
        "\n",
        "\u{202e}",
        "x",
        " ",
    ];
    let piece = prop::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    let any = prop_oneof![4 => piece, 1 => ".{0,20}", 1 => "[a-z]{1,600}"];
    prop::collection::vec(any, 0..60).prop_map(|pieces| pieces.concat())
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let number = prop::num::f64::ANY.prop_map(Value::from);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        number,
        nasty().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        let object = prop::collection::btree_map("[a-zA-Z]{0,8}", inner.clone(), 0..5);
        let object = object.prop_map(|map| Value::Object(map.into_iter().collect()));
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Value::Array), object]
    })
}

/// The places of a value, each a list of keys and indices.
fn places(value: &Value, at: String, all: &mut Vec<String>) {
    all.push(at.clone());
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                places(value, format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

/// Puts `new` somewhere into `value`; into the JSON inside a text, too.
fn changed(value: &mut Value, pick: &mut impl FnMut(usize) -> usize, new: &Value) {
    let mut all = Vec::new();
    places(value, String::new(), &mut all);
    let place = all[pick(all.len())].clone();
    let Some(target) = value.pointer_mut(&place) else { return };
    let inner =
        target.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()).filter(|inner| inner.is_object());
    match inner {
        Some(mut inner) => {
            changed(&mut inner, pick, new);
            *target = Value::String(inner.to_string());
        }
        None => *target = new.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_told_within_the_limits(text in nasty()) {
        prop_assert_eq!(held(&by_topic(&text)), 1);
    }

    #[test]
    fn any_json_is_told_within_the_limits(value in any_json()) {
        held(&value);
        held(&by_topic(&value.to_string()));
    }

    #[test]
    fn a_sample_with_anything_anywhere_is_told(
        sample in any::<prop::sample::Index>(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 12),
        news in prop::collection::vec(any_json(), 1..4),
    ) {
        let mut samples = all();
        let (_, event) = &mut samples[sample.index(25)];
        let mut picks = picks.into_iter();
        for new in &news {
            changed(event, &mut |most| picks.next().map_or(0, |pick| pick.index(most)), new);
        }
        held(event);
    }

    #[test]
    fn every_text_of_an_alarm_may_be_anything(texts in prop::collection::vec(nasty(), 8)) {
        let [name, description, reason, metric, key, value, rule, tag] = &texts[..] else { unreachable!() };
        let alarm = json!({"AlarmName": name, "AlarmDescription": description, "NewStateValue": "ALARM", "NewStateReason": reason,
            "AlarmTags": {key: tag, "runbook": tag}, "Trigger": {"MetricName": metric, "Namespace": key, "Statistic": tag,
            "Dimensions": [{"name": key, "value": value}, {"name": value, "value": key}], "Threshold": 1.5}});
        held(&by_topic(&alarm.to_string()));
        let composite = json!({"AlarmName": name, "NewStateValue": "OK", "AlarmRule": rule,
            "TriggeringChildren": [{"Arn": value, "State": {"Value": reason, "Timestamp": key}}]});
        held(&by_queue(&composite.to_string()));
    }
}
