//! Dashboards.

use super::{history, summary};
use crate::jobs::world::{World, boto3, document};
use crate::tool::{MODEL, OTHER};
use serde_json::{Value, json};

fn there(name: &str) -> Value {
    boto3(&format!("print(client('cloudwatch').get_dashboard(DashboardName='{name}')['DashboardBody'])"))
}

#[test]
fn the_printed_dashboard_is_the_one_that_is_put() {
    let world = World::new("monitor-page");
    let of_models = ["monitor", "dashboard", "--stack", "page", "--model", MODEL, "--account", "123456789012"];
    let printed = document(&world.tool.run(&of_models).exits(0));
    let shown = world.tool.run(&[&of_models[..], &["--diff"]].concat()).exits(0);
    assert!(shown.out.contains("+ page-models: there is no dashboard of this name"), "{}", shown.out);
    world.tool.run(&[&of_models[..], &["--apply"]].concat()).exits(0).says("put the dashboard page-models");
    assert_eq!(there("page-models"), printed);
    let arn = format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:page-models/{MODEL}/latency");
    assert!(printed.to_string().contains(&arn));
    world.tool.run(&[&of_models[..], &["--diff"]].concat()).exits(0).says("page-models is as it should be");
    let more = world.tool.run(&[&of_models[..], &["--model", OTHER, "--diff"]].concat()).exits(0);
    assert!(more.out.contains("~ Invocations (successful, per hour)"), "{}", more.out);
    assert!(!more.out.contains("Gates"), "what is searched for needs no change: {}", more.out);
    assert_eq!(there("page-models"), printed, "to show puts nothing");
    let told = document(&world.tool.run(&[&of_models[..], &["--diff", "--format", "json"]].concat()).exits(0));
    assert_eq!((&told["is_same"], &told["before"]), (&json!(true), &printed));
}

#[test]
fn the_scores_of_a_suite_have_the_baseline_and_the_threshold_across_them() {
    let world = World::new("monitor-scores");
    world.put("suites/faq/history.jsonl", history(&[MODEL]));
    world.put("runs/faq/run-5/summary.json", summary());
    let baseline = json!({
        "format": 1, "suite": "faq", "run": "run-4", "place": "runs/faq/run-4", "set_at": "2026-01-04T07:00:00Z",
    });
    world.put("suites/faq/baseline.json", baseline.to_string());
    let place = world.place();
    let arguments = ["monitor", "dashboard", "--stack", "scores", "--suite", "faq", "--in", &place, "--apply"];
    world.tool.run(&arguments).exits(0).says("put the dashboard scores-scores");
    let body = there("scores-scores");
    let widgets = body["widgets"].as_array().unwrap();
    let f1 = widgets.iter().find(|widget| widget["properties"]["title"] == "faq: f1").unwrap();
    let across = json!([
        {"label": format!("{MODEL}: baseline"), "value": 0.9}, {"label": format!("{MODEL}: alarm"), "value": 0.72},
    ]);
    assert_eq!(f1["properties"]["annotations"]["horizontal"], across);
    assert_eq!(f1["properties"]["metrics"][0][5], "Support");
}
