//! What evaluation jobs that Bedrock manages need: who looks after them, and what they act as.

use crate::reading::{evaluating_roles, events_of, properties, statements, statements_on, template};
use serde_json::json;
use std::collections::BTreeSet;

/// Evaluation jobs of this account and Region.
const JOBS: &str = "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:evaluation-job/*";

#[test]
fn results_of_jobs_start_the_parser() {
    let pattern = json!({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": "Bucket"}]},
            "object": {"key": [{"wildcard": "job-output/*_output.jsonl"}]},
        },
    });
    let event = &properties("ResultParser")["Events"]["JobOutputWritten"];
    assert_eq!(event["Type"], "EventBridgeRule");
    assert_eq!(event["Properties"]["Pattern"], pattern);
}

#[test]
fn the_parser_looks_after_jobs_on_a_schedule() {
    let schedules = events_of("ScheduleV2");
    let mut of_parser = schedules.into_iter().filter(|(function, _, _)| *function == "ResultParser");
    let (Some((_, "JobSweep", sweep)), None) = (of_parser.next(), of_parser.next()) else { panic!("not one sweep") };
    assert_eq!(sweep["ScheduleExpression"], "rate(10 minutes)");
    let input: serde_json::Value = serde_json::from_str(sweep["Input"].as_str().unwrap()).unwrap();
    assert_eq!(input, json!({"assay": "sweep"}));
    assert_eq!(sweep["OmitName"], true, "two stacks could not live in one account");
    assert!(sweep["RetryPolicy"]["MaximumEventAgeInSeconds"].as_u64().unwrap() <= 600, "the next sweep is on its way");
}

#[test]
fn only_jobs_of_this_account_and_region_act_as_the_service_role() {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {"aws:SourceArn": {"Fn::Sub": JOBS}},
        },
    }]);
    assert_eq!(properties("JobRole")["AssumeRolePolicyDocument"]["Statement"], trust);
}

#[test]
fn the_service_role_reads_copies_and_writes_results() {
    let of_jobs = |action| statements_on(action).into_iter().filter(|statement| statement.role == "JobRole");
    let read: Vec<&str> = of_jobs("s3:GetObject").flat_map(|statement| statement.keys()).collect();
    assert_eq!(read, ["job-input/*", "job-output/*"]);
    let written: Vec<&str> = of_jobs("s3:PutObject").flat_map(|statement| statement.keys()).collect();
    assert_eq!(written, ["job-output/*"]);
    for action in ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation"] {
        for statement in of_jobs(action) {
            assert_eq!(statement.text["Resource"], json!({"Fn::GetAtt": ["Bucket", "Arn"]}), "{action}");
        }
        assert_eq!(of_jobs(action).count(), 1, "{action}");
    }
    for parameter in ["ModelIds", "EvidenceModelIds", "ModelArns"] {
        assert!(
            of_jobs("bedrock:InvokeModel").any(|it| it.names(parameter)),
            "jobs may not ask what {parameter} names"
        );
    }
}

#[test]
fn functions_may_start_jobs_with_the_service_role_alone() {
    let callers: BTreeSet<&str> = evaluating_roles().into_iter().collect();
    let passing = statements_on("iam:PassRole");
    let passers: BTreeSet<&str> = passing.iter().map(|statement| statement.role).collect();
    assert_eq!(passers, callers);
    for statement in passing {
        assert_eq!(statement.text["Resource"], json!({"Fn::GetAtt": ["JobRole", "Arn"]}));
        let condition = json!({"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}});
        assert_eq!(statement.text["Condition"], condition);
        assert_eq!(statement.actions(), ["iam:PassRole"]);
    }
    for action in
        ["bedrock:CreateEvaluationJob", "bedrock:ListEvaluationJobs", "bedrock:GetEvaluationJob", "bedrock:TagResource"]
    {
        let roles: BTreeSet<&str> = statements_on(action).into_iter().map(|statement| statement.role).collect();
        assert_eq!(roles, callers, "{action}");
    }
    for action in ["bedrock:GetEvaluationJob", "bedrock:TagResource"] {
        for statement in statements_on(action) {
            assert_eq!(statement.text["Resource"], json!({"Fn::Sub": JOBS}), "{action}");
        }
    }
    let ends = ["bedrock:StopEvaluationJob", "bedrock:BatchDeleteEvaluationJob"];
    assert!(
        statements().iter().all(|it| it.actions().iter().all(|action| !ends.contains(action))),
        "jobs end by themselves"
    );
}

#[test]
fn the_parser_reaches_what_a_run_of_a_job_needs() {
    let of_parser = |action| statements_on(action).into_iter().filter(|statement| statement.role == "ResultParserRole");
    let written: BTreeSet<&str> = of_parser("s3:PutObject").flat_map(|statement| statement.keys()).collect();
    assert_eq!(written, BTreeSet::from(["jobs/*", "runs/*", "suites/*"]));
    let read: BTreeSet<&str> = of_parser("s3:GetObject").flat_map(|statement| statement.keys()).collect();
    let inputs = ["job-input/*", "job-output/*"];
    assert_eq!(read, inputs.into_iter().chain(written).collect());
    assert_eq!(of_parser("bedrock:InvokeModel").count(), 0, "it asks no model");
}

#[test]
fn copies_outlive_the_longest_job() {
    let rules = properties("Bucket")["LifecycleConfiguration"]["Rules"].as_array().unwrap();
    let copies = rules.iter().find(|rule| rule["Prefix"] == "job-input/").unwrap();
    let longest = template()["Parameters"]["StuckHumanJobDays"]["MaxValue"].as_u64().unwrap();
    assert!(copies["ExpirationInDays"].as_u64().unwrap() > longest, "people have {longest} days");
}

#[test]
fn rules_may_tell_the_queue_what_they_could_not_deliver() {
    let policy = &properties("UndeliveredEventsPolicy")["PolicyDocument"]["Statement"][0];
    let allowed = policy["Condition"]["ArnEquals"]["aws:SourceArn"].as_array().unwrap();
    let rules = events_of("EventBridgeRule");
    assert_eq!(allowed.len(), rules.len());
    for (function, event, _) in rules {
        // SAM names a rule after its function and event.
        assert!(allowed.contains(&json!({"Fn::GetAtt": [format!("{function}{event}"), "Arn"]})), "{function} {event}");
    }
}
