//! What the function reads of each event that it gets, by the files in `events/`.

#![allow(clippy::unwrap_used)]

use assay_core::spec::Settings;
use assay_job::output::OutputKey;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use result_parser::{Parser, handle};
use serde_json::{Value, json};
use std::path::Path;

const KEY: &str = "job-output/support-faq/support-faq-20261123t060000z-1a2b3c4d-00/k3v9x0q7m2ab/models/\
    amazon.nova-lite-v1:0/taskTypes/QuestionAndAnswer/datasets/cases/7c1f0a52-6e0b-4d8e-9a53-0f6f3b1c2d4e_output.jsonl";

fn event(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The function of a stack with another bucket: it reads events and then refuses their objects, and asks nobody.
fn parser() -> Parser {
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("us-east-1"));
    let variable = |name: &str| (name == "ASSAY_BUCKET").then(|| "another-bucket".to_owned());
    Parser::new(&Settings::read(variable).unwrap(), &config.build()).unwrap()
}

#[tokio::test]
async fn both_shapes_tell_the_key_of_a_jobs_output() {
    for file in ["eventbridge-job-output.json", "s3-notification-job-output.json"] {
        let answer = handle(event(file), &parser(), None, "r").await.unwrap();
        assert_eq!(answer, json!({"objects": [{"key": KEY, "result": "refused"}]}), "{file}");
    }
    let key = OutputKey::parse(KEY).unwrap();
    assert_eq!((key.job_id.as_str(), key.model.as_deref()), ("k3v9x0q7m2ab", Some("amazon.nova-lite-v1:0")));
    assert_eq!(key.job_name, "support-faq-20261123t060000z-1a2b3c4d-00");
}

#[tokio::test]
async fn other_events_name_no_object_or_are_unknown() {
    let nothing = handle(event("s3-test-event.json"), &parser(), None, "r").await.unwrap();
    assert_eq!(nothing, json!({"objects": []}));
    for other in [json!({"assay": "other"}), json!({"source": "aws.events", "detail-type": "Other"}), json!("sweep")] {
        let error = handle(other, &parser(), None, "r").await.unwrap_err();
        assert_eq!(error.class(), "UnknownEvent");
    }
}
