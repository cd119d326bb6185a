//! What is completed of the emulator, seen from boto3.

#![allow(clippy::unwrap_used)]

mod alarms;
mod versions;

use local_stack::emulator::{Emulator, REGION};
use local_stack::environment::Environment;
use serde_json::Value;

/// Runs a script with boto3 against an emulator of its own, and gives back the JSON that it printed.
async fn run(script: &str) -> Value {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(&environment, folder.path(), None).await.unwrap();
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
