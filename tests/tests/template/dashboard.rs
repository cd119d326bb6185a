//! The dashboard's body, put together here as CloudFormation does it: it is JSON, nothing covers anything, and every metric
//! is one that there is.

use crate::reading::{properties, template};
use assay_core::publish::metrics::MetricName;
use assay_monitor::alarm::AWS_METRICS;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MODELS: [&str; 3] = ["us.amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0", "example.third"];
const NAMESPACE: &str = "Custom/Of-a_test";

/// The body for these models, each name in `${}` by what it stands for, or by itself where it is a resource's.
fn body(models: &[&str]) -> Value {
    let sub = &properties("Dashboard")["DashboardBody"]["Fn::Sub"];
    let join = &sub[1]["Models"]["Fn::Join"];
    assert_eq!(join[1], json!({"Ref": "ModelIds"}));
    let models = models.join(join[0].as_str().unwrap());
    let mut text = String::new();
    let mut rest = sub[0].as_str().unwrap();
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap();
        text.push_str(before);
        text.push_str(&match name {
            "Models" => models.clone(),
            "MetricNamespace" => NAMESPACE.to_owned(),
            "AWS::Region" => "us-east-1".to_owned(),
            "AWS::StackName" => "a-stack".to_owned(),
            _ => match &template()["Parameters"][name]["Default"] {
                Value::Null => {
                    let resource = name.split('.').next().unwrap();
                    assert!(template()["Resources"][resource].is_object(), "nothing is called {name}");
                    name.to_owned()
                }
                default => default.to_string(),
            },
        });
        rest = after;
    }
    text.push_str(rest);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The lines of all graphs with their dots written out, and what is searched for.
fn lines(body: &Value) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut lines, mut searches) = (Vec::new(), Vec::new());
    for widget in body["widgets"].as_array().unwrap() {
        let mut above: Vec<String> = Vec::new();
        for line in widget["properties"]["metrics"].as_array().into_iter().flatten() {
            let line = line.as_array().unwrap();
            if let Some(search) = line[0]["expression"].as_str() {
                searches.push(search.to_owned());
                continue;
            }
            let written = line.iter().enumerate().map(|(place, word)| match word.as_str().unwrap() {
                "." => above[place].clone(),
                word => word.to_owned(),
            });
            above = written.collect();
            lines.push(above.clone());
        }
    }
    (lines, searches)
}

#[test]
fn widgets_lie_side_by_side_within_the_page() {
    let body = body(&MODELS);
    let widgets = body["widgets"].as_array().unwrap();
    assert!(widgets.len() <= 500);
    let mut covered = BTreeSet::new();
    for widget in widgets {
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| widget[name].as_u64().unwrap());
        assert!(width > 0 && height > 0 && x + width <= 24, "{widget}");
        for cell in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(covered.insert(cell), "{widget} covers another at {cell:?}");
        }
        let properties = &widget["properties"];
        match widget["type"].as_str().unwrap() {
            "metric" => {
                assert_eq!(properties["region"], "us-east-1", "{widget}");
                assert!(properties["metrics"].as_array().is_some_and(|metrics| !metrics.is_empty()), "{widget}");
            }
            "alarm" => assert!(properties["alarms"].as_array().is_some_and(|alarms| !alarms.is_empty()), "{widget}"),
            "text" => assert!(properties["markdown"].is_string(), "{widget}"),
            other => panic!("a widget of kind {other}"),
        }
    }
    // Rows without gaps.
    let rows: BTreeSet<u64> = covered.iter().map(|(_, y)| *y).collect();
    assert_eq!(rows, (0..=*rows.last().unwrap()).collect());
}

#[test]
fn every_metric_is_published_with_these_dimensions() {
    let (lines, searches) = lines(&body(&MODELS));
    for line in &lines {
        let [namespace, name, dimension, _] = &line[..] else { panic!("{line:?}") };
        let known: Option<&[&str]> = if namespace == NAMESPACE {
            MetricName::all().into_iter().find(|metric| metric.name() == name).map(MetricName::dimensions)
        } else {
            let found = AWS_METRICS.iter().find(|metric| metric.namespace == namespace && metric.name == name);
            found.map(|metric| std::slice::from_ref(&metric.dimension))
        };
        assert_eq!(known, Some(&[dimension.as_str()][..]), "{line:?}");
    }
    for search in &searches {
        let query = search.strip_prefix("SEARCH('{").and_then(|rest| rest.split_once("', '")).unwrap().0;
        assert!(query.len() < 1024, "{search}");
        let (schema, names) = query.split_once("} MetricName=").unwrap();
        let (namespace, dimensions) = schema.split_once(',').unwrap();
        assert_eq!(namespace, format!("\"{NAMESPACE}\""), "{search}");
        let dimensions: Vec<&str> = dimensions.split(',').collect();
        for name in names.trim_matches(['(', ')']).split(" OR ") {
            let metric = MetricName::all().into_iter().find(|metric| metric.name() == name.trim_matches('"'));
            let metric = metric.unwrap_or_else(|| panic!("nobody publishes {name}: {search}"));
            assert_eq!(metric.dimensions(), dimensions, "{name}");
        }
    }
    assert!(!lines.is_empty() && !searches.is_empty());
}

#[test]
fn each_model_has_a_line_wherever_models_have() {
    for count in 1..=MODELS.len() {
        let (lines, _) = lines(&body(&MODELS[..count]));
        let of_models: Vec<_> = lines.into_iter().filter(|line| line[2] == "ModelId").collect();
        let metrics: BTreeSet<(&String, &String)> = of_models.iter().map(|line| (&line[0], &line[1])).collect();
        let expected = |name: &str| {
            of_models.iter().filter(|line| line[1] == name).map(|line| line[3].as_str()).collect::<BTreeSet<_>>()
        };
        for (_, name) in &metrics {
            assert_eq!(expected(name), MODELS[..count].iter().copied().collect(), "{name}");
        }
        let told = metrics.len();
        assert_eq!(told, 9, "{metrics:?}");
    }
}

#[test]
fn the_page_shows_the_stacks_own_alarms_functions_and_queues() {
    let text = body(&MODELS).to_string();
    let resources = template()["Resources"].as_object().unwrap();
    for (id, resource) in resources {
        // A page cannot show what is there only where somebody named a secret.
        if resource["Condition"] == "HasSlackSecret" {
            continue;
        }
        let shown = match resource["Type"].as_str() {
            Some("AWS::CloudWatch::Alarm") => format!("\"{id}.Arn\""),
            Some("AWS::Serverless::Function") => format!("[\"AWS/Lambda\",\"Errors\",\"FunctionName\",\"{id}\"]"),
            Some("AWS::SQS::Queue") => format!("\"{id}.QueueName\""),
            _ => continue,
        };
        assert!(text.contains(&shown), "{id} is not on the dashboard");
    }
}

#[test]
fn the_console_is_found_in_every_partition() {
    let consoles = template()["Mappings"]["Consoles"].as_object().unwrap();
    let hosts: Vec<(&str, &str)> =
        consoles.iter().map(|(partition, it)| (partition.as_str(), it["Host"].as_str().unwrap())).collect();
    let expected = [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ];
    assert_eq!(hosts, expected);
    let url = template()["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"].to_string();
    assert!(url.contains("region=${AWS::Region}#dashboards/dashboard/${Dashboard}"), "{url}");
}
