//! The same operations through boto3: what AWS's own client makes of the answers.

use local_stack::stand_in::JobBehaviour;
use serde_json::{Value, json};

use super::requests::*;
use super::{World, tools};

const SCRIPT: &str = r#"
import json, sys, time
import boto3
from botocore.config import Config
url, bodies = sys.argv[1], json.loads(sys.argv[2])
client = boto3.client("bedrock", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test",
                      aws_secret_access_key="test", config=Config(retries={"max_attempts": 1}))
arns = [client.create_evaluation_job(**body)["jobArn"] for body in bodies]
job = client.get_evaluation_job(jobIdentifier=arns[0])
pages = list(client.get_paginator("list_evaluation_jobs").paginate(creationTimeBefore=job["creationTime"]))
pages += list(client.get_paginator("list_evaluation_jobs").paginate(nameContains="boto", maxResults=100))
try:
    client.create_evaluation_job(**{**bodies[0], "clientRequestToken": "another"})
except client.exceptions.ConflictException as error:
    conflict = error.response["Error"]["Message"]
client.stop_evaluation_job(jobIdentifier=arns[0])
while client.get_evaluation_job(jobIdentifier=arns[0])["status"] != "Stopped":
    pass
deleted = client.batch_delete_evaluation_job(jobIdentifiers=arns[:2])
print(json.dumps({
    "age": time.time() - job["creationTime"].timestamp(),
    "task": job["evaluationConfig"]["automated"]["datasetMetricConfigs"][0]["taskType"],
    "pages": [len(page["jobSummaries"]) for page in pages],
    "conflict": conflict,
    "deleted": [len(deleted["evaluationJobs"]), len(deleted["errors"])],
}))
"#;

#[tokio::test]
async fn boto3_understands_every_operation() {
    let hold = vec!["boto".to_owned()];
    let world = World::start("boto", JobBehaviour { hold, ..JobBehaviour::default() }).await;
    let bodies: Vec<Value> = (0..7).map(|number| judge(&format!("boto-{number}"), &world.bucket)).collect();
    let environment = tools().environment.clone();
    let url = world.served.url();
    let run = move || {
        let mut command = environment.command(&environment.python());
        command.args(["-c", SCRIPT, &url, &json!(bodies).to_string()]).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!((0.0..600.0).contains(&found["age"].as_f64().unwrap()), "{found}");
    assert_eq!(found["task"], "General");
    assert_eq!(found["pages"], json!([0, 5, 2]));
    assert!(found["conflict"].as_str().unwrap().contains("boto-0"), "{found}");
    assert_eq!(found["deleted"], json!([1, 1]));
    assert!(world.served.violations().is_empty());
}
