//! The stand-in for CloudWatch Logs through boto3: what AWS's own client makes of the answers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use local_stack::environment::Environment;
use local_stack::insights::{LogGroup, LogsError, LogsScript, LogsStandIn, ScriptedQuery, row};
use local_stack::stand_in::ServiceModel;
use serde_json::{Value, json};

const SCRIPT: &str = r#"
import json, sys
import boto3
from botocore.config import Config
client = boto3.client("logs", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="test",
                      aws_secret_access_key="test", config=Config(retries={"max_attempts": 1}))
def attempt(call, **arguments):
    try:
        return call(**arguments)
    except Exception as error:
        return {"error": type(error).__name__}
def query(text, group="calls"):
    return attempt(client.start_query, logGroupName=group, startTime=1, endTime=2, queryString=text)
def look(id, **more):
    found = attempt(client.get_query_results, queryId=id, **more)
    found.pop("ResponseMetadata", None)
    return found
id = query("stats of tokens")["queryId"]
looks = [look(id) for _ in range(3)]
looks.append(look(id, nextToken=looks[-1]["nextToken"]))
stopped = query("anything")["queryId"]
client.stop_query(queryId=stopped)
client.create_log_group(logGroupName="new")
client.put_retention_policy(logGroupName="new", retentionInDays=30)
groups = [group for page in client.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
print(json.dumps({
    "looks": looks,
    "stopped": look(stopped)["status"],
    "refused": [query("bad"), query("x", "none"), attempt(client.put_retention_policy, logGroupName="new", retentionInDays=31),
                attempt(client.create_log_group, logGroupName="new")],
    "groups": [[group["logGroupName"], group.get("retentionInDays")] for group in groups],
}))
"#;

#[tokio::test]
async fn boto3_understands_every_answer() {
    let environment = Environment::prepare().await.unwrap();
    let model = Arc::new(ServiceModel::load(&environment.logs_model().unwrap()).unwrap());
    let rows = |value: &str| vec![row(&[("modelId", value)])];
    let tokens = ScriptedQuery {
        pages: vec![rows("a"), rows("b")],
        matched: Some(7.0),
        ..ScriptedQuery::of(&["tokens"], vec![])
    };
    let script = LogsScript {
        groups: vec![LogGroup { name: "calls".to_owned(), retention_days: Some(7) }],
        groups_per_page: 1,
        ..LogsScript::default()
    };
    let script = script.with(tokens.going(&["Scheduled", "Running", "Complete"]));
    let logs = LogsStandIn::start(script, Some(model)).unwrap();
    let url = logs.url();
    let run = move || environment.command(&environment.python()).args(["-c", SCRIPT, &url]).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let looks = found["looks"].as_array().unwrap();
    let statuses: Vec<&Value> = looks.iter().map(|look| &look["status"]).collect();
    assert_eq!(statuses, ["Scheduled", "Running", "Complete", "Complete"]);
    assert_eq!(looks[0]["results"], json!([]));
    assert_eq!(looks[2]["results"], json!([[{"field": "modelId", "value": "a"}]]));
    assert_eq!(looks[3]["results"], json!([[{"field": "modelId", "value": "b"}]]));
    assert_eq!((&looks[2]["statistics"]["recordsMatched"], &looks[3]["nextToken"]), (&json!(7.0), &Value::Null));
    assert_eq!(found["stopped"], "Cancelled");
    let errors: Vec<&Value> = found["refused"].as_array().unwrap().iter().map(|refused| &refused["error"]).collect();
    // "bad" is a query like any other, as nothing is scripted for it.
    assert_eq!(errors[0], &Value::Null);
    assert_eq!(
        errors[1..],
        ["ResourceNotFoundException", "InvalidParameterException", "ResourceAlreadyExistsException"]
    );
    assert_eq!(found["groups"], json!([["calls", 7], ["new", 30]]));
    assert!(logs.violations().is_empty(), "{:?}", logs.violations());
    assert_eq!(logs.bodies("StartQuery")[0]["queryString"], "stats of tokens");
}

#[tokio::test]
async fn scripted_errors_come_in_their_order_and_bad_requests_are_refused() {
    let environment = Environment::prepare().await.unwrap();
    let model = Arc::new(ServiceModel::load(&environment.logs_model().unwrap()).unwrap());
    let limit = LogsError::new("LimitExceededException", "too many");
    let script = LogsScript::of_group("calls").failing("StartQuery", limit);
    let logs = LogsStandIn::start(script, Some(model)).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |body: Value| {
        let request = http.post(logs.url()).header("x-amz-target", "Logs_20140328.StartQuery").body(body.to_string());
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let asked = json!({"logGroupName": "calls", "startTime": 1, "endTime": 2, "queryString": "x"});
    assert_eq!(ask(asked.clone()).await, json!({"__type": "LimitExceededException", "message": "too many"}));
    assert!(ask(asked).await["queryId"].is_string());
    assert_eq!(ask(json!({"logGroupName": "calls"})).await["__type"], "InvalidParameterException");
    assert_eq!(logs.violations().len(), 3, "startTime, endTime and queryString are missing");
}
