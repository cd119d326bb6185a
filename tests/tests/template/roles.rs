//! What each role may do, and on what.

use crate::reading::{
    documented, evaluating_roles, function_roles, one_or_many, properties, resources_of, shared_policies, statements,
    statements_on, trigger_wildcards,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Actions that know no resources, or none that exists when they are asked for; the template says of each why it is harmless.
const WITHOUT_RESOURCES: [&str; 8] = [
    "bedrock:CreateEvaluationJob",
    "bedrock:GetModelInvocationLoggingConfiguration",
    "bedrock:InvokeGuardrailChecks",
    "bedrock:ListEvaluationJobs",
    "bedrock:RetrieveAndGenerate",
    "cloudwatch:GetMetricData",
    "logs:GetQueryResults",
    "logs:StopQuery",
];

/// What goes when nobody needs it any more: a question to people that is taken back, an alarm whose suite is gone, and a
/// message that was posted.
const DELETIONS: [&str; 3] = ["cloudwatch:DeleteAlarms", "sagemaker:DeleteHumanLoop", "sqs:DeleteMessage"];

#[test]
fn nothing_is_written_where_a_trigger_listens() {
    let listened: Vec<&str> = trigger_wildcards().into_iter().map(first_folder).collect();
    assert!(!listened.is_empty());
    let distinct: BTreeSet<&str> = listened.iter().copied().collect();
    assert_eq!(distinct.len(), listened.len(), "one object would start two functions");
    let functions = function_roles();
    for statement in statements_on("s3:PutObject") {
        for written in statement.keys().into_iter().map(first_folder) {
            if functions.contains(&statement.role) {
                assert!(!listened.contains(&written), "{} may write where a trigger listens", statement.role);
            } else {
                assert_eq!(written, "job-output", "{} is no function's role", statement.role);
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
        let actions = statement.actions();
        for action in &actions {
            assert!(!action.contains('*'), "{statement:?}");
            assert!(!action.contains("Delete") || DELETIONS.contains(action), "data is never deleted: {statement:?}");
        }
        if one_or_many(&statement.text["Resource"]).contains(&&json!("*")) {
            let known = actions.iter().all(|action| WITHOUT_RESOURCES.contains(action));
            assert!(known || actions == ["cloudwatch:PutMetricData"], "every resource: {statement:?}");
        }
    }
    for statement in statements_on("cloudwatch:PutMetricData") {
        let condition = json!({"StringEquals": {"cloudwatch:namespace": {"Ref": "MetricNamespace"}}});
        assert_eq!(statement.text["Condition"], condition);
    }
    for statement in statements_on("s3:ListBucket") {
        let prefixes = one_or_many(&statement.text["Condition"]["StringLikeIfExists"]["s3:prefix"]);
        assert!(!prefixes.is_empty() && prefixes.iter().all(|prefix| prefix.as_str().unwrap().ends_with("/*")));
    }
}

#[test]
fn only_what_was_configured_may_be_asked() {
    let models = ["ModelIds", "ModelArns", "EvidenceModelIds"].as_slice();
    let limits = [
        ("bedrock:InvokeModel", models, None),
        ("bedrock:InvokeModelWithResponseStream", models, None),
        ("bedrock:ApplyGuardrail", &["GuardrailArns"], Some("HasGuardrailArns")),
        ("bedrock:Retrieve", &["KnowledgeBaseIds"], Some("HasKnowledgeBaseIds")),
        ("sagemaker:StartHumanLoop", &["FlowDefinitionArns"], Some("HasFlowDefinitionArns")),
        ("sagemaker:DescribeFlowDefinition", &["FlowDefinitionArns"], Some("HasFlowDefinitionArns")),
        ("kms:Decrypt", &["JobKeyArn"], Some("HasJobKeyArn")),
        ("kms:DescribeKey", &["JobKeyArn"], Some("HasJobKeyArn")),
        ("kms:GenerateDataKey", &["JobKeyArn"], Some("HasJobKeyArn")),
    ];
    for (action, parameters, only_if) in limits {
        let found: Vec<_> = statements_on(action).into_iter().filter(|it| it.role != "AlarmForwarderRole").collect();
        assert!(!found.is_empty(), "{action}");
        for statement in found {
            assert!(
                parameters.iter().any(|parameter| statement.names(parameter)),
                "{action} on anything: {statement:?}"
            );
            assert!(only_if.is_none() || statement.only_if == only_if, "{action} without need: {statement:?}");
        }
    }
    for (action, only_if) in [
        ("bedrock:RetrieveAndGenerate", "HasKnowledgeBaseIds"),
        ("sagemaker:DeleteHumanLoop", "HasFlowDefinitionArns"),
        ("sagemaker:DescribeHumanLoop", "HasFlowDefinitionArns"),
        ("sagemaker:StopHumanLoop", "HasFlowDefinitionArns"),
    ] {
        let found = statements_on(action);
        assert!(!found.is_empty() && found.iter().all(|it| it.only_if == Some(only_if)), "{action}");
    }
}

#[test]
fn functions_write_to_their_own_log_alone() {
    let groups: Vec<&Value> =
        statements_on("logs:PutLogEvents").into_iter().map(|statement| &statement.text["Resource"]).collect();
    let expected = [
        json!({"Fn::GetAtt": ["AlarmForwarderLogGroup", "Arn"]}),
        json!({"Fn::GetAtt": ["DatasetEvaluatorLogGroup", "Arn"]}),
        json!({"Fn::GetAtt": ["ProbeRunnerLogGroup", "Arn"]}),
        json!({"Fn::GetAtt": ["ResultParserLogGroup", "Arn"]}),
    ];
    assert_eq!(groups, expected.iter().collect::<Vec<_>>());
}

#[test]
fn who_runs_suites_may_do_the_same_by_whatever_door() {
    let evaluator = shared_policies("DatasetEvaluatorRole");
    assert_eq!(evaluator, shared_policies("ProbeRunnerRole"));
    let used: BTreeSet<&str> = function_roles().into_iter().flat_map(shared_policies).collect();
    let made: BTreeSet<&str> = resources_of("AWS::IAM::ManagedPolicy").into_iter().map(|(id, _)| id).collect();
    assert_eq!(used, made);
    for role in evaluating_roles() {
        // Else the same would be written twice, and one of both would be forgotten.
        let shared = shared_policies(role);
        assert!(shared.contains(&"EveryFunctionPolicy"), "{role}");
        let own = &properties(role)["Policies"];
        for action in ["bedrock:InvokeModel", "bedrock:CreateEvaluationJob", "cloudwatch:PutMetricData", "sns:Publish"]
        {
            assert!(!own.to_string().contains(&format!("\"{action}\"")), "{role} has {action} of its own");
        }
    }
}

/// So many names of models, as long as profiles' names are.
fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("apac.anthropic.claude-3-5-sonnet-202410{n:02}-v2:0")).collect()
}

#[test]
fn shared_policies_have_room_for_twenty_models() {
    let ids = names(20);
    for (policy, properties) in resources_of("AWS::IAM::ManagedPolicy") {
        let text = resolved(&properties["PolicyDocument"], &ids).to_string();
        // IAM does not count spaces; there are none between what JSON needs.
        assert!(text.len() <= 6144, "{policy} has {} characters", text.len());
        assert_eq!(text.contains(&ids[19]), policy.starts_with("Ask"), "{policy}: {text}");
    }
}

#[test]
fn the_jobs_role_has_room_for_twenty_models_and_judges_together() {
    let ids = names(10);
    for (role, properties) in resources_of("AWS::IAM::Role") {
        // What roles do not share has a limit of its own, over all policies of a role.
        let own = one_or_many(&properties["Policies"]).into_iter().map(|policy| &policy["PolicyDocument"]);
        let length: usize = own.map(|document| resolved(document, &ids).to_string().len()).sum();
        assert!(length <= 10_240, "{role} has {length} characters");
    }
}

/// A policy as it is deployed with every option used: lists are these, every other name is an ARN of usual length.
fn resolved(value: &Value, ids: &[String]) -> Value {
    const ARN: &str =
        "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:flow-definition/assay-raters-of-answers-of-shops";
    match value {
        Value::Array(values) => values.iter().map(|value| resolved(value, ids)).collect(),
        Value::Object(object) => match object.iter().next() {
            Some((function, argument)) if function == "Ref" => {
                if ["ModelIds", "EvidenceModelIds", "KnowledgeBaseIds"].contains(&argument.as_str().unwrap()) {
                    json!(ids)
                } else {
                    json!(ARN)
                }
            }
            Some((function, _)) if function == "Fn::GetAtt" => json!(ARN),
            Some((function, argument)) if function == "Fn::Sub" => {
                // With names of its own it is a list, the text first.
                let text = argument.as_str().or(argument[0].as_str()).unwrap();
                json!(text.replace("${", ARN).replace('}', ""))
            }
            Some((function, argument)) if function == "Fn::If" => resolved(&argument[1], ids),
            Some((function, argument)) if function == "Fn::Join" => {
                let parts: Vec<String> = one_or_many_of(&resolved(&argument[1], ids));
                json!(parts.join(argument[0].as_str().unwrap()))
            }
            Some((function, argument)) if function == "Fn::Split" => {
                let text = resolved(&argument[1], ids);
                text.as_str().unwrap().split(argument[0].as_str().unwrap()).collect()
            }
            _ => object.iter().map(|(name, value)| (name.clone(), resolved(value, ids))).collect(),
        },
        other => other.clone(),
    }
}

fn one_or_many_of(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_role_acts_for_one_service() {
    for (role, _) in resources_of("AWS::IAM::Role") {
        let trust = one_or_many(&properties(role)["AssumeRolePolicyDocument"]["Statement"]);
        let service = if function_roles().contains(&role) { "lambda.amazonaws.com" } else { "bedrock.amazonaws.com" };
        assert_eq!(trust.len(), 1, "{role}");
        assert_eq!(trust[0]["Principal"], json!({"Service": service}), "{role}");
    }
}

#[test]
fn every_right_is_documented() {
    let section = documented("Permissions");
    for action in statements().iter().flat_map(|statement| statement.actions()) {
        assert!(section.contains(&format!("`{action}`")), "docs/deploy.md does not name `{action}` under Permissions");
    }
}
