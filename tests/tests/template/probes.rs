//! What runs probes: on which schedules, by which events, and with which rights.

use crate::reading::{events_of, properties, statements, template};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An alarm of a suite, a list of alarms, and the dashboard of scores.
const ALARMS_OF_SUITES: &str =
    "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AWS::StackName}/*";
const ALL_ALARMS: &str = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*";
const SCORES: &str = "arn:${AWS::Partition}:cloudwatch::${AWS::AccountId}:dashboard/${AWS::StackName}-scores";
const LOG_GROUP: &str = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${InvocationLogGroup}";

#[test]
fn schedules_say_what_is_due_and_when_it_was_meant() {
    let schedules: BTreeMap<&str, &Value> = events_of("ScheduleV2")
        .into_iter()
        .filter(|(function, _, _)| *function == "ProbeRunner")
        .map(|(_, name, schedule)| (name, schedule))
        .collect();
    let due = json!("<aws.scheduler.scheduled-time>");
    let expected = [
        ("ProbeWatch", json!("rate(1 hour)"), json!({"assay": "watch"}), 3600),
        ("Probes", json!({"Ref": "ProbeSchedule"}), json!({"assay": "probes", "at": due}), 86400),
        ("WeeklyDigest", json!({"Ref": "DigestSchedule"}), json!({"assay": "digest", "at": due}), 86400),
    ];
    assert_eq!(schedules.len(), expected.len());
    for (name, expression, input, age) in expected {
        let schedule = schedules[name];
        assert_eq!(schedule["ScheduleExpression"], expression, "{name}");
        assert_eq!(serde_json::from_str::<Value>(schedule["Input"].as_str().unwrap()).unwrap(), input, "{name}");
        assert_eq!(schedule["OmitName"], true, "{name}: two stacks could not live in one account");
        assert_eq!(schedule["RetryPolicy"]["MaximumEventAgeInSeconds"], age, "{name}");
        // Every hour is every hour in every time zone.
        let by_calendar = expression.is_object();
        assert_eq!(schedule["ScheduleExpressionTimezone"] == json!({"Ref": "ScheduleTimezone"}), by_calendar, "{name}");
        assert_eq!(schedule["FlexibleTimeWindow"]["MaximumWindowInMinutes"] == 15, by_calendar, "{name}");
    }
    // Mondays, and the digest after the probes.
    let parameters = &template()["Parameters"];
    assert_eq!(parameters["ProbeSchedule"]["Default"], "cron(0 6 ? * MON *)");
    assert_eq!(parameters["DigestSchedule"]["Default"], "cron(0 8 ? * MON *)");
    assert!(parameters["ProbeOverdueHours"]["Default"].as_u64().unwrap() > 7 * 24, "a week is not overdue");
}

#[test]
fn whoever_may_put_events_may_ask_for_probes() {
    let event = &properties("ProbeRunner")["Events"]["ProbesRequested"];
    assert_eq!(event["Type"], "EventBridgeRule");
    let pattern = json!({"source": ["assay"], "detail-type": ["Probes Requested"]});
    assert_eq!(event["Properties"]["Pattern"], pattern);
}

/// What the runner may do beside running suites.
#[test]
fn the_runner_keeps_alarms_of_suites_and_reads_what_it_tells() {
    let sub = |text: &str| json!({"Fn::Sub": text});
    let everything = json!("*");
    let models = json!([
        {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"},
        {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/*"},
        {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:application-inference-profile/*"},
    ]);
    let logged = Some("HasInvocationLogGroup");
    let expected = [
        ("cloudwatch:PutMetricAlarm", sub(ALARMS_OF_SUITES), None),
        // Whoever puts an alarm that sends its tags along has to be allowed to read them.
        ("cloudwatch:ListTagsForResource", sub(ALARMS_OF_SUITES), None),
        ("cloudwatch:TagResource", sub(ALARMS_OF_SUITES), None),
        ("cloudwatch:DeleteAlarms", sub(ALARMS_OF_SUITES), None),
        ("cloudwatch:DescribeAlarms", sub(ALL_ALARMS), None),
        ("cloudwatch:GetDashboard", sub(SCORES), None),
        ("cloudwatch:PutDashboard", sub(SCORES), None),
        ("cloudwatch:GetMetricData", everything.clone(), None),
        ("bedrock:GetFoundationModel", models.clone(), None),
        ("bedrock:GetModelInvocationLoggingConfiguration", everything.clone(), None),
        ("logs:StartQuery", json!([sub(LOG_GROUP), sub(&format!("{LOG_GROUP}:*"))]), logged),
        ("logs:GetQueryResults", everything.clone(), logged),
        ("logs:StopQuery", everything, logged),
    ];
    for (action, resource, only_if) in expected {
        let with: Vec<_> = statements().into_iter().filter(|it| it.actions().contains(&action)).collect();
        let [statement] = with[..] else { panic!("{action}: {with:?}") };
        assert_eq!(statement.role, "ProbeRunnerRole", "{action}");
        assert_eq!(statement.text["Resource"], resource, "{action}");
        assert_eq!(statement.only_if, only_if, "{action}");
    }
    let profiles: BTreeSet<&str> = statements()
        .into_iter()
        .filter(|it| it.actions().contains(&"bedrock:GetInferenceProfile"))
        .map(|it| it.role)
        .collect();
    assert_eq!(profiles, BTreeSet::from(["JobRole", "ProbeRunnerRole"]));
}

#[test]
fn the_runner_writes_runs_and_its_own_state() {
    let written: BTreeSet<&str> = statements()
        .into_iter()
        .filter(|it| it.role == "ProbeRunnerRole" && it.actions().contains(&"s3:PutObject"))
        .flat_map(|it| it.keys())
        .collect();
    assert_eq!(written, BTreeSet::from(["cache/*", "job-input/*", "jobs/*", "monitor/*", "runs/*", "suites/*"]));
    let others = statements().into_iter().filter(|it| it.role != "ProbeRunnerRole" && it.role != "JobRole");
    let monitored =
        others.filter(|it| it.actions().contains(&"s3:PutObject")).any(|it| it.keys().contains(&"monitor/*"));
    assert!(!monitored, "nobody else writes what the runner remembers");
}
