//! `assay run` and `assay watch` beside managed jobs, which they do not start.

use super::suite::{automatic, judge, recorded, write_with};
use crate::tool::Tool;
use serde_json::json;

#[test]
fn a_suite_of_jobs_alone_is_not_run_here() {
    let tool = Tool::alone();
    write_with(&tool, &recorded(3), &[judge("judged")], json!({"online": false}));
    let ended = tool.run(&["run", "suite"]).exits(2).says("managed jobs alone (`online: false`); start them with");
    assert!(ended.err.contains("`assay job start SUITE --in s3://BUCKET`") && ended.out.is_empty(), "{}", ended.err);
    assert!(!tool.path("runs").exists());
}

#[test]
fn jobs_beside_a_suite_are_noted_and_the_suite_is_run() {
    let tool = Tool::alone();
    write_with(&tool, &recorded(3), &[judge("judged")], json!({}));
    let ended = tool.run(&["run", "suite", "--recorded", "--format", "json"]).exits(0);
    let ended = ended.says("1 managed job of this suite is not started here; `assay job start` does");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&ended.out).unwrap()["answers"]["recorded"], 3);
    write_with(&tool, &recorded(3), &[judge("judged"), automatic("programs", &["Accuracy"])], json!({}));
    tool.run(&["run", "suite", "--recorded"]).exits(0).says("2 managed jobs of this suite are not started here");
}

#[test]
fn a_watched_folder_starts_no_jobs() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/both/cases.jsonl", recorded(2));
    tool.write("bucket/datasets/alone/cases.jsonl", recorded(2));
    let spec = |online: bool| {
        json!({"scorers": ["relevance"], "online": online, "models": [{"id": "amazon.nova-lite-v1:0"}],
            "jobs": [judge("judged")]})
        .to_string()
    };
    tool.write("bucket/datasets/both/assay.yaml", spec(true));
    tool.write("bucket/datasets/alone/assay.yaml", spec(false));
    let ended = tool.run(&["watch", "bucket", "--once"]).exits(0);
    let note = "managed jobs are not started for a folder; the deployed function and `assay job start` do";
    for name in ["both", "alone"] {
        assert!(ended.err.contains(&format!("datasets/{name}/cases.jsonl: {note}")), "{}", ended.err);
    }
    assert!(tool.path("bucket/runs/both").is_dir() && !tool.path("bucket/runs/alone").exists());
}
