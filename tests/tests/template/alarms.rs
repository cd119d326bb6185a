//! Alarms: on the functions, on what they could not do, and on every model.

use crate::reading::{FORWARDER, documented, evaluating, expanded, functions, properties, resources_of, template};
use assay_core::publish::metrics::MetricName;
use assay_monitor::alarm::{AWS_METRICS, Kind, Severity};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const MODELS: [&str; 3] = ["us.amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0", "global.example.third"];

/// Every alarm of the template with its loops written out, by logical id.
fn alarms(models: &[&str]) -> BTreeMap<String, Value> {
    let Value::Object(resources) = expanded(models)["Resources"].take() else { panic!("no resources") };
    let alarms = resources.into_iter().filter(|(_, it)| it["Type"] == "AWS::CloudWatch::Alarm");
    alarms.map(|(id, mut it)| (id, it["Properties"].take())).collect()
}

/// The metrics that an alarm looks at: each with its namespace, name and dimensions.
fn metrics(alarm: &Value) -> Vec<(Value, String, BTreeSet<String>)> {
    let of = |metric: &Value| {
        let names = metric["Dimensions"].as_array().unwrap().iter().map(|it| it["Name"].as_str().unwrap().to_owned());
        (metric["Namespace"].clone(), metric["MetricName"].as_str().unwrap().to_owned(), names.collect())
    };
    match alarm.get("Metrics") {
        None => vec![of(alarm)],
        Some(parts) => {
            let parts = parts.as_array().unwrap().iter();
            parts.filter_map(|part| part.get("MetricStat")).map(|it| of(&it["Metric"])).collect()
        }
    }
}

#[test]
fn every_alarm_tells_and_looks_at_a_metric_that_there_is() {
    for (id, alarm) in alarms(&MODELS) {
        // What is broken there is the way from the notice topic to people.
        let of_forwarder =
            ["AlarmForwarderErrorsAlarm", "LateNoticesAlarm", "NoticesToForwardAlarm", "UnforwardedNoticesAlarm"];
        let topic = if of_forwarder.contains(&id.as_str()) { "ForwarderFailureTopic" } else { "NoticeTopic" };
        assert_eq!(alarm["AlarmActions"], json!([{"Ref": topic}]), "{id}");
        // These are over as soon as they are told: a failed run stays failed, and the end of a life stays near. A message that
        // is late leaves the queue's age when it was received three times, posted or not.
        let endless = ["RunsFailed", "LegacyUse", "EndOfLife", "LateNotices"];
        let has_no_end = endless.iter().any(|kind| id.starts_with(kind));
        let ends = if has_no_end { &Value::Null } else { &alarm["AlarmActions"] };
        assert_eq!(&alarm["OKActions"], ends, "{id}");
        assert!(alarm["AlarmDescription"].is_string() || alarm["AlarmDescription"]["Fn::Sub"].is_string(), "{id}");
        assert!(alarm["TreatMissingData"].is_string(), "{id}: missing data means nothing said");
        for (namespace, name, dimensions) in metrics(&alarm) {
            // The SAM CLI writes parameters with a default out.
            if namespace == template()["Parameters"]["MetricNamespace"]["Default"] {
                let known = MetricName::all().into_iter().find(|metric| metric.name() == name);
                let own: BTreeSet<String> = known
                    .unwrap_or_else(|| panic!("{id}: nobody publishes {name}"))
                    .dimensions()
                    .iter()
                    .map(|it| (*it).to_owned())
                    .collect();
                assert_eq!(dimensions, own, "{id}");
            } else {
                let known = AWS_METRICS.iter().find(|metric| namespace == metric.namespace && metric.name == name);
                let known = known.unwrap_or_else(|| panic!("{id}: {namespace} has no {name}"));
                assert_eq!(dimensions, BTreeSet::from([known.dimension.to_owned()]), "{id}");
            }
        }
    }
}

/// How the template names a kind: `server-errors` is `ServerErrors`.
fn camel(kind: &Kind) -> String {
    let words = kind.name().split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

/// Without its tags being sent along, nobody who passes an alarm on could go by them.
#[test]
fn every_alarm_tells_its_severity_and_those_of_models_the_tools() {
    let mut of_models = 0;
    for (id, alarm) in alarms(&MODELS) {
        assert_eq!(alarm["ActionConfiguration"], json!({"AlarmTagsPropagation": {"Enabled": true}}), "{id}");
        let [tag] = &alarm["Tags"].as_array().unwrap()[..] else { panic!("{id}: {}", alarm["Tags"]) };
        assert_eq!(tag["Key"], Severity::TAG, "{id}");
        let known = [Severity::High, Severity::Medium, Severity::Low].map(Severity::name);
        assert!(known.contains(&tag["Value"].as_str().unwrap()), "{id}: {tag}");
        let of_kind = |kind: &&Kind| id.starts_with(&format!("{}Alarm", camel(kind)));
        if let Some(kind) = Kind::ALL.iter().find(of_kind) {
            assert_eq!(tag["Value"], kind.severity().name(), "{id}");
            of_models += 1;
        }
    }
    assert_eq!(of_models, MODELS.len() * Kind::ALL.len());
}

#[test]
fn each_model_has_the_same_alarms() {
    let kinds = ["Latency", "ServerErrors", "ClientErrors", "Throttles", "LegacyUse", "EndOfLife"];
    let own: BTreeSet<String> =
        resources_of("AWS::CloudWatch::Alarm").into_iter().map(|(id, _)| id.to_owned()).collect();
    for count in 1..=MODELS.len() {
        let models = &MODELS[..count];
        let of_models: BTreeSet<String> = alarms(models).into_keys().filter(|id| !own.contains(id)).collect();
        let plain = |model: &str| model.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let expected =
            kinds.iter().flat_map(|kind| models.iter().map(move |model| format!("{kind}Alarm{}", plain(model))));
        assert_eq!(of_models, expected.collect());
    }
}

#[test]
fn functions_that_fail_or_cannot_start_are_told() {
    let alarms = resources_of("AWS::CloudWatch::Alarm");
    for (function, _) in functions() {
        let value = json!([{"Name": "FunctionName", "Value": {"Ref": function}}]);
        let of_function = |alarm: &&Value| alarm["MetricName"] == "Errors" && alarm["Dimensions"] == value;
        assert!(alarms.iter().map(|(_, alarm)| *alarm).any(|alarm| of_function(&alarm)), "errors of {function}");
        // What the forwarder does not take stays in its queue, which has an alarm of its own.
        if function == FORWARDER {
            continue;
        }
        let throttled = properties("FunctionThrottlesAlarm")["Metrics"].to_string();
        assert!(throttled.contains(&value.to_string()), "throttles of {function}");
    }
    // One event that fails at each of its deliveries is enough.
    for (_, alarm) in alarms.iter().filter(|(_, alarm)| alarm["MetricName"] == "Errors") {
        let deliveries = 1 + evaluating()[0].1["EventInvokeConfig"]["MaximumRetryAttempts"].as_u64().unwrap();
        assert_eq!(alarm["Threshold"], deliveries);
        // Lambda tries again after one minute, then after two.
        assert!(alarm["Period"].as_u64().unwrap() >= 5 * 60);
    }
}

#[test]
fn silence_of_the_probes_is_an_alarm_and_two_missed_hours_are_not() {
    let alarm = properties("ProbesOverdueAlarm");
    assert_eq!(alarm["TreatMissingData"], "breaching");
    assert_eq!(alarm["Statistic"], "Maximum");
    assert_eq!(alarm["Threshold"], json!({"Ref": "ProbeOverdueHours"}));
    assert_eq!(alarm["ComparisonOperator"], "GreaterThanThreshold");
    let hours = alarm["EvaluationPeriods"].as_u64().unwrap() * alarm["Period"].as_u64().unwrap() / 3600;
    assert!((3..=12).contains(&hours), "{hours} hours without a word");
    assert_eq!(alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"], "one missed hour would alarm");
    // One number an hour, which is how often the watch publishes.
    assert_eq!(alarm["Period"], 3600);
    assert_eq!(template()["Resources"]["ProbesOverdueAlarm"]["DependsOn"], "ProbeRunnerProbeWatch");
}

#[test]
fn a_run_that_failed_alarms_whatever_its_suite() {
    let alarm = properties("RunsFailedAlarm");
    assert_eq!(alarm["Dimensions"], json!([{"Name": "Stack", "Value": {"Ref": "AWS::StackName"}}]));
    assert_eq!((&alarm["MetricName"], &alarm["Statistic"]), (&json!("RunsFailed"), &json!("Sum")));
    assert_eq!((&alarm["Threshold"], &alarm["TreatMissingData"]), (&json!(1), &json!("notBreaching")));
}

#[test]
fn alarms_are_documented() {
    let section = documented("What is created");
    for (id, _) in resources_of("AWS::CloudWatch::Alarm") {
        assert!(section.contains(&format!("`{id}`")), "docs/deploy.md does not name {id} under What is created");
    }
}
