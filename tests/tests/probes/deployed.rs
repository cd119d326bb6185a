//! What the template deploys for each model is what the tool would put: the same alarms, the same dashboard.

use crate::{STACK, turn};
use assay_monitor::alarm::{Limits, models_prefix, operational};
use assay_monitor::dashboard::{self, Operational};
use end_to_end::stack::{MODEL_IDS, NAMESPACE, deployed};
use end_to_end::world;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every number as the same kind of number: a template's 30000 is an alarm's 30000.0.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(plain).collect(),
        Value::Object(values) => values.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_of_models_are_those_of_the_tool() {
    let (_turn, _) = turn().await;
    let topic = deployed().notice_topic_arn().unwrap().to_owned();
    let alarms = |model: &str| operational(STACK, NAMESPACE, model, &Limits::default(), std::slice::from_ref(&topic));
    let expected: BTreeMap<String, Value> = MODEL_IDS
        .into_iter()
        .flat_map(alarms)
        .map(|alarm| (alarm.alarm_name.clone(), plain(&serde_json::to_value(&alarm).unwrap())))
        .collect();
    assert_eq!(expected.len(), 6 * MODEL_IDS.len());
    let there = world::alarms().await.into_iter().filter(|(name, _)| name.starts_with(&models_prefix(STACK)));
    let there: BTreeMap<String, Value> = there.collect();
    assert_eq!(there.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, alarm) in &expected {
        // Tags are not described; the template's own tests hold them.
        for (field, value) in alarm.as_object().unwrap().iter().filter(|(field, _)| *field != "Tags") {
            assert_eq!(&plain(&there[name][field]), value, "{field} of {name}");
        }
        for field in ["Metrics", "MetricName"] {
            assert_eq!(alarm.get(field).is_some(), there[name].get(field).is_some(), "{field} of {name}");
        }
        assert_eq!(there[name]["ActionsEnabled"], true, "{name}");
    }
}

/// The dashboard's body with its dots written out: each repeats what stands above it.
fn without_dots(mut body: Value) -> Value {
    for widget in body["widgets"].as_array_mut().unwrap() {
        let Some(Value::Array(lines)) = widget.pointer_mut("/properties/metrics") else { continue };
        for place in 1..lines.len() {
            let above = lines[place - 1].clone();
            for (word, above) in lines[place].as_array_mut().unwrap().iter_mut().zip(above.as_array().unwrap()) {
                if word == "." {
                    *word = above.clone();
                }
            }
        }
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_is_that_of_the_tool() {
    let (_turn, _) = turn().await;
    let names = |logical_ids: &[&str]| -> Vec<String> {
        logical_ids.iter().map(|id| deployed().function(id).unwrap().to_owned()).collect()
    };
    let queue = |output: &str| deployed().output(output).unwrap().rsplit('/').next().unwrap().to_owned();
    let own = [
        "UndeliveredEvents",
        "FailedEvents",
        "DatasetEvaluatorErrors",
        "ResultParserErrors",
        "ProbeRunnerErrors",
        "FunctionThrottles",
        "RunsFailed",
        "ProbesOverdue",
    ];
    let alarms = world::alarms().await;
    let arn = |id: &str| {
        let beginning = format!("{STACK}-{id}Alarm-");
        let (_, alarm) = alarms.iter().find(|(name, _)| name.starts_with(&beginning)).unwrap();
        alarm["AlarmArn"].as_str().unwrap().to_owned()
    };
    let expected = dashboard::operational(&Operational {
        stack: STACK,
        region: deployed().region(),
        namespace: NAMESPACE,
        models: &MODEL_IDS.map(str::to_owned),
        limits: &Limits::default(),
        // Between two models of a list CloudFormation can put plain text alone, and an ARN has account and Region.
        alarm_arns: None,
        functions: &names(&["DatasetEvaluator", "ProbeRunner", "ResultParser"]),
        queues: &[queue("UndeliveredEventsUrl"), queue("FailedEventsUrl")],
        alarms: &own.map(arn),
    });
    let there = without_dots(world::dashboard(STACK).await);
    let (there, expected) = (plain(&there), plain(&expected));
    for (widget, expected) in there["widgets"].as_array().unwrap().iter().zip(expected["widgets"].as_array().unwrap()) {
        assert_eq!(widget, expected);
    }
    assert_eq!(there, expected);
    let url = deployed().output("DashboardUrl").unwrap();
    assert_eq!(
        url,
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/assay"
    );
}
