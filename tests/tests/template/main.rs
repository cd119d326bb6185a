//! The template: it passes SAM's own validation and its linter, and keeps what the rest of Assay relies on.

#![allow(clippy::unwrap_used, clippy::panic)]

mod alarms;
mod dashboard;
mod jobs;
mod probes;
mod reading;
mod roles;

use local_stack::places;
use reading::{documented, environment, functions, path, properties, resources_of, template};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn sam_validates_and_lints_it_offline() {
    let environment = environment();
    let home = tempfile::tempdir().unwrap();
    let output = environment
        .command(&environment.sam())
        .args(["validate", "--lint", "--template-file"])
        .arg(path())
        .current_dir(home.path())
        .env("HOME", home.path())
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("SAM_CLI_TELEMETRY", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    assert!(output.status.success() && said.contains("is a valid SAM Template"), "{said}");
}

/// Prints the functions that the SAM CLI finds with the settings of `sam build` in samconfig.toml.
const BUILDABLE: &str = "import json, pathlib, sys; \
    from samcli.cli.types import CfnParameterOverridesType; \
    from samcli.lib.config.samconfig import SamConfig; \
    from samcli.lib.providers.sam_function_provider import SamFunctionProvider; \
    from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider; \
    template = pathlib.Path(sys.argv[1]); \
    settings = SamConfig(template.parent).get_all(['build'], 'parameters'); \
    given = CfnParameterOverridesType().convert(settings['parameter_overrides'], None, None); \
    stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=given, \
        language_extensions_enabled=settings['language_extensions']); \
    print(json.dumps(sorted(function.name for function in SamFunctionProvider(stacks).get_all())))";

#[test]
fn sam_build_finds_the_functions_before_anybody_named_a_model() {
    let found = reading::printed(BUILDABLE, &[]);
    let mut expected: Vec<&str> = functions().into_iter().map(|(id, _)| id).collect();
    expected.sort_unstable();
    assert_eq!(found, json!(expected));
}

#[test]
fn dropped_datasets_start_the_evaluator() {
    let event = &properties("DatasetEvaluator")["Events"]["DatasetDropped"];
    let pattern = json!({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": "Bucket"}]}, "object": {"key": [{"wildcard": "datasets/*.jsonl"}]}},
    });
    assert_eq!(event["Properties"]["Pattern"], pattern);
    assert_eq!(
        properties("Bucket")["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"],
        true
    );
}

#[test]
fn the_bucket_is_private_encrypted_versioned_and_tidy() {
    let bucket = properties("Bucket");
    for setting in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
        assert_eq!(bucket["PublicAccessBlockConfiguration"][setting], true, "{setting}");
    }
    assert_eq!(bucket["OwnershipControls"]["Rules"][0]["ObjectOwnership"], "BucketOwnerEnforced");
    let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
    assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    assert_eq!(template()["Resources"]["Bucket"]["DeletionPolicy"], "Retain");

    let rules = bucket["LifecycleConfiguration"]["Rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["Status"] == "Enabled"));
    let forgotten = ["cache/", "job-input/", "monitor/rounds/", "monitor/digests/"];
    for prefix in forgotten {
        assert!(rules.iter().any(|rule| rule["Prefix"] == prefix && rule["ExpirationInDays"].is_u64()), "{prefix}");
    }
    let expiring: Vec<&Value> = rules.iter().filter(|rule| rule.get("ExpirationInDays").is_some()).collect();
    assert_eq!(
        expiring.len(),
        forgotten.len(),
        "nothing but copies and what rounds and digests noted may be forgotten"
    );
    for kind in ["AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"] {
        assert!(rules.iter().any(|rule| rule.get(kind).is_some() && rule.get("Prefix").is_none()), "{kind}");
    }

    let policy = &properties("BucketPolicy")["PolicyDocument"]["Statement"][0];
    assert_eq!(policy["Effect"], "Deny");
    assert_eq!(policy["Condition"]["Bool"]["aws:SecureTransport"], "false");
    assert_eq!(policy["Resource"].as_array().unwrap().len(), 2, "the bucket and what is in it");
}

#[test]
fn no_event_is_lost_without_a_trace() {
    for (id, function) in functions() {
        let asynchronous = &function["EventInvokeConfig"];
        assert_eq!(asynchronous["MaximumRetryAttempts"], 2, "{id}");
        assert_eq!(asynchronous["MaximumEventAgeInSeconds"], 21600, "{id}");
        assert_eq!(asynchronous["DestinationConfig"]["OnFailure"]["Type"], "SQS", "{id}");
        for event in function["Events"].as_object().unwrap().values() {
            let event = &event["Properties"];
            assert!(event["RetryPolicy"]["MaximumRetryAttempts"].is_u64(), "{id}");
            let queue = event["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].as_str().unwrap();
            assert_eq!(template()["Resources"][queue]["Type"], "AWS::SQS::Queue", "{id}");
        }
    }
    let watched: Vec<&Value> = resources_of("AWS::CloudWatch::Alarm")
        .into_iter()
        .filter(|(_, alarm)| alarm["Namespace"] == "AWS/SQS")
        .map(|(_, alarm)| &alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0])
        .collect();
    for (id, queue) in resources_of("AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{id}");
        assert_eq!(queue["MessageRetentionPeriod"], 1_209_600, "{id}");
        assert!(watched.contains(&&json!(id)), "nobody is told when something lies in {id}");
    }
}

#[test]
fn logs_are_structured_and_forgotten_in_time() {
    for (id, function) in functions() {
        let logging = &function["LoggingConfig"];
        assert_eq!(logging["LogFormat"], "JSON", "{id}");
        let group = logging["LogGroup"]["Ref"].as_str().unwrap();
        assert_eq!(properties(group)["RetentionInDays"], json!({"Ref": "LogRetentionDays"}), "{id}");
        let package = function["CodeUri"].as_str().unwrap().strip_prefix("crates/").unwrap();
        let name = json!({"Fn::Sub": format!("/assay/${{AWS::StackName}}/{package}")});
        assert_eq!(properties(group)["LogGroupName"], name, "{id}");
    }
}

#[test]
fn functions_are_built_from_their_packages_for_the_chosen_processor() {
    for (id, function) in functions() {
        assert_eq!(template()["Resources"][id]["Metadata"]["BuildMethod"], "rust-cargolambda", "{id}");
        assert_eq!(function["Handler"], "bootstrap", "{id}");
        assert_eq!(function["Runtime"], "provided.al2023", "{id}");
        assert_eq!(function["Architectures"], json!([{"Ref": "Architecture"}]), "{id}");
        assert_eq!(function["Timeout"], 900, "{id}");
        let manifest = places::workspace().join(function["CodeUri"].as_str().unwrap()).join("Cargo.toml");
        assert!(manifest.is_file(), "{id}: `{}` is no package", manifest.display());
    }
}

#[test]
fn functions_know_the_stack_and_no_test() {
    let shared = [
        "ASSAY_APPLICATION",
        "ASSAY_BUCKET",
        "ASSAY_JOB_ROLE_ARN",
        "ASSAY_METRIC_NAMESPACE",
        "ASSAY_NOTICE_TOPIC_ARN",
        "ASSAY_STACK",
    ];
    let own: [(&str, &[&str]); 3] = [
        ("DatasetEvaluator", &["ASSAY_MAX_CONCURRENCY", "ASSAY_MODEL_IDS", "ASSAY_PRICE_TABLE"]),
        (
            "ProbeRunner",
            &[
                "ASSAY_INVOCATION_LOG_GROUP",
                "ASSAY_MAX_CONCURRENCY",
                "ASSAY_MODEL_IDS",
                "ASSAY_PRICE_TABLE",
                "ASSAY_THRESHOLD_DEVIATIONS",
                "ASSAY_THRESHOLD_RUNS",
            ],
        ),
        ("ResultParser", &["ASSAY_STUCK_HUMAN_JOB_DAYS", "ASSAY_STUCK_JOB_HOURS"]),
    ];
    assert_eq!(functions().len(), own.len());
    for (function, own) in own {
        let variables = properties(function)["Environment"]["Variables"].as_object().unwrap();
        let names: BTreeSet<&str> = variables.keys().map(String::as_str).collect();
        assert_eq!(names, shared.iter().chain(own).copied().collect(), "{function}");
        assert_eq!(variables["ASSAY_JOB_ROLE_ARN"], json!({"Fn::GetAtt": ["JobRole", "Arn"]}), "{function}");
        assert_eq!(variables["ASSAY_STACK"], json!({"Ref": "AWS::StackName"}), "{function}");
    }
    let parser = &properties("ResultParser")["Environment"]["Variables"];
    assert_eq!(parser["ASSAY_STUCK_JOB_HOURS"], json!({"Ref": "StuckJobHours"}));
    assert_eq!(parser["ASSAY_STUCK_HUMAN_JOB_DAYS"], json!({"Ref": "StuckHumanJobDays"}));
    let runner = &properties("ProbeRunner")["Environment"]["Variables"];
    for (variable, parameter) in [
        ("ASSAY_INVOCATION_LOG_GROUP", "InvocationLogGroup"),
        ("ASSAY_THRESHOLD_DEVIATIONS", "ThresholdDeviations"),
        ("ASSAY_THRESHOLD_RUNS", "ThresholdRuns"),
    ] {
        assert_eq!(runner[variable], json!({"Ref": parameter}));
    }
    let text = template().to_string();
    for plumbing in ["AWS_ENDPOINT_URL", "127.0.0.1", "localhost", "ministack"] {
        assert!(!text.contains(plumbing), "the template knows of tests: `{plumbing}`");
    }
}

#[test]
fn parameters_are_described_and_no_model_is_assumed() {
    let parameters = template()["Parameters"].as_object().unwrap();
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    let expected = [
        "AlarmMinimumInvocations",
        "AlarmPeriodSeconds",
        "AlarmPeriods",
        "Application",
        "Architecture",
        "ClientErrorsAlarmPercent",
        "DigestSchedule",
        "EndOfLifeAlarmDays",
        "EvidenceModelIds",
        "FlowDefinitionArns",
        "GuardrailArns",
        "InvocationLogGroup",
        "JobKeyArn",
        "KnowledgeBaseIds",
        "LatencyAlarmMilliseconds",
        "LogRetentionDays",
        "MaxConcurrency",
        "MetricNamespace",
        "ModelArns",
        "ModelIds",
        "NoticeEmail",
        "PriceTable",
        "ProbeOverdueHours",
        "ProbeSchedule",
        "ScheduleTimezone",
        "ServerErrorsAlarmPercent",
        "StuckHumanJobDays",
        "StuckJobHours",
        "ThresholdDeviations",
        "ThresholdRuns",
        "ThrottlesAlarmPercent",
    ];
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    for (name, parameter) in parameters {
        assert!(parameter["Description"].is_string(), "{name}");
        assert!(
            ["AllowedPattern", "AllowedValues", "MinValue"].iter().any(|limit| parameter.get(limit).is_some()),
            "{name} takes anything"
        );
        assert_eq!(parameter.get("Default").is_none(), name == "ModelIds", "{name}");
    }
    assert_eq!(parameters["Architecture"]["Default"], "arm64");
    // The role makes ARNs of what is in ModelIds; an ARN there would become one that names nothing.
    let ids = &parameters["ModelIds"];
    assert!(ids["AllowedPattern"].as_str().unwrap().starts_with("^(?!arn:)"), "{ids}");
    assert!(ids["ConstraintDescription"].as_str().unwrap().contains("ModelArns"), "{ids}");
}

#[test]
fn parameters_are_documented_with_their_defaults_and_grouped() {
    let section = documented("Parameters");
    let rows: BTreeMap<&str, &str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(name, rest)| (name, rest.split(" | ").next().unwrap().trim_matches('`')))
        .collect();
    let coded: BTreeMap<&str, String> = template()["Parameters"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, parameter)| {
            let default = match &parameter["Default"] {
                Value::Null => "none: you name them".to_owned(),
                Value::String(text) if text.is_empty() => "empty".to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.as_str(), default)
        })
        .collect();
    assert_eq!(rows, coded.iter().map(|(name, default)| (*name, default.as_str())).collect());

    let groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"].as_array().unwrap();
    let mut grouped: Vec<&str> = groups
        .iter()
        .flat_map(|group| group["Parameters"].as_array().unwrap())
        .map(|name| name.as_str().unwrap())
        .collect();
    grouped.sort_unstable();
    assert_eq!(grouped, coded.keys().copied().collect::<Vec<_>>(), "each in one group");
}

#[test]
fn outputs_name_what_users_need() {
    let outputs = template()["Outputs"].as_object().unwrap();
    assert_eq!(outputs["BucketName"]["Value"], json!({"Ref": "Bucket"}));
    assert_eq!(outputs["NoticeTopicArn"]["Value"], json!({"Ref": "NoticeTopic"}));
    assert_eq!(outputs["JobRoleArn"]["Value"], json!({"Fn::GetAtt": ["JobRole", "Arn"]}));
    for (id, function) in functions() {
        assert_eq!(outputs[&format!("{id}Name")]["Value"], json!({"Ref": id}));
        assert_eq!(outputs[&format!("{id}LogGroupName")]["Value"], function["LoggingConfig"]["LogGroup"]);
    }
    for name in ["UndeliveredEventsUrl", "FailedEventsUrl"] {
        assert!(outputs[name]["Value"].is_object(), "{name}");
    }
    let section = documented("Parameters");
    for name in outputs.keys() {
        assert!(section.contains(&format!("`{name}`")), "docs/deploy.md does not name the output `{name}`");
    }
}
