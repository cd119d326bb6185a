//! The alarms of models.

use crate::jobs::world::{World, boto3, document};
use crate::tool::{MODEL, OTHER};
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:notices";
const SECOND: &str = "arn:aws:sns:us-east-1:000000000000:second";

/// The alarms whose names begin so, by boto3, with their tags.
pub(super) fn there(prefix: &str) -> Vec<Value> {
    let script = format!(
        "c = client('cloudwatch')\n\
         tags = lambda a: c.list_tags_for_resource(ResourceARN=a['AlarmArn'])['Tags']\n\
         alarms = [a | {{'Tags': tags(a)}} for page in c.get_paginator('describe_alarms').paginate(AlarmNamePrefix='{prefix}') \
         for a in page['MetricAlarms']]\nprint(json.dumps(alarms, default=str))"
    );
    boto3(&script).as_array().unwrap().clone()
}

fn apply(world: &World, stack: &str, more: &[&str]) -> Value {
    let arguments = ["monitor", "alarms", "--stack", stack, "--model", MODEL, "--apply", "--format", "json"];
    document(&world.tool.run(&[&arguments, more].concat()).exits(0))
}

fn count(changes: &Value, what: &str) -> usize {
    changes[what].as_array().unwrap().len()
}

#[test]
fn printed_alarms_are_those_that_are_put() {
    let world = World::new("monitor-alarms");
    let of_models = ["monitor", "alarms", "--stack", "printed", "--model", MODEL, "--model", OTHER, "--topic", TOPIC];
    let printed = document(&world.tool.run(&[&of_models[..], &["--format", "json"]].concat()).exits(0));
    assert_eq!(there("printed"), Vec::<Value>::new(), "to print puts nothing");
    world.tool.run(&[&of_models[..], &["--apply"]].concat()).exits(0).says("12 added");
    let printed = printed.as_array().unwrap();
    let found = there("printed-models/");
    assert_eq!((printed.len(), found.len()), (12, 12));
    for alarm in printed {
        let same = found.iter().find(|found| found["AlarmName"] == alarm["AlarmName"]).unwrap();
        for (name, value) in alarm.as_object().unwrap() {
            assert_eq!(same[name], *value, "{name} of {}", alarm["AlarmName"]);
        }
        assert_eq!(same["ActionsEnabled"], true);
    }
    world.tool.run(&[&of_models[..], &["--diff"]].concat()).exits(0).says("0 added").says("12 as they should be");
}

#[test]
fn a_changed_limit_moves_its_alarm_alone_and_the_difference_is_shown_before() {
    let world = World::new("monitor-moved");
    assert_eq!(count(&apply(&world, "moved", &["--topic", TOPIC]), "added"), 6);
    let loose = ["--end-of-life-alarm-days", "30", "--topic", TOPIC];
    let diff = ["monitor", "alarms", "--stack", "moved", "--model", MODEL, "--diff"];
    let shown = world.tool.run(&[&diff[..], &loose].concat()).exits(0).says("1 loosened").says("--apply puts them");
    assert!(shown.out.contains("end-of-life (loosened: < 60 to < 30)"), "{}", shown.out);
    let threshold = || there(&format!("moved-models/{MODEL}/end-of-life"))[0]["Threshold"].clone();
    assert_eq!(threshold(), 60.0, "to show puts nothing");
    let changes = apply(&world, "moved", &loose);
    assert_eq!((count(&changes, "loosened"), count(&changes, "unchanged")), (1, 5));
    assert_eq!(threshold(), 30.0);
    let of_formula = ["--end-of-life-alarm-days", "30", "--latency-alarm-milliseconds", "60000", "--topic", TOPIC];
    let changes = apply(&world, "moved", &of_formula);
    assert_eq!((count(&changes, "loosened"), count(&changes, "unchanged")), (1, 5));
    let more_traffic = [&of_formula[..], &["--alarm-minimum-invocations", "20"]].concat();
    assert_eq!(count(&apply(&world, "moved", &more_traffic), "changed"), 4, "the formulas say it");
    let changes = apply(&world, "moved", &[&more_traffic[2..], &["--end-of-life-alarm-days", "90"]].concat());
    assert_eq!((count(&changes, "tightened"), count(&changes, "unchanged")), (1, 5));
    assert_eq!(threshold(), 90.0);
}

#[test]
fn what_a_person_switched_off_stays_off_and_topics_stay() {
    let world = World::new("monitor-off");
    apply(&world, "off", &["--topic", TOPIC]);
    let name = format!("off-models/{MODEL}/end-of-life");
    let script = format!(
        "c = client('cloudwatch')\na = c.describe_alarms(AlarmNames=['{name}'])['MetricAlarms'][0]\n\
         put = {{k: a[k] for k in ('AlarmName', 'AlarmDescription', 'Namespace', 'MetricName', 'Dimensions', \
         'Statistic', 'Period', 'EvaluationPeriods', 'DatapointsToAlarm', \
         'Threshold', 'ComparisonOperator', 'TreatMissingData', 'AlarmActions')}}\n\
         c.put_metric_alarm(**put, OKActions=['{SECOND}'])\nc.disable_alarm_actions(AlarmNames=['{name}'])\nprint('null')"
    );
    boto3(&script);
    // Without --topic, alarms go on telling whom they tell.
    let changes = apply(&world, "off", &["--end-of-life-alarm-days", "30"]);
    assert_eq!(count(&changes, "loosened"), 1);
    let found = there(&name);
    assert_eq!(found[0]["Threshold"], 30.0);
    assert_eq!(found[0]["ActionsEnabled"], false);
    assert_eq!((&found[0]["AlarmActions"], &found[0]["OKActions"]), (&json!([TOPIC]), &json!([SECOND])));
    let listed = world.tool.run(&["monitor", "alarms", "--stack", "off"]).exits(0);
    assert!(listed.out.contains("switched off") && listed.out.contains("a topic"), "{}", listed.out);
    let changes = apply(&world, "off", &["--end-of-life-alarm-days", "30", "--topic", SECOND]);
    assert_eq!(count(&changes, "changed"), 6);
    assert!(there("off-models/").iter().all(|alarm| alarm["AlarmActions"] == json!([SECOND])));
}

#[test]
fn alarms_that_tell_nobody_are_put_with_a_warning() {
    let world = World::new("monitor-nobody");
    let arguments = ["monitor", "alarms", "--stack", "nobody", "--model", MODEL, "--apply"];
    world.tool.run(&arguments).exits(0).says("6 alarms tell nobody; give --topic");
    let listed = world.tool.run(&["monitor", "alarms", "--stack", "nobody", "--format", "json"]).exits(0);
    let listed = document(&listed);
    assert_eq!(listed.as_array().unwrap().len(), 6);
    assert!(listed.as_array().unwrap().iter().all(|alarm| alarm["actions_enabled"] == true), "{listed}");
    world.tool.run(&["monitor", "alarms", "--stack", "nothing-there"]).exits(0).says("no alarms");
}
