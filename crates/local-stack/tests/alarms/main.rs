//! What is completed of the emulator's alarms: metric math is kept, and an alarm looks at its own dimensions alone.

#![allow(clippy::unwrap_used)]

use local_stack::emulator::{Emulator, REGION};
use local_stack::environment::Environment;
use serde_json::{Value, json};

/// Runs a script with boto3 against the emulator and gives back the JSON that it printed.
fn run(environment: &Environment, emulator: &Emulator, script: &str) -> Value {
    let output = environment
        .command(&environment.python())
        .args(["-c", script])
        .env("AWS_ENDPOINT_URL", emulator.url())
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn metric_math_is_given_back_as_it_was_put() {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(&environment, folder.path(), None).await.unwrap();
    let told = run(&environment, &emulator, include_str!("math.py"));
    for way in ["api", "template"] {
        let alarm = &told[way];
        assert_eq!(alarm["Metrics"], told["metrics"], "{way}");
        let kept =
            ["Threshold", "ComparisonOperator", "EvaluationPeriods", "TreatMissingData"].map(|name| &alarm[name]);
        assert_eq!(kept, [&json!(5.0), &json!("GreaterThanThreshold"), &json!(3), &json!("notBreaching")], "{way}");
        for name in ["MetricName", "Namespace", "Statistic", "Period"] {
            assert!(alarm.get(name).is_none(), "{way}: {name} of an alarm of metric math");
        }
    }
}

#[tokio::test]
async fn an_alarm_looks_at_its_own_dimensions_alone() {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(&environment, folder.path(), None).await.unwrap();
    let told = run(&environment, &emulator, include_str!("dimensions.py"));
    assert_eq!(told, json!({"good": "OK", "bad": "ALARM", "unseen": "INSUFFICIENT_DATA"}));
}
