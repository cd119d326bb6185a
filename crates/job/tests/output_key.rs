//! Keys of a job's output: every layout, odd models and prefixes, and what is no file of results.

#![allow(clippy::unwrap_used)]

use assay_job::output::OutputKey;
use proptest::prelude::*;

const JOB: &str = "job-output/support/support-judge-01/a1b2c3d4e5f6";
const FILE: &str = "0f1e2d3c-0000-4000-8000-000000000001_output.jsonl";

fn of(key: &str) -> OutputKey {
    OutputKey::parse(key).unwrap_or_else(|| panic!("{key}"))
}

fn model_of(model: &str) -> OutputKey {
    of(&format!("{JOB}/models/{model}/taskTypes/General/datasets/support-set/{FILE}"))
}

#[test]
fn automatic_and_judge_jobs_name_model_and_task() {
    let expected = OutputKey {
        prefix: "job-output/support".to_owned(),
        job_name: "support-judge-01".to_owned(),
        job_id: "a1b2c3d4e5f6".to_owned(),
        model: Some("amazon.nova-micro-v1:0".to_owned()),
        task: Some("General".to_owned()),
        config: None,
        dataset: "support-set".to_owned(),
        file: FILE.to_owned(),
    };
    assert_eq!(model_of("amazon.nova-micro-v1:0"), expected);
    assert_eq!(expected.job_folder(), JOB);
    let without_task = of(&format!("{JOB}/models/amazon.nova-micro-v1:0/datasets/support-set/{FILE}"));
    assert_eq!(without_task, OutputKey { task: None, ..expected });
}

#[test]
fn rag_jobs_have_a_config_and_human_jobs_neither() {
    let rag = of(&format!("{JOB}/inference_configs/0/datasets/Builtin.BoolQ/{FILE}"));
    assert_eq!((rag.model, rag.task, rag.config.as_deref()), (None, None, Some("0")));
    assert_eq!((rag.job_name.as_str(), rag.dataset.as_str()), ("support-judge-01", "Builtin.BoolQ"));
    let human = of(&format!("{JOB}/datasets/support-set/{FILE}"));
    assert_eq!((human.model.as_ref(), human.task.as_ref(), human.config.as_ref()), (None, None, None));
    assert_eq!((human.job_id.as_str(), human.job_folder().as_str()), ("a1b2c3d4e5f6", JOB));
}

#[test]
fn several_files_of_a_job_share_their_folder() {
    let tail = "models/m/taskTypes/Custom/datasets";
    let files = [
        format!("{JOB}/{tail}/first/{FILE}"),
        format!("{JOB}/{tail}/first/another_output.jsonl"),
        format!("{JOB}/{tail}/second/{FILE}"),
        format!("{JOB}/models/n/taskTypes/Custom/datasets/second/{FILE}"),
    ];
    let keys: Vec<OutputKey> = files.iter().map(|key| of(key)).collect();
    assert!(keys.iter().all(|key| key.job_folder() == JOB), "{keys:?}");
    assert!(keys.iter().enumerate().all(|(place, key)| !keys[..place].contains(key)), "{keys:?}");
}

#[test]
fn models_may_be_arns_labels_and_look_like_jobs() {
    for model in [
        "support-bot-v7",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-micro-v1:0:128k/abcdefghijkl",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/imported/abcdefghijkl",
        "mistrallarge",
        "models",
        "taskTypes",
        "datasets",
    ] {
        let key = model_of(model);
        assert_eq!((key.model.as_deref(), key.job_folder().as_str()), (Some(model), JOB));
        let key = of(&format!("{JOB}/models/{model}/datasets/d/{FILE}"));
        assert_eq!((key.model.as_deref(), key.job_folder().as_str()), (Some(model), JOB), "without a task");
    }
}

#[test]
fn the_prefix_has_any_depth() {
    let tail = format!("support-judge-01/a1b2c3d4e5f6/datasets/d/{FILE}");
    for prefix in [
        "runs",
        "a/b/c/d",
        "support-judge-01",
        "x/datasets/y/models/z",
        "other-job/0123456789ab",
        "runs//twice",
        "Über uns/ä",
    ] {
        let key = of(&format!("{prefix}/{tail}"));
        assert_eq!((key.prefix.as_str(), key.job_name.as_str()), (prefix, "support-judge-01"));
        assert_eq!(key.job_folder(), format!("{prefix}/support-judge-01/a1b2c3d4e5f6"));
    }
    let bare = of(&tail);
    assert_eq!((bare.prefix.as_str(), bare.job_folder().as_str()), ("", "support-judge-01/a1b2c3d4e5f6"));
}

#[test]
fn an_older_job_in_the_prefix_is_not_taken_for_the_job() {
    let key = of(&format!("old-job/0123456789ab/models/m/new-job/a1b2c3d4e5f6/models/n/taskTypes/T/datasets/d/{FILE}"));
    assert_eq!((key.job_name.as_str(), key.model.as_deref()), ("new-job", Some("n")));
    assert_eq!(key.prefix, "old-job/0123456789ab/models/m");
    let key = of(&format!("old-job/0123456789ab/models/m/new-job/a1b2c3d4e5f6/datasets/d/{FILE}"));
    assert_eq!((key.job_name.as_str(), key.model.as_deref()), ("new-job", None));
}

#[test]
fn everything_else_is_none() {
    for key in [
        "",
        "/",
        "_output.jsonl",
        "job-output/support/support-judge-01/amazon-bedrock-evaluations-permission-check",
        "job-output/support/support-judge-01/a1b2c3d4e5f6/custom_metrics/brand-voice.json",
        "job-output/support/support-judge-01/a1b2c3d4e5f6/custom_metrics/x_output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/datasets/d/records/0/human-loop-additional-data.json",
        "r/support-judge-01/a1b2c3d4e5f6/datasets/d/records/0/x_output.jsonl",
        "datasets/support-faq/cases.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/datasets/d/x_output.json",
        "r/support-judge-01/a1b2c3d4e5f6/datasets/d/output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/datasets//x_output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/inference_configs//datasets/d/x_output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/models//taskTypes/T/datasets/d/x_output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f6/models/m/taskTypes//datasets/d/x_output.jsonl",
        "r/support-judge-01/a1b2c3d4e5f/datasets/d/x_output.jsonl",
        "r/support-judge-01/A1B2C3D4E5F6/datasets/d/x_output.jsonl",
        "r/support_judge/a1b2c3d4e5f6/datasets/d/x_output.jsonl",
        "r/-judge/a1b2c3d4e5f6/datasets/d/x_output.jsonl",
        "/support-judge-01/a1b2c3d4e5f6/datasets/d/x_output.jsonl",
    ] {
        assert_eq!(OutputKey::parse(key), None, "{key}");
    }
}

#[test]
fn a_key_that_is_one_part_short_is_none() {
    for key in [
        "support-judge-01/a1b2c3d4e5f6/models/nova:0/taskTypes/General/datasets/set/x_output.jsonl",
        "support-judge-01/a1b2c3d4e5f6/inference_configs/0/datasets/set/x_output.jsonl",
        "support-judge-01/a1b2c3d4e5f6/datasets/set/x_output.jsonl",
    ] {
        assert!(OutputKey::parse(key).is_some(), "{key}");
        let parts: Vec<&str> = key.split('/').collect();
        for left_out in 0..parts.len() {
            let mut fewer = parts.clone();
            fewer.remove(left_out);
            assert_eq!(OutputKey::parse(&fewer.join("/")), None, "{key} without {}", parts[left_out]);
        }
    }
}

proptest! {
    #[test]
    fn the_folder_begins_the_key(
        parts in prop::collection::vec("(models|datasets|taskTypes|inference_configs|a1b2c3d4e5f6|job|0|)", 0..12)
    ) {
        let key = format!("{}/datasets/d/x_output.jsonl", parts.join("/"));
        if let Some(found) = OutputKey::parse(&key) {
            let folder = format!("{}/", found.job_folder());
            prop_assert!(key.starts_with(&folder), "{key} is not in {folder}");
        }
    }

    #[test]
    fn no_key_makes_it_panic(key in any::<String>()) {
        let _ = OutputKey::parse(&key);
    }
}
