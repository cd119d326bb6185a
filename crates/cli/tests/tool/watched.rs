//! A folder as the bucket: what is dropped is evaluated, once for each state.

use super::tool::{MODEL, Tool, answering, of_model, questions, spec, stand_in, until, until_held};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn answer(response: &str) -> String {
    format!(
        "{{\"prompt\": \"p\", \"referenceResponse\": \"a b\", \"modelResponses\": [{{\"response\": \"{response}\", \"modelIdentifier\": \"m\"}}]}}\n"
    )
}

/// The runs of a suite that have a summary, the oldest first.
fn runs(tool: &Tool, suite: &str) -> Vec<PathBuf> {
    let Ok(runs) = fs::read_dir(tool.path("bucket/runs").join(suite)) else { return Vec::new() };
    let mut runs: Vec<PathBuf> = runs.map(|run| run.unwrap().path().join("summary.json")).collect();
    runs.retain(|summary| summary.is_file());
    runs.sort_by_key(|summary| fs::metadata(summary).unwrap().modified().unwrap());
    runs
}

fn read(path: &PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Waits until the tool has listed the folder twice: it evaluates a dataset once two listings show the same state, and it goes
/// through the datasets in alphabetical order.
fn look(tool: &Tool, witness: &str) {
    tool.write(&format!("bucket/datasets/{witness}/cases.jsonl"), answer("a"));
    until(&format!("{witness} is evaluated"), || runs(tool, witness).len() == 1);
}

#[test]
fn once_evaluates_what_is_there_by_the_nearest_spec_and_never_again() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/assay.yaml", "suite: far\nscorers: [response_length]\n");
    tool.write("bucket/datasets/faq/assay.yaml", "suite: near\nscorers: [relevance]\n");
    tool.write("bucket/datasets/faq/en/cases.jsonl", answer("a"));
    tool.write("bucket/datasets/other/cases.jsonl", answer("a"));
    tool.write("bucket/datasets/other/notes.txt", "no dataset");
    let ended = tool.run(&["watch", "bucket", "--once"]).exits(0);
    assert_eq!(ended.err.matches("written to bucket/runs/").count(), 2, "{}", ended.err);
    let (near, far) = (runs(&tool, "near"), runs(&tool, "far"));
    assert_eq!((near.len(), far.len()), (1, 1));
    let (near, far) = (read(&near[0]), read(&far[0]));
    assert_eq!(of_model(&near, "m")["scores"]["relevance"]["mean"], 0.5);
    assert!(of_model(&near, "m")["scores"].get("response_length").is_none());
    assert_eq!(of_model(&far, "m")["scores"]["response_length"]["mean"], 1.0);

    let again = tool.run(&["watch", "bucket", "--once"]).exits(0);
    assert!(!again.err.contains("written to"), "{}", again.err);
    assert_eq!(runs(&tool, "near").len() + runs(&tool, "far").len(), 2);
}

#[test]
fn a_file_is_evaluated_once_and_again_when_it_changes() {
    let tool = Tool::alone();
    tool.write("bucket/readme", "");
    let mut watching = tool.start(&["watch", "bucket"]);
    until("the folder is there", || tool.path("bucket/datasets").is_dir());
    tool.write("bucket/datasets/faq/cases.jsonl", answer("a"));
    until("the first run is done", || runs(&tool, "faq").len() == 1);
    // Moving the same file away and back is no change, however often it is looked at.
    fs::rename(tool.path("bucket/datasets/faq/cases.jsonl"), tool.path("aside")).unwrap();
    look(&tool, "witness-1");
    fs::rename(tool.path("aside"), tool.path("bucket/datasets/faq/cases.jsonl")).unwrap();
    look(&tool, "witness-2");
    assert_eq!(runs(&tool, "faq").len(), 1);
    tool.write("bucket/datasets/faq/cases.jsonl", answer("a b and more"));
    until("the second run is done", || runs(&tool, "faq").len() == 2);
    let means: Vec<Value> =
        runs(&tool, "faq").iter().map(|run| of_model(&read(run), "m")["scores"]["relevance"]["mean"].clone()).collect();
    assert_eq!(means, [0.5, 1.0]);
    look(&tool, "witness-3");
    assert!(watching.is_alive());
    assert_eq!(runs(&tool, "faq").len(), 2);
    watching.signal("INT");
    watching.wait().exits(0);
}

#[test]
fn what_is_wrong_becomes_a_failed_run_that_says_why() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/bad/cases.jsonl", "{\"promt\": \"x\"}\n");
    tool.write("bucket/datasets/spec/cases.jsonl", answer("a"));
    tool.write("bucket/datasets/spec/assay.yaml", "repeats: 0\n");
    tool.write("bucket/datasets/good/cases.jsonl", answer("a"));
    let ended = tool.run(&["watch", "bucket", "--once"]).exits(4).prints("The run FAILED");
    let ended = ended.prints("datasets/bad/cases.jsonl:1: promt: unknown key; did you mean `prompt`?");
    ended.prints("datasets/spec/assay.yaml:1: repeats");
    for (suite, status) in [("bad", "failed"), ("spec", "failed"), ("good", "completed")] {
        assert_eq!(read(&runs(&tool, suite)[0])["status"], status, "{suite}");
    }
}

#[test]
fn the_gate_s_code_comes_again_for_what_is_evaluated_already() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/faq/assay.yaml", "gate: {min: {relevance: 0.9}}\n");
    tool.write("bucket/datasets/faq/cases.jsonl", answer("a"));
    tool.run(&["watch", "bucket", "--once"]).exits(3).says("written to");
    let again = tool.run(&["watch", "bucket", "--once"]).exits(3).says("evaluated already; see bucket/runs/faq/");
    assert!(!again.err.contains("written to"), "{}", again.err);
}

#[test]
fn what_met_an_error_is_told_once_and_tried_again() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/faq/cases.jsonl", answer("a"));
    // Where a folder should be there is a file: no run can be claimed.
    tool.write("bucket/runs", "");
    tool.run(&["watch", "bucket", "--once"]).exits(1).says("error: datasets/faq/cases.jsonl: ");
    let watching = tool.start(&["watch", "bucket"]);
    let error = |suite: &str| format!("error: datasets/{suite}/cases.jsonl: ");
    watching.until_says(&error("faq"));
    // The tool tries it again a second later. It lists a new dataset twice before that meets an error, a second apart.
    for suite in ["witness-1", "witness-2"] {
        tool.write(&format!("bucket/datasets/{suite}/cases.jsonl"), answer("a"));
        watching.until_says(&error(suite));
    }
    fs::remove_file(tool.path("bucket/runs")).unwrap();
    for suite in ["faq", "witness-1", "witness-2"] {
        watching.until_says(&format!("datasets/{suite}/cases.jsonl: written to "));
    }
    watching.signal("INT");
    let ended = watching.wait().exits(0);
    assert_eq!(ended.err.matches("error: ").count(), 3, "each is told once: {}", ended.err);
}

#[test]
fn an_interrupt_leaves_the_datasets_that_are_not_begun() {
    let stand_in = stand_in(answering(20));
    let tool = Tool::beside(&stand_in);
    for name in ["a", "b"] {
        tool.write(&format!("bucket/datasets/{name}/cases.jsonl"), questions(300));
        tool.write(&format!("bucket/datasets/{name}/assay.yaml"), spec(&[MODEL]).replace("parcels", name));
    }
    let command = ["watch", "bucket", "--once", "--concurrency", "4"];
    let watching = tool.start(&command);
    until_held(&stand_in, 24, 4);
    watching.interrupt("INT", &stand_in).exits(4).says("1 datasets are left");
    assert!(tool.path("bucket/runs/a").is_dir() && !tool.path("bucket/runs/b").exists());
    tool.run(&command).exits(0);
    // Both have the same questions; each asks them once.
    assert_eq!((stand_in.totals().calls, stand_in.repeated_answers()), (600, 300));
}

#[test]
fn a_bucket_is_refused_and_no_folder_is_made() {
    let tool = Tool::alone();
    tool.run(&["watch", "s3://bkt", "--once"]).exits(2).says("name a folder");
    assert!(!tool.path("s3:").exists());
}

#[test]
fn settings_that_are_missing_have_their_own_code() {
    let tool = Tool::alone();
    tool.write("bucket/datasets/faq/cases.jsonl", questions(3));
    tool.run(&["watch", "bucket", "--once", "--model", MODEL]).exits(2).says("set AWS_REGION");
}
