//! The dashboard of models, and what any dashboard has to keep.

use super::lists::{self, NAMESPACE};
use assay_core::publish::metrics::MetricName;
use assay_monitor::alarm::{Kind, Limits};
use assay_monitor::dashboard::{COLUMNS, MOST_METRICS, MOST_WIDGETS, Operational, operational, place_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const REGION: &str = "eu-central-1";
const ARNS: &str = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:";

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn of_models(models: &[String]) -> Value {
    operational(&Operational {
        stack: "assay",
        region: REGION,
        namespace: NAMESPACE,
        models,
        limits: &Limits::default(),
        alarm_arns: Some(ARNS),
        functions: &texts(&["evaluator", "prober"]),
        queues: &texts(&["undelivered", "failed"]),
        alarms: &texts(&["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:own"]),
    })
}

/// Fails unless CloudWatch takes the body, and every metric in it is published.
#[track_caller]
pub(crate) fn assert_right(body: &Value) {
    let widgets = body["widgets"].as_array().unwrap();
    assert!((1..=MOST_WIDGETS).contains(&widgets.len()), "{} widgets", widgets.len());
    let mut taken = BTreeSet::new();
    for widget in widgets {
        let place = place_of(widget).unwrap();
        assert!(place.width >= 1 && place.x + place.width <= COLUMNS && place.height >= 1, "{place:?}");
        for x in place.x..place.x + place.width {
            for y in place.y..place.y + place.height {
                assert!(taken.insert((x, y)), "two widgets lie on column {x}, row {y}");
            }
        }
        let properties = &widget["properties"];
        match widget["type"].as_str().unwrap() {
            "metric" => {
                assert_eq!(properties["region"], REGION);
                assert!(!properties["title"].as_str().unwrap().is_empty());
                let lines = properties["metrics"].as_array().unwrap();
                assert!((1..=MOST_METRICS).contains(&lines.len()), "{properties}");
                lines.iter().flat_map(lists::of_line).for_each(|named| lists::assert_published(&named));
                for search in lines.iter().filter_map(|line| line[0]["expression"].as_str()) {
                    assert!(search.chars().count() <= 1024, "{search}");
                }
            }
            "alarm" => assert!((1..=100).contains(&properties["alarms"].as_array().unwrap().len())),
            "text" => assert!(properties["markdown"].is_string()),
            other => panic!("a widget of type {other}"),
        }
    }
}

pub(crate) fn titled<'a>(body: &'a Value, title: &str) -> &'a Value {
    let widgets = body["widgets"].as_array().unwrap();
    let found = widgets.iter().find(|widget| widget["properties"]["title"] == title);
    &found.unwrap_or_else(|| panic!("no `{title}`"))["properties"]
}

#[test]
fn the_dashboard_of_models_is_taken_for_any_number_of_them() {
    for count in [1, 2, 17, 100] {
        let models: Vec<String> = (0..count).map(|number| format!("us.amazon.model-{number}:0")).collect();
        assert_right(&of_models(&models));
    }
}

#[test]
fn it_shows_what_people_look_for() {
    let body = of_models(&texts(&["a:0", "b:0"]));
    let shown: BTreeSet<(String, String)> = body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|widget| widget["properties"]["metrics"].as_array().cloned().unwrap_or_default())
        .flat_map(|line| lists::of_line(&line))
        .map(|(namespace, name, _)| (namespace, name))
        .collect();
    let of_aws = [
        "Invocations",
        "InvocationLatency",
        "InvocationClientErrors",
        "InvocationServerErrors",
        "InvocationThrottles",
        "InputTokenCount",
        "OutputTokenCount",
        "LegacyModelInvocations",
    ];
    let expected = of_aws.map(|name| ("AWS/Bedrock", name)).into_iter().chain([
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Duration"),
        ("AWS/Lambda", "Throttles"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    ]);
    for (namespace, name) in expected {
        assert!(shown.contains(&(namespace.to_owned(), name.to_owned())), "{namespace} {name} is not shown");
    }
    // Every metric of ours, but for parts of others, what has no better or worse, and what other graphs say.
    let elsewhere = [
        "RobustnessByKind",
        "ToxicityByCategory",
        "JudgeInputTokens",
        "JudgeOutputTokens",
        "SamplesTotal",
        "ResponseLength",
        "FleschReadingEase",
        "FleschKincaidGrade",
        "Refusal",
        "ModelLegacy",
        "ModelMissing",
    ];
    for metric in MetricName::all() {
        let is_shown = shown.contains(&(NAMESPACE.to_owned(), metric.name().to_owned()));
        assert_eq!(is_shown, !elsewhere.contains(&metric.name()), "{}", metric.name());
    }
}

#[test]
fn each_model_has_its_own_line_that_ends_with_it() {
    let body = of_models(&texts(&["a:0", "b:0"]));
    let line = |name: &str, model: &str| json!(["AWS/Bedrock", name, "ModelId", model]);
    let latency = titled(&body, "Latency, p90 (ms)");
    assert_eq!(latency["metrics"], json!([line("InvocationLatency", "a:0"), line("InvocationLatency", "b:0")]));
    assert_eq!(
        (&latency["stat"], &latency["annotations"]["horizontal"][0]["value"]),
        (&json!("p90"), &json!(30_000.0))
    );
    let errors = titled(&body, "Errors (per hour)");
    assert_eq!(
        errors["metrics"],
        json!([
            line("InvocationServerErrors", "a:0"),
            line("InvocationServerErrors", "b:0"),
            line("InvocationClientErrors", "a:0"),
            line("InvocationClientErrors", "b:0"),
        ])
    );
    assert_eq!(errors["stat"], "Sum");
    for kind in Kind::ALL {
        let expected = ["a:0", "b:0"].map(|model| format!("{ARNS}assay-models/{model}/{}", kind.name()));
        assert_eq!(titled(&body, kind.title())["alarms"], json!(expected));
    }
}

#[test]
fn searches_name_the_schema_of_the_metric() {
    let body = of_models(&texts(&["a:0"]));
    let gates = titled(&body, "Gates (1 passed, 0 failed)");
    let expected = r#"SEARCH('{"Custom/Bedrock",Application,Suite} MetricName="GatePassed"', 'Minimum', 86400)"#;
    assert_eq!(gates["metrics"], json!([[{ "expression": expected }]]));
    let cost = titled(&body, "Cost of evaluations (USD per day)");
    let expected = concat!(
        r#"SEARCH('{"Custom/Bedrock",ModelId,Application,Suite} MetricName=("CostUsd" OR "JudgeCostUsd")', "#,
        "'Sum', 86400)"
    );
    assert_eq!(cost["metrics"], json!([[{ "expression": expected }]]));
}

#[test]
fn without_an_account_and_functions_their_sections_are_left_out() {
    let models = texts(&["a:0"]);
    let body = operational(&Operational {
        stack: "assay",
        region: REGION,
        namespace: NAMESPACE,
        models: &models,
        limits: &Limits::default(),
        alarm_arns: None,
        functions: &[],
        queues: &[],
        alarms: &[],
    });
    assert_right(&body);
    assert!(!body.to_string().contains("AWS/Lambda") && !body.to_string().contains("arn:"));
}
