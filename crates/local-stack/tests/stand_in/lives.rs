//! The life of models and the setting for invocation logging, through boto3: what AWS's own client makes of the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use local_stack::environment::Environment;
use local_stack::stand_in::{Behaviour, LifeStatus, ModelLife, ServiceModel, StandInOptions};
use serde_json::{Value, json};

use super::{MODEL, start};

const SCRIPT: &str = r#"
import json, sys
import boto3
from botocore.config import Config
client = boto3.client("bedrock", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="test",
                      aws_secret_access_key="test", config=Config(retries={"max_attempts": 1}))
def life(id):
    try:
        found = client.get_foundation_model(modelIdentifier=id)["modelDetails"]
        return {**{k: str(v) for k, v in found.get("modelLifecycle", {}).items()}, "id": found["modelId"]}
    except Exception as error:
        return type(error).__name__
def models(id):
    try:
        found = client.get_inference_profile(inferenceProfileIdentifier=id)
        return [found["type"], *(model["modelArn"] for model in found["models"])]
    except Exception as error:
        return type(error).__name__
lives, profiles, setting = json.loads(sys.argv[2])
before = client.get_model_invocation_logging_configuration().get("loggingConfig")
client.put_model_invocation_logging_configuration(loggingConfig=setting)
print(json.dumps({
    "lives": [life(id) for id in lives],
    "profiles": [models(id) for id in profiles],
    "before": before,
    "after": client.get_model_invocation_logging_configuration()["loggingConfig"],
}))
"#;

#[tokio::test]
async fn boto3_understands_lives_profiles_and_the_setting_for_logging() {
    let environment = Environment::prepare().await.unwrap();
    let control_model = Arc::new(ServiceModel::load(&environment.bedrock_model().unwrap()).unwrap());
    let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234";
    let behaviour = Behaviour {
        lives: BTreeMap::from([
            (MODEL.to_owned(), ModelLife::legacy_until("2027-01-08T00:00:00Z".parse().unwrap())),
            ("amazon.gone-v1:0".to_owned(), ModelLife::missing()),
            ("amazon.shut-v1:0".to_owned(), ModelLife::denied()),
            ("amazon.plain-v1:0".to_owned(), ModelLife { status: LifeStatus::Absent, ..ModelLife::default() }),
        ]),
        profiles: BTreeMap::from([(application.to_owned(), vec![MODEL.to_owned(), "amazon.gone-v1:0".to_owned()])]),
        ..Behaviour::default()
    };
    let options = StandInOptions { behaviour, control_model: Some(control_model), ..StandInOptions::default() };
    let served = start(options);
    let arn = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/{MODEL}");
    let lives = [
        &*arn("us-east-1"),
        "amazon.nova-pro-v1:0",
        "amazon.gone-v1:0",
        "amazon.shut-v1:0",
        "amazon.plain-v1:0",
        "us.amazon.nova-lite-v1:0",
    ];
    let profiles = ["us.amazon.nova-lite-v1:0", application, "unknown"];
    let setting = json!({
        "cloudWatchConfig": {"logGroupName": "calls", "roleArn": "arn:aws:iam::111122223333:role/logs"},
        "textDataDeliveryEnabled": true,
    });
    let (url, asked) = (served.url(), json!([lives, profiles, setting]).to_string());
    let run = move || environment.command(&environment.python()).args(["-c", SCRIPT, &url, &asked]).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let legacy = json!({"status": "LEGACY", "endOfLifeTime": "2027-01-08 00:00:00+00:00", "id": MODEL});
    let active = json!({"status": "ACTIVE", "id": "amazon.nova-pro-v1:0"});
    let plain = json!({"id": "amazon.plain-v1:0"});
    let expected =
        json!([legacy, active, "ResourceNotFoundException", "AccessDeniedException", plain, "ValidationException"]);
    assert_eq!(found["lives"], expected);
    let system = json!(["SYSTEM_DEFINED", arn("us-east-1"), arn("us-east-2"), arn("us-west-2")]);
    let gone = "arn:aws:bedrock:us-east-1::foundation-model/amazon.gone-v1:0";
    let own = json!(["APPLICATION", arn("us-east-1"), gone]);
    assert_eq!(found["profiles"], json!([system, own, "ResourceNotFoundException"]));
    assert_eq!((&found["before"], &found["after"]), (&Value::Null, &setting));
    assert_eq!(served.invocation_logging(), Some(setting));
    assert!(served.violations().is_empty(), "{:?}", served.violations());
}

#[tokio::test]
async fn what_breaks_the_services_model_is_refused() {
    let environment = Environment::prepare().await.unwrap();
    let control_model = Arc::new(ServiceModel::load(&environment.bedrock_model().unwrap()).unwrap());
    let served = start(StandInOptions { control_model: Some(control_model), ..StandInOptions::default() });
    let url = |path: &str| format!("{}{path}", served.url());
    let status = served.http.get(url("/foundation-models/no%20model")).send().await.unwrap().status();
    assert_eq!(status, 400);
    let put =
        served.http.put(url("/logging/modelinvocations")).json(&json!({"loggingConfig": {"cloudWatchConfig": {}}}));
    assert_eq!(put.send().await.unwrap().status(), 400);
    let places: Vec<String> =
        served.violations().into_iter().flat_map(|request| request.violations).map(|v| v.path).collect();
    let wanted =
        ["modelIdentifier", "loggingConfig.cloudWatchConfig.logGroupName", "loggingConfig.cloudWatchConfig.roleArn"];
    assert_eq!(places, wanted);
}
