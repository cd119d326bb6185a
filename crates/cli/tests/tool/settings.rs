//! What is missing in the settings is told by name, before anything is asked.

use super::tool::{MODEL, Tool, stand_in, write_suite};
use local_stack::stand_in::Behaviour;
use std::process::Command;

#[test]
fn a_missing_region_is_named() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::alone()
        .with("AWS_ACCESS_KEY_ID", "test")
        .with("AWS_SECRET_ACCESS_KEY", "test")
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", &stand_in.url());
    write_suite(&tool, 3, &[MODEL]);
    tool.run(&["run", "suite", "--out", "out"]).exits(2).says("no AWS Region is set; set AWS_REGION");
    assert_eq!(stand_in.totals().calls, 0);
    assert!(tool.records("out").is_empty());
}

#[test]
fn missing_credentials_are_named_and_the_run_goes_on_once_they_are_there() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::alone()
        .with("AWS_REGION", "us-east-1")
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", &stand_in.url());
    write_suite(&tool, 3, &[MODEL]);
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(2).says("no AWS credentials").says("AWS_PROFILE");
    assert!(!ended.err.contains("panicked"));
    assert_eq!(stand_in.totals().calls, 0);
    let tool = tool.with("AWS_ACCESS_KEY_ID", "test").with("AWS_SECRET_ACCESS_KEY", "test");
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert_eq!(stand_in.totals().calls, 3);
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_seen_enough_is_no_error() {
    let tool = Tool::alone();
    let line = r#"{"prompt": "p", "modelResponses": [{"response": "r", "modelIdentifier": "m"}], "unknown": 1}"#;
    // More than a pipe holds.
    tool.write("cases.jsonl", format!("{line}\n").repeat(5000));
    for command in ["check cases.jsonl", "check cases.jsonl --format json"] {
        let script = format!("set -o pipefail; '{}' {command} | head -c 10", env!("CARGO_BIN_EXE_assay"));
        let output = Command::new("bash").args(["-c", &script]).current_dir(tool.path("")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("error:"));
        assert_eq!(output.stdout.len(), 10);
    }
}

#[test]
fn what_is_typed_wrongly_is_told() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", "{\"prompt\": \"p\"}\n");
    for arguments in [
        vec!["run"],
        vec!["run", "cases.jsonl", "--concurrency", "0"],
        vec!["run", "cases.jsonl", "--limit", "0"],
        vec!["run", "cases.jsonl", "--recorded", "--model", "m"],
        vec!["run", "cases.jsonl", "--model", "m", "--model", "m"],
        vec!["run", "cases.jsonl", "--out", "cases.jsonl"],
        vec!["score", "cases.jsonl"],
        vec!["evaluate"],
    ] {
        let ended = tool.run(&arguments).exits(2);
        assert!(ended.err.contains("error") && ended.out.is_empty(), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn the_log_shows_no_prompt_however_it_is_set() {
    let stand_in = stand_in(Behaviour::default());
    for level in ["trace", "debug", "aws_smithy_runtime=trace", "trace,hyper=trace"] {
        let tool = Tool::beside(&stand_in).with("ASSAY_LOG", level);
        write_suite(&tool, 2, &[MODEL]);
        let ended = tool.run(&["run", "suite"]).exits(0);
        for hidden in ["What is known about the parcel", "aws_", "hyper"] {
            assert!(!ended.err.contains(hidden), "{level}: {}", ended.err);
        }
    }
}

#[test]
fn missing_credentials_for_a_bucket_are_named() {
    let tool = Tool::alone()
        .with("AWS_REGION", "us-east-1")
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9");
    let ended = tool.run(&["check", "s3://bkt/cases.jsonl"]).exits(2).says("no AWS credentials; set AWS_PROFILE");
    assert!(!ended.err.contains("s3:GetObject"), "{}", ended.err);
}
