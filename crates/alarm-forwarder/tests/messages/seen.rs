//! What a reader sees first, on a phone and in the message; written down by hand.

use super::deliveries::{alarm, told};
use super::limits::violations;
use super::samples::alert;
use alarm_forwarder::alert::{Alert, LinkKind};
use alarm_forwarder::render::{message, plain};
use serde_json::{Value, json};

fn notification(alert: &Alert) -> String {
    message(alert)["text"].as_str().unwrap().to_owned()
}

/// All that the attachment says, its blocks in their order.
fn said(alert: &Alert) -> String {
    let message = message(alert);
    assert_eq!(violations(&message), Vec::<String>::new());
    let blocks = message["attachments"][0]["blocks"].as_array().unwrap();
    let texts = |block: &Value| {
        let text = block["text"]["text"].as_str().map(str::to_owned).into_iter();
        let fields = block["fields"].as_array().cloned().unwrap_or_default();
        let fields: Vec<String> = fields.iter().map(|field| field["text"].as_str().unwrap().to_owned()).collect();
        text.chain(fields).collect::<Vec<_>>()
    };
    blocks.iter().flat_map(texts).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_phone_shows_what_crossed_what_and_where() {
    for (number, text) in [
        (
            "01",
            "ALARM: eval-faithfulness-low - FaithfulnessScore 0.61, below the threshold of 0.8 - Mean faithfulness on the support-tickets suite fell below 0.80",
        ),
        ("02", "OK: eval-faithfulness-low - FaithfulnessScore 0.87, not below the threshold of 0.8"),
        ("03", "INSUFFICIENT DATA: eval-canary-heartbeat - Insufficient Data: 3 datapoints were unknown."),
        (
            "04",
            "ALARM: bedrock-p99-latency - InvocationLatency 12875.4 ms, above the threshold of 9000 ms - p99 latency of the summariser is over 9 s",
        ),
        (
            "06",
            "ALARM: eval-cost-anomaly - EstimatedCostUsd 41.7, above the expected 3.11864 to 18.4421 - Hourly evaluation cost is outside its expected band",
        ),
        (
            "07",
            "ALARM: model-quality-degraded - eval-faithfulness-low is ALARM - Any quality signal of the production model is bad",
        ),
        (
            "10",
            "ALARM: eval-faithfulness-low - Unchecked: alarm test from the console - Mean faithfulness on the support-tickets suite fell below 0.80",
        ),
        ("13", "Muted: ALARM: model-quality-degraded - eval-faithfulness-low is ALARM"),
        // Of one time series a phone shows first which one it is.
        (
            "14",
            "ALARM: latency-per-model - ModelId example.model-small-v1:0: last value 11250, above the threshold of 9000 - Mean latency per model",
        ),
        ("15", "ALARM: latency-per-model - 2 out of 6 time series evaluated to ALARM - Mean latency per model"),
        ("20", "Verification"),
    ] {
        assert_eq!(notification(&alert(number)), text, "{number}");
    }
    let budget = notification(&alert("21"));
    assert!(budget.contains(" - You requested that we alert you when the ACTUAL Cost"), "{budget}");
}

#[test]
fn a_value_that_did_not_make_the_state_is_not_told_as_if_it_had() {
    let trigger = json!({"MetricName": "m", "Threshold": 1, "ComparisonOperator": "LessThanThreshold"});
    for reason in [
        // Missing data count as crossing.
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
        // The last value is on the other side.
        "Threshold Crossed: 1 datapoint [2.0 (20/11/26 08:10:00)] was not less than the threshold (1.0).",
    ] {
        let alert = told(&alarm(json!({"NewStateReason": reason, "Trigger": trigger})).to_string());
        assert_eq!(notification(&alert), format!("ALARM: a/b - {reason}"));
    }
}

/// An alarm whose reason tells `value` below the threshold of 0.8.
fn below(value: &str, trigger: &Value) -> Alert {
    let mut whole =
        json!({"MetricName": "m", "Namespace": "n", "Threshold": 0.8, "ComparisonOperator": "LessThanThreshold"});
    whole.as_object_mut().unwrap().extend(trigger.as_object().unwrap().clone());
    let reason =
        format!("Threshold Crossed: 1 datapoint [{value} (20/11/26 08:10:00)] was less than the threshold (0.8).");
    told(&alarm(json!({"NewStateReason": reason, "Trigger": whole})).to_string())
}

#[test]
fn two_numbers_that_differ_look_different() {
    let shown = said(&below("0.79999999", &json!({})));
    assert!(shown.contains("Last value `0.79999999`, below the threshold of `0.8`"), "{shown}");
    let shown = said(&below("0.1", &json!({"Threshold": -1e308})));
    assert!(shown.contains("Last value `0.1`, not below the threshold of `-1e308`"), "{shown}");
}

#[test]
fn units_are_told() {
    for (unit, value) in
        [("Gigabytes", "`0.5 Gigabytes`"), ("Percent", "`0.5%`"), ("Count", "`0.5`"), ("None", "`0.5`")]
    {
        let shown = said(&below("0.5", &json!({ "Unit": unit })));
        assert!(shown.contains(&format!("Last value {value}, below")), "{shown}");
    }
    let shown = said(&below("0.5", &json!({"Unit": "<!channel>`x"})));
    assert!(shown.contains("threshold of `0.8 &lt;!channel&gt;'x`"), "{shown}");
}

#[test]
fn what_is_left_out_is_counted() {
    let many: Vec<Value> = (0..12).map(|number| json!({"name": format!("d{number}"), "value": "v"})).collect();
    let shown = said(&below("0.5", &json!({ "Dimensions": many })));
    assert!(shown.contains("d7 `v`\nand 4 more dimensions\n") && !shown.contains("d8"), "{shown}");
    let tags: serde_json::Map<_, _> = (0..30).map(|number| (format!("t{number:02}"), json!("v"))).collect();
    let shown = message(&told(&alarm(json!({ "AlarmTags": tags })).to_string())).to_string();
    // Time, account and Region leave room for 17 of 20 fields.
    assert!(shown.contains("*t16*") && !shown.contains("*t17*") && shown.contains("Shortened"), "{shown}");
}

#[test]
fn a_name_cannot_begin_a_fixed_width_among_words() {
    let dimensions = json!([{"name": "e`", "value": "v"}]);
    let shown = said(&below("0.5", &json!({"Namespace": "a`b", "Statistic": "c`d", "Dimensions": dimensions})));
    assert!(shown.starts_with("`m` in a'b, c'd\ne' `v`\nLast value `0.5`"), "{shown}");
}

#[test]
fn facts_come_before_where_and_whose() {
    let text = r#"{"assay_notice": 1, "kind": "gate_failed", "title": "faq: the gate failed", "suite": "faq", "facts": ["f1 0.5"]}"#;
    let shown = said(&told(text));
    assert!(shown.find("• f1 0.5").unwrap() < shown.find("*Suite*").unwrap(), "{shown}");
}

#[test]
fn a_name_too_long_for_a_button_has_no_button() {
    let page = |name: &str| {
        let alert = told(&alarm(json!({ "AlarmName": name })).to_string());
        assert_eq!(violations(&message(&alert)), Vec::<String>::new());
        alert.links.into_iter().find(|link| link.kind == LinkKind::Console)
    };
    // The longest name that CloudWatch takes, of characters that need twelve in an address, and of such that need one.
    assert_eq!(page(&"😀".repeat(255)), None);
    assert!(page(&"a".repeat(255)).is_some());
}

#[test]
fn the_message_without_blocks_says_what_the_message_says() {
    let text = |number: &str| plain(&alert(number))["text"].as_str().unwrap().to_owned();
    for (number, words) in [
        ("01", "\nLast value 0.61, below the threshold of 0.8\n"),
        ("01", "\nModelId example.model-small-v1:0\n"),
        ("01", "\nState: ALARM, was OK\n"),
        ("07", "\nTriggered by: eval-faithfulness-low is ALARM\n"),
        ("13", "the suppressor release-freeze (WaitPeriod) until 2026-11-20 10:00:00 UTC\n"),
        ("14", "\nModelId: example.model-small-v1:0\n"),
        ("15", "\nSeverity: high\nTeam: model-platform\n"),
    ] {
        assert!(text(number).contains(words), "{number}: no {words:?} in {}", text(number));
    }
}

#[test]
fn a_sign_before_a_number_makes_no_quotation() {
    // At the beginning of a line Slack may read `>` as a quotation, and the threshold would lose its sign.
    let shown = said(&alert("21"));
    assert!(shown.contains("*Alert Threshold*\n\u{2060}&gt; $160.00"), "{shown}");
}

#[test]
fn json_is_told_by_its_first_values() {
    let header = |alert: &Alert| message(alert)["blocks"][0]["text"]["text"].as_str().unwrap().to_owned();
    let export = told(r#"{"status": "FAILED", "rows": 0, "job": "nightly-export", "at": {"hour": 2}}"#);
    let said = "job: nightly-export, rows: 0, status: FAILED";
    assert_eq!((header(&export), notification(&export)), (format!("🔵 {said}"), said.to_owned()));
    let named = told(r#"{"title": "Export", "status": "FAILED"}"#);
    assert_eq!(header(&named), "🔵 Export");
    assert_eq!(notification(&named), "Export - status: FAILED");
    // The header has room for less than a phone.
    let long = told(&json!({"alert": "a".repeat(70), "severity": "s".repeat(70)}).to_string());
    assert!(header(&long).ends_with("sss…"), "{}", header(&long));
    assert_eq!(notification(&long), format!("alert: {}, severity: {}", "a".repeat(70), "s".repeat(70)));
    let task = json!({"version": "0", "id": "e-1", "detail-type": "ECS Task State Change", "source": "aws.ecs",
        "detail": {"clusterArn": "arn:aws:ecs:us-east-1:1:cluster/c", "lastStatus": "STOPPED", "memory": "512",
        "desiredStatus": "STOPPED", "stoppedReason": "OutOfMemory"}});
    let task = super::deliveries::only(&task);
    assert_eq!(header(&task), "🔵 ECS Task State Change");
    assert_eq!(
        notification(&task),
        "ECS Task State Change - desiredStatus: STOPPED, lastStatus: STOPPED, memory: 512, stoppedReason: OutOfMemory"
    );
    assert_eq!(notification(&told("[1, 2]")), "A message in JSON");
}

#[test]
fn the_description_of_an_alarm_that_is_over_does_not_tell_of_the_present() {
    let description = "The 90th percentile of latency is above 30000 ms";
    let of = |state: &str| told(&alarm(json!({"NewStateValue": state, "AlarmDescription": description})).to_string());
    assert!(said(&of("ALARM")).starts_with(description));
    for state in ["OK", "INSUFFICIENT_DATA"] {
        let alert = of(state);
        assert!(said(&alert).starts_with(&format!("*About this alarm*\n{description}")), "{}", said(&alert));
        let plain = plain(&alert)["text"].to_string();
        assert!(plain.contains(&format!("About this alarm: {description}")), "{plain}");
        assert!(!notification(&alert).contains("percentile"), "{}", notification(&alert));
    }
    assert!(!said(&told(&alarm(json!({"NewStateValue": "OK"})).to_string())).contains("About"));
}

#[test]
fn how_soon_an_alarm_goes_off_is_told_until_it_is_over() {
    let shown = |state: &str, needed: u8, of: u8| {
        let trigger = json!({"MetricName": "m", "Threshold": 1, "DatapointsToAlarm": needed, "EvaluationPeriods": of});
        said(&told(&alarm(json!({"NewStateValue": state, "Trigger": trigger})).to_string()))
    };
    assert!(shown("ALARM", 2, 3).contains("Goes off when 2 of the last 3 values cross it"));
    assert!(shown("ALARM", 1, 3).contains("Goes off when one of the last 3 values crosses it"));
    assert!(shown("INSUFFICIENT_DATA", 1, 1).contains("Goes off when one value crosses it"));
    assert!(!shown("OK", 2, 3).contains("Goes off when"));
}

#[test]
fn a_phone_shows_what_an_alarm_is_for_where_it_goes_off() {
    let of = |description: &str| {
        let reason = "Threshold Crossed: 1 datapoint [3.0 (20/11/26 08:10:00)] was greater than the threshold (0.0).";
        let trigger = json!({"MetricName": "Runs", "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"});
        let name = "assay-RunsFailedAlarm-B6DC2517CA5B5";
        let more =
            json!({"AlarmName": name, "AlarmDescription": description, "NewStateReason": reason, "Trigger": trigger});
        notification(&told(&alarm(more).to_string()))
    };
    let without = "ALARM: assay-RunsFailedAlarm-B6DC2517CA5B5 - Runs 3, above the threshold of 0";
    // Numbers with a point end no sentence.
    let expected = format!("{without} - A run failed in version 0.80 or later");
    assert_eq!(of("A run failed in version 0.80 or later. See the log.\nMore."), expected);
    assert_eq!(of("A run failed in version 0.80 or later\nMore."), expected);
    for nothing in ["", "https://x.example/a. b", "."] {
        assert_eq!(of(nothing), without, "{nothing}");
    }
}
