//! The alarms that every model gets.

use super::lists::{self, NAMESPACE};
use assay_monitor::alarm::{AWS_METRICS, Alarm, Kind, Limits, operational};
use serde_json::{Value, json};

const MODEL: &str = "us.amazon.nova-lite-v1:0";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:notices";

fn alarms(limits: &Limits) -> Vec<Alarm> {
    operational("assay", NAMESPACE, MODEL, limits, &[TOPIC.to_owned()])
}

/// What a formula of an alarm means, computed here: counts of successful calls, client errors, server errors, throttles.
fn value(expression: &str, counts: [f64; 4], latency: f64) -> f64 {
    let [calls, client, server, throttled] = counts;
    let minimum: f64 = expression.split(">= ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    let errors = calls + client + server;
    let (all, part) = match expression {
        latent if latent.contains("FILL(l, 0)") => {
            assert_eq!(latent, format!("IF(FILL(i, 0) >= {minimum}, FILL(l, 0), 0)"));
            return if calls >= minimum { latency } else { 0.0 };
        }
        throttles if throttles.contains("100 * FILL(t, 0)") => (errors + throttled, throttled),
        failed if failed.contains("100 * FILL(s, 0)") => (errors, server),
        failed if failed.contains("100 * FILL(c, 0)") => (errors, client),
        other => panic!("{other}"),
    };
    if all >= minimum { 100.0 * part / all } else { 0.0 }
}

fn expression(alarm: &Alarm) -> String {
    let alarm = serde_json::to_value(alarm).unwrap();
    alarm["Metrics"][0]["Expression"].as_str().unwrap().to_owned()
}

#[test]
fn a_model_has_one_alarm_of_each_kind_and_all_are_taken() {
    let alarms = alarms(&Limits::default());
    let names: Vec<&str> = alarms.iter().map(|alarm| alarm.alarm_name.as_str()).collect();
    let expected = ["latency", "server-errors", "client-errors", "throttles", "legacy-use", "end-of-life"];
    assert_eq!(names, expected.map(|kind| format!("assay-models/{MODEL}/{kind}")));
    assert_eq!(Kind::ALL.map(Kind::name), expected);
    for alarm in &alarms {
        assert_eq!(alarm.problems(), Vec::<String>::new());
        assert_eq!(alarm.alarm_actions, [TOPIC]);
        // Legacy use is told once a day, and the end of a life stays near.
        let lasts = ["/latency", "-errors", "/throttles"].iter().any(|kind| alarm.alarm_name.ends_with(kind));
        assert_eq!(alarm.ok_actions, alarm.alarm_actions[..usize::from(lasts)]);
        assert!(alarm.alarm_description.contains(MODEL), "{}", alarm.alarm_description);
    }
}

#[test]
fn every_metric_of_theirs_is_published() {
    let alarms = alarms(&Limits::default());
    let named: Vec<_> = alarms.iter().flat_map(lists::of_alarm).collect();
    assert_eq!(named.len(), 2 + 3 + 3 + 4 + 1 + 1);
    named.iter().for_each(lists::assert_published);
}

#[test]
fn thresholds_are_in_the_unit_of_what_is_watched() {
    let alarms = alarms(&Limits::default());
    let unit = |name: &str| AWS_METRICS.iter().find(|metric| metric.name == name).unwrap().unit;
    // Latency is compared as it is published; rates are percent of counts.
    assert_eq!((alarms[0].threshold, unit("InvocationLatency")), (30_000.0, "Milliseconds"));
    for (alarm, percent) in alarms[1..4].iter().zip([5.0, 20.0, 10.0]) {
        assert_eq!(alarm.threshold, percent);
        assert!(expression(alarm).contains("100 * "), "{}", expression(alarm));
        let counts = lists::of_alarm(alarm);
        assert!(counts.iter().all(|(_, name, _)| unit(name) == "Count"), "{counts:?}");
    }
    assert_eq!((alarms[4].threshold, unit("LegacyModelInvocations")), (0.0, "Count"));
    assert_eq!(alarms[5].threshold, 60.0);
}

#[test]
fn few_calls_wake_nobody_and_many_that_fail_do() {
    let alarms = alarms(&Limits::default());
    let is_beyond = |alarm: &Alarm, counts, latency| value(&expression(alarm), counts, latency) > alarm.threshold;
    let [latency, server, client, throttles] = [&alarms[0], &alarms[1], &alarms[2], &alarms[3]];
    // One failed call of three is 33 %, and nothing to wake anybody for.
    assert!(!is_beyond(server, [2.0, 0.0, 1.0, 0.0], 0.0));
    assert!(!is_beyond(latency, [3.0, 0.0, 0.0, 0.0], 90_000.0));
    // Nine successes and one failure are 10 % of ten.
    assert!(is_beyond(server, [9.0, 0.0, 1.0, 0.0], 0.0));
    assert!(!is_beyond(client, [9.0, 1.0, 0.0, 0.0], 0.0), "10 % are below 20 %");
    // Nothing but failures leaves no successful call at all.
    assert!(is_beyond(client, [0.0, 10.0, 0.0, 0.0], 0.0));
    assert!(is_beyond(throttles, [0.0, 0.0, 0.0, 10.0], 0.0));
    assert!(is_beyond(latency, [10.0, 0.0, 0.0, 0.0], 30_001.0));
    assert!(!is_beyond(latency, [10.0, 0.0, 0.0, 0.0], 30_000.0));
    // Without any call nothing is beyond anything.
    assert!(alarms[..4].iter().all(|alarm| !is_beyond(alarm, [0.0; 4], 0.0)));
}

#[test]
fn the_limits_are_those_that_were_given() {
    let limits = Limits {
        latency_milliseconds: 1500,
        server_errors_percent: 1,
        client_errors_percent: 2,
        throttles_percent: 3,
        minimum_invocations: 77,
        period_seconds: 60,
        periods: 4,
        end_of_life_days: 90,
    };
    let alarms = alarms(&limits);
    let thresholds: Vec<f64> = alarms.iter().map(|alarm| alarm.threshold).collect();
    assert_eq!(thresholds, [1500.0, 1.0, 2.0, 3.0, 0.0, 90.0]);
    for alarm in &alarms[..4] {
        assert_eq!((alarm.evaluation_periods, alarm.datapoints_to_alarm), (4, 4));
        assert!(expression(alarm).contains(">= 77, "), "{}", expression(alarm));
        let alarm = serde_json::to_value(alarm).unwrap();
        let metrics = alarm["Metrics"].as_array().unwrap().iter().skip(1);
        assert!(metrics.clone().all(|metric| metric["MetricStat"]["Period"] == 60));
        assert!(alarm["AlarmDescription"].as_str().unwrap().contains("77 calls"), "{alarm}");
    }
    for alarm in &alarms[4..] {
        assert_eq!((alarm.evaluation_periods, alarm.datapoints_to_alarm), (1, 1));
    }
}

#[test]
fn the_form_is_that_of_the_api_and_of_cloudformation() {
    let alarms: Vec<Value> =
        alarms(&Limits::default()).iter().map(|alarm| serde_json::to_value(alarm).unwrap()).collect();
    let dimensions = json!([{"Name": "ModelId", "Value": MODEL}]);
    let legacy = json!({
        "AlarmName": format!("assay-models/{MODEL}/legacy-use"),
        "AlarmDescription": alarms[4]["AlarmDescription"],
        "Namespace": "AWS/Bedrock", "MetricName": "LegacyModelInvocations", "Dimensions": dimensions,
        "Statistic": "Sum", "Period": 86_400, "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "Threshold": 0.0,
        "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching", "AlarmActions": [TOPIC],
    });
    assert_eq!(alarms[4], legacy);
    let latency = json!({
        "Metric": {"Namespace": "AWS/Bedrock", "MetricName": "InvocationLatency", "Dimensions": dimensions},
        "Period": 300, "Stat": "p90",
    });
    assert_eq!(alarms[0]["Metrics"][1], json!({"Id": "l", "MetricStat": latency, "ReturnData": false}));
    assert_eq!(alarms[5]["TreatMissingData"], "ignore");
    assert_eq!((&alarms[5]["Namespace"], &alarms[5]["MetricName"]), (&json!(NAMESPACE), &json!("DaysToEndOfLife")));
}

#[test]
fn a_model_of_a_very_long_name_is_taken_too() {
    let arn = format!("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/{}", "x".repeat(900));
    let alarms = operational("assay", NAMESPACE, &arn, &Limits::default(), &[]);
    for alarm in &alarms {
        assert_eq!(alarm.problems(), Vec::<String>::new());
    }
    let names: std::collections::BTreeSet<_> = alarms.iter().map(|alarm| &alarm.alarm_name).collect();
    assert_eq!(names.len(), 6);
}
