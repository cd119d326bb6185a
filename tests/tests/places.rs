//! The tool with `s3://` places: what works in a folder works the same in a bucket of the emulator.

#![allow(clippy::unwrap_used)]

use local_stack::emulator::Emulator;
use local_stack::environment::Environment;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BUCKET: &str = "places";

struct Bucket {
    emulator: Emulator,
    environment: Environment,
    folder: tempfile::TempDir,
}

impl Bucket {
    async fn start() -> Self {
        let environment = Environment::prepare().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let emulator = Emulator::start(&environment, &folder.path().join("emulator"), None).await.unwrap();
        let bucket = Self { emulator, environment, folder };
        let example = workspace().join("examples/support-faq");
        bucket.python(&format!(
            "s3.create_bucket(Bucket='{BUCKET}')\n\
             for name in ('assay.yaml', 'cases.jsonl'):\n    \
                 s3.upload_file('{}/' + name, '{BUCKET}', 'suites of mine/faq+1/' + name)",
            example.display()
        ));
        bucket
    }

    fn python(&self, script: &str) -> String {
        let script = format!("import boto3\ns3 = boto3.client('s3')\n{script}");
        let mut command = self.environment.command(&self.environment.python());
        let output = self.with_aws(command.args(["-c", &script])).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn with_aws<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ENDPOINT_URL", self.emulator.url())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
    }

    fn assay(&self, arguments: &[&str]) -> Output {
        self.with_aws(Command::new(end_to_end::tool::path()).args(arguments).current_dir(self.folder.path()))
            .output()
            .unwrap()
    }

    fn object(&self, key: &str) -> String {
        self.python(&format!(
            "import sys\nsys.stdout.write(s3.get_object(Bucket='{BUCKET}', Key='{key}')['Body'].read().decode())"
        ))
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_suite_in_a_bucket_gives_what_it_gives_in_a_folder() {
    let bucket = Bucket::start().await;
    let suite = format!("s3://{BUCKET}/suites of mine/faq+1");

    let checked = bucket.assay(&["check", &suite]);
    assert_eq!(checked.status.code(), Some(0), "{}", told(&checked));

    let out = format!("s3://{BUCKET}/laptop/first run");
    let ran = bucket.assay(&["run", &suite, "--out", &out, "--format", "json"]);
    assert_eq!(ran.status.code(), Some(0), "{}", told(&ran));
    let example = workspace().join("examples/support-faq");
    let local = bucket.assay(&["run", example.to_str().unwrap(), "--out", "local", "--format", "json"]);
    let (there, here): (Value, Value) =
        (serde_json::from_slice(&ran.stdout).unwrap(), serde_json::from_slice(&local.stdout).unwrap());
    assert_eq!(there["models"], here["models"]);
    assert_eq!(there["models"].as_array().unwrap().len(), 2);

    let records = bucket.object("laptop/first run/records/part-00000.jsonl");
    assert_eq!(records.lines().count(), 80, "40 samples of two models");
    assert!(bucket.object("laptop/first run/summary.md").starts_with("# support-faq"));

    let again = bucket.assay(&["run", &suite, "--out", &out]);
    assert_eq!(again.status.code(), Some(0));
    assert!(told(&again).contains("complete already"), "{}", told(&again));

    let scores = format!("s3://{BUCKET}/laptop/scores.jsonl");
    let cases = format!("{suite}/cases.jsonl");
    let scored = bucket.assay(&["score", &cases, "--scorers", "relevance,f1", "--output", &scores]);
    assert_eq!(scored.status.code(), Some(0), "{}", told(&scored));
    let local = bucket.assay(&["score", example.join("cases.jsonl").to_str().unwrap(), "--scorers", "relevance,f1"]);
    assert_eq!(bucket.object("laptop/scores.jsonl"), String::from_utf8(local.stdout).unwrap());
}

#[tokio::test]
async fn what_is_not_in_the_bucket_is_told_with_its_name() {
    let bucket = Bucket::start().await;
    for name in [format!("s3://{BUCKET}/nothing"), format!("s3://{BUCKET}/nothing/cases.jsonl"), "s3://".to_owned()] {
        let output = bucket.assay(&["check", &name]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", told(&output));
        assert!(told(&output).contains(&name), "{}", told(&output));
    }
}
