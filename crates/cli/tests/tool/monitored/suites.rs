//! The alarms of suites, from their history.

use super::alarms::there;
use super::{history, summary};
use crate::jobs::world::{World, boto3, document};
use crate::tool::{MODEL, OTHER, Tool};
use serde_json::{Value, json};

fn world(name: &str, models: &[&str]) -> World {
    let world = World::new(name);
    world.put("suites/faq/history.jsonl", history(models));
    world.put("runs/faq/run-5/summary.json", summary());
    world
}

fn alarms(world: &World, stack: &str, more: &[&str]) -> crate::tool::Ended {
    let place = world.place();
    let arguments = ["monitor", "alarms", "--stack", stack, "--suite", "faq", "--in", &place];
    world.tool.run(&[&arguments, more].concat())
}

#[test]
fn a_history_becomes_alarms_that_alarm_on_a_run_that_is_too_bad() {
    let world = world("monitor-suite", &[MODEL]);
    alarms(&world, "suite", &["--apply"]).exits(0).says("2 added");
    let found = there("suite/faq/");
    assert_eq!(found.len(), 2);
    let f1 = found.iter().find(|alarm| alarm["AlarmName"] == format!("suite/faq/{MODEL}/f1")).unwrap();
    // Median 0.82, less five times 0.02.
    assert_eq!((&f1["Threshold"], &f1["ComparisonOperator"]), (&json!(0.72), &json!("LessThanThreshold")));
    let dimensions = json!([
        {"Name": "ModelId", "Value": MODEL}, {"Name": "Application", "Value": "Support"}, {"Name": "Suite", "Value": "faq"},
    ]);
    assert_eq!(f1["Dimensions"], dimensions, "the application is that of the newest run");
    let state = |value: f64| -> Value {
        let script = format!(
            "c = client('cloudwatch')\nc.put_metric_data(Namespace='Custom/Bedrock', MetricData=[{{'MetricName': 'F1', \
             'Dimensions': [{{'Name': 'ModelId', 'Value': '{MODEL}'}}, {{'Name': 'Application', 'Value': 'Support'}}, \
             {{'Name': 'Suite', 'Value': 'faq'}}], 'Values': [{value}], 'Counts': [1000.0]}}])\n\
             print(json.dumps([a['StateValue'] for a in c.describe_alarms(AlarmNames=['suite/faq/{MODEL}/f1'])\
             ['MetricAlarms']]))"
        );
        boto3(&script)
    };
    assert_eq!(state(0.8), json!(["OK"]));
    // The hour's mean sinks to a value below 0.72.
    assert_eq!(state(0.1), json!(["ALARM"]));
    let listed = world.tool.run(&["monitor", "alarms", "--stack", "suite"]).exits(0);
    assert!(listed.out.contains("ALARM") && listed.out.contains("< 0.72"), "{}", listed.out);
}

#[test]
fn a_model_that_went_loses_its_alarms_and_no_others_are_touched() {
    let world = world("monitor-went", &[MODEL, OTHER]);
    boto3(
        "client('cloudwatch').put_metric_alarm(AlarmName='went/faq-more/m/f1', Namespace='n', MetricName='m', Period=60, \
         Statistic='Sum', EvaluationPeriods=1, Threshold=1, ComparisonOperator='LessThanThreshold')\nprint('null')",
    );
    alarms(&world, "went", &["--apply"]).exits(0).says("4 added");
    world.put("suites/faq/history.jsonl", history(&[MODEL]));
    let shown = alarms(&world, "went", &["--diff"]).exits(0).says("2 removed");
    assert!(shown.out.contains(&format!("- went/faq/{OTHER}/f1")), "{}", shown.out);
    alarms(&world, "went", &["--apply"]).exits(0).says("2 removed; 2 as they should be");
    let names: Vec<Value> = there("went/").iter().map(|alarm| alarm["AlarmName"].clone()).collect();
    assert_eq!(names.len(), 3);
    assert!(names.contains(&json!("went/faq-more/m/f1")), "{names:?}");
    assert!(names.iter().all(|name| !name.as_str().unwrap().contains(OTHER)), "{names:?}");
}

#[test]
fn more_alarms_than_one_request_holds_are_listed_and_removed() {
    let models: Vec<String> = (0..60).map(|number| format!("model-{number:02}")).collect();
    let models: Vec<&str> = models.iter().map(String::as_str).collect();
    let world = world("monitor-many", &models);
    alarms(&world, "many", &["--apply"]).exits(0).says("120 added");
    let listed = document(&world.tool.run(&["monitor", "alarms", "--stack", "many", "--format", "json"]).exits(0));
    assert_eq!(listed.as_array().unwrap().len(), 120);
    world.put("suites/faq/history.jsonl", history(&["model-00"]));
    alarms(&world, "many", &["--apply"]).exits(0).says("118 removed; 2 as they should be");
    assert_eq!(there("many/").len(), 2);
}

#[test]
fn a_folder_will_do_and_needs_no_account_to_print() {
    let tool = Tool::alone();
    tool.write("suites/faq/history.jsonl", history(&[MODEL]));
    tool.write("runs/faq/run-5/summary.json", summary());
    let arguments = ["monitor", "alarms", "--suite", "faq", "--in", ".", "--format", "json"];
    let printed = document(&tool.run(&arguments).exits(0));
    let names: Vec<&str> = printed.as_array().unwrap().iter().filter_map(|alarm| alarm["AlarmName"].as_str()).collect();
    assert_eq!(names, ["f1", "pass_rate"].map(|measure| format!("assay/faq/{MODEL}/{measure}")));
    let few = [&arguments[..], &["--threshold-runs", "6"]].concat();
    let waiting = tool.run(&few).exits(0).says("has 5 of the 6 runs that a threshold needs");
    assert_eq!(document(&waiting), json!([]));
}
