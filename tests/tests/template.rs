//! The template: it passes SAM's own validation and its linter, and keeps what the rest of Assay relies on.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::OnceLock;

use local_stack::{environment::Environment, places};
use serde_json::{Value, json};

/// Prints the template as JSON, short forms such as `!Ref` written out.
const TO_JSON: &str = "import json, sys; from samcli.yamlhelper import yaml_parse; \
    print(json.dumps(yaml_parse(open(sys.argv[1]).read())))";

fn environment() -> &'static Environment {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| Environment::prepare_in(&places::target().join("python")).unwrap())
}

fn template() -> &'static Value {
    static TEMPLATE: OnceLock<Value> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let environment = environment();
        let mut command = environment.command(&environment.python());
        let output = command.args(["-c", TO_JSON]).arg(path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

fn path() -> PathBuf {
    places::workspace().join("template.yaml")
}

fn properties(logical_id: &str) -> &'static Value {
    &template()["Resources"][logical_id]["Properties"]
}

/// The resources of a type, by logical id.
fn resources_of(kind: &str) -> Vec<(&'static str, &'static Value)> {
    let resources = template()["Resources"].as_object().unwrap();
    resources.iter().filter(|(_, it)| it["Type"] == kind).map(|(id, it)| (id.as_str(), &it["Properties"])).collect()
}

/// A value that may stand alone or in a list, as IAM allows.
fn one_or_many(value: &'static Value) -> Vec<&'static Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

/// Every statement of every role's policies.
fn statements() -> Vec<&'static Value> {
    let policies = resources_of("AWS::IAM::Role").into_iter().flat_map(|(_, role)| one_or_many(&role["Policies"]));
    let statements = policies.flat_map(|policy| one_or_many(&policy["PolicyDocument"]["Statement"]));
    // A statement under a condition counts as if it were there.
    statements.map(|statement| statement.get("Fn::If").map_or(statement, |choice| &choice[1])).collect()
}

fn statements_on(action: &str) -> Vec<&'static Value> {
    let allows = |statement: &&Value| statement["Action"].to_string().contains(&format!("\"{action}\""));
    statements().into_iter().filter(allows).collect()
}

/// The wildcards of every rule that starts a function.
fn trigger_wildcards() -> Vec<String> {
    let events = resources_of("AWS::Serverless::Function").into_iter().flat_map(|(_, function)| {
        function["Events"].as_object().unwrap().values().filter(|event| event["Type"] == "EventBridgeRule")
    });
    events
        .flat_map(|event| one_or_many(&event["Properties"]["Pattern"]["detail"]["object"]["key"]))
        .map(|key| key["wildcard"].as_str().unwrap().to_owned())
        .collect()
}

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
fn nothing_is_written_where_a_trigger_listens() {
    let triggers = trigger_wildcards();
    assert!(!triggers.is_empty());
    for statement in statements_on("s3:PutObject") {
        for resource in one_or_many(&statement["Resource"]) {
            let written = resource["Fn::Sub"].as_str().unwrap().strip_prefix("${Bucket.Arn}/").unwrap();
            for trigger in &triggers {
                let (written, listened) = (first_folder(written), first_folder(trigger));
                assert_ne!(written, listened, "a function may write where a trigger listens");
            }
        }
    }
}

fn first_folder(pattern: &str) -> &str {
    let (folder, _) = pattern.split_once('/').unwrap();
    assert!(!folder.contains('*'), "`{pattern}` reaches into every folder");
    folder
}

#[test]
fn roles_are_least_privilege() {
    for statement in statements() {
        let actions = one_or_many(&statement["Action"]);
        for action in &actions {
            let action = action.as_str().unwrap();
            assert!(!action.contains('*'), "{statement}");
            assert!(!action.contains("Delete"), "nothing is ever deleted: {statement}");
        }
        // The service knows no resource for it, and it reaches nothing but the text that it is given.
        let measures = actions == [&json!("bedrock:InvokeGuardrailChecks")];
        let open = statement["Resource"] == "*" && !measures;
        assert!(!open || statement["Condition"].is_object(), "every resource without a condition: {statement}");
    }
    for statement in statements_on("cloudwatch:PutMetricData") {
        let condition = json!({"StringEquals": {"cloudwatch:namespace": {"Ref": "MetricNamespace"}}});
        assert_eq!(statement["Condition"], condition);
    }
    for statement in statements_on("s3:ListBucket") {
        let prefixes = one_or_many(&statement["Condition"]["StringLikeIfExists"]["s3:prefix"]);
        assert!(!prefixes.is_empty() && prefixes.iter().all(|prefix| prefix.as_str().unwrap().ends_with("/*")));
    }
    let invoking = statements_on("bedrock:InvokeModel");
    assert!(!invoking.is_empty());
    for statement in invoking {
        let parameters = statement.to_string();
        let limited = ["ModelIds", "ModelArns", "EvidenceModelIds"]
            .iter()
            .any(|name| parameters.contains(&json!({"Ref": name}).to_string()));
        assert!(limited, "a model that was not configured may be invoked: {statement}");
    }
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
    for prefix in ["cache/", "job-input/"] {
        assert!(rules.iter().any(|rule| rule["Prefix"] == prefix && rule["ExpirationInDays"].is_u64()), "{prefix}");
    }
    let expiring: Vec<&Value> = rules.iter().filter(|rule| rule.get("ExpirationInDays").is_some()).collect();
    assert_eq!(expiring.len(), 2, "nothing but the cache and copies for jobs may be forgotten");
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
    for (id, function) in resources_of("AWS::Serverless::Function") {
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
        .filter(|(_, alarm)| alarm["AlarmActions"] == json!([{"Ref": "NoticeTopic"}]))
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
    for (id, function) in resources_of("AWS::Serverless::Function") {
        let logging = &function["LoggingConfig"];
        assert_eq!(logging["LogFormat"], "JSON", "{id}");
        let group = logging["LogGroup"]["Ref"].as_str().unwrap();
        assert_eq!(properties(group)["RetentionInDays"], json!({"Ref": "LogRetentionDays"}), "{id}");
    }
}

#[test]
fn functions_are_built_from_their_packages_for_the_chosen_processor() {
    for (id, function) in resources_of("AWS::Serverless::Function") {
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
    let variables = properties("DatasetEvaluator")["Environment"]["Variables"].as_object().unwrap();
    let names: Vec<&str> = variables.keys().map(String::as_str).collect();
    let expected = [
        "ASSAY_APPLICATION",
        "ASSAY_BUCKET",
        "ASSAY_MAX_CONCURRENCY",
        "ASSAY_METRIC_NAMESPACE",
        "ASSAY_MODEL_IDS",
        "ASSAY_NOTICE_TOPIC_ARN",
        "ASSAY_PRICE_TABLE",
    ];
    assert_eq!(names, expected);
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
        "Application",
        "Architecture",
        "EvidenceModelIds",
        "GuardrailArns",
        "LogRetentionDays",
        "MaxConcurrency",
        "MetricNamespace",
        "ModelArns",
        "ModelIds",
        "NoticeEmail",
        "PriceTable",
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
fn outputs_name_what_users_need() {
    let outputs = &template()["Outputs"];
    assert_eq!(outputs["BucketName"]["Value"], json!({"Ref": "Bucket"}));
    assert_eq!(outputs["NoticeTopicArn"]["Value"], json!({"Ref": "NoticeTopic"}));
    for name in ["DatasetEvaluatorName", "UndeliveredEventsUrl", "FailedEventsUrl"] {
        assert!(outputs[name]["Value"].is_object(), "{name}");
    }
}
