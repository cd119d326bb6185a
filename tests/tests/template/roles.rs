//! What each role may do, and on what.

use crate::reading::{
    documented, function_roles, one_or_many, properties, resources_of, statements, statements_on, trigger_wildcards,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Actions that know no resources, or none that exists when they are asked for; the template says of each why it is harmless.
const WITHOUT_RESOURCES: [&str; 4] = [
    "bedrock:CreateEvaluationJob",
    "bedrock:InvokeGuardrailChecks",
    "bedrock:ListEvaluationJobs",
    "bedrock:RetrieveAndGenerate",
];

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
            // A loop is a question to people that is taken back, not data.
            let deletes = action.contains("Delete") && *action != "sagemaker:DeleteHumanLoop";
            assert!(!deletes, "nothing is ever deleted: {statement:?}");
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
        let found = statements_on(action);
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
        json!({"Fn::GetAtt": ["DatasetEvaluatorLogGroup", "Arn"]}),
        json!({"Fn::GetAtt": ["ResultParserLogGroup", "Arn"]}),
    ];
    assert_eq!(groups, expected.iter().collect::<Vec<_>>());
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
