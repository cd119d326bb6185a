//! Notes and runs of managed jobs that version 0.1.0 has written, in a copy of their bucket.

use super::{copy, data, list, text};
use crate::tool::Tool;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Returns a tool whose folder `bucket` is a copy of the old bucket, and the notes in it by the name of the job.
fn bucket() -> (Tool, BTreeMap<String, Value>) {
    let tool = Tool::alone();
    copy(&data().join("jobs/bucket"), &tool.path("bucket"));
    let entries = fs::read_dir(tool.path("bucket/jobs")).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let notes = files.map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap());
    let notes = notes.map(|note: Value| (text(&note, "/job").to_owned(), note)).collect();
    (tool, notes)
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn old_notes_are_listed_and_shown() {
    let (tool, notes) = bucket();
    let states: Vec<&str> = notes.values().map(|note| text(note, "/state")).collect();
    for state in ["completed", "failed", "waiting"] {
        assert!(states.contains(&state), "{states:?}");
    }
    let listed = document(&tool.run(&["job", "list", "--in", "bucket", "--format", "json"]).exits(0).out);
    let found: BTreeMap<String, Value> =
        listed.as_array().unwrap().iter().map(|note| (text(note, "/job").to_owned(), note.clone())).collect();
    assert_eq!(found, notes);
    let table = tool.run(&["job", "list", "--in", "bucket"]).exits(0).out;
    for (job, note) in &notes {
        assert!(table.contains(job.as_str()), "{table}");
        let shown = tool.run(&["job", "show", job, "--in", "bucket", "--format", "json"]).exits(0);
        assert_eq!(document(&shown.out), *note);
        tool.run(&["job", "show", job, "--in", "bucket"]).exits(0).prints(text(note, "/run"));
    }
    let open = document(&tool.run(&["job", "list", "--in", "bucket", "--open", "--format", "json"]).exits(0).out);
    let is_open = |note: &&Value| note["settled"] != true;
    assert_eq!(open.as_array().unwrap().len(), notes.values().filter(is_open).count());
}

#[test]
fn summaries_of_old_job_runs_are_read() {
    let (tool, notes) = bucket();
    let mut compared = 0;
    for note in notes.values().filter(|note| note["settled"] == true) {
        let run = format!("bucket/runs/{}/{}", text(note, "/suite"), text(note, "/run"));
        let printed = tool.run(&["report", &run, "--markdown", "again.md", "--format", "json"]).exits(0).out;
        let summary = tool.json(&format!("{run}/summary.json"));
        assert_eq!(document(&printed), summary);
        // The means are those of the scores in the records.
        let records = tool.records(&run);
        for model in list(&summary, "models") {
            let of_model: Vec<&Value> = records.iter().filter(|record| record["model"] == model["model"]).collect();
            for (scorer, score) in model["scores"].as_object().into_iter().flatten() {
                let known = super::values(&of_model, scorer);
                assert_eq!(score["n"], known.len(), "{scorer} of {run}");
                if !known.is_empty() {
                    crate::tool::close(&score["mean"], super::mean(&known));
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 5, "{compared}");
}
