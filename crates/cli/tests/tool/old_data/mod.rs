//! The tool with data that version 0.1.0 has written, from `tests/data/0.1.0`. An upgrade has to keep it working.
//!
//! Expected values are computed here from the old files, or by the script `run_ids.py` beside them.

mod jobs;
mod reported;
mod resumed;
mod scored;
mod suite;

use super::tool::{Tool, workspace};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder of the old data.
fn data() -> PathBuf {
    workspace().join("tests/data/0.1.0")
}

/// Copies all files of a folder to another folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let (source, target) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if source.is_dir() {
            copy(&source, &target);
        } else {
            fs::copy(source, target).unwrap();
        }
    }
}

/// Copies the old data set `name` into the tool's folder.
fn restore(tool: &Tool, name: &str) {
    copy(&data().join(name), &tool.path(""));
}

/// Returns the ids of the runs of a suite, sorted.
fn runs(tool: &Tool, suite: &str) -> Vec<String> {
    let entries = fs::read_dir(tool.path("runs").join(suite)).unwrap();
    let mut runs: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    runs.sort();
    runs
}

/// Returns the folder of the only run of a suite.
#[track_caller]
fn only_run(tool: &Tool, suite: &str) -> String {
    let runs = runs(tool, suite);
    assert_eq!(runs.len(), 1, "{runs:?}");
    format!("runs/{suite}/{}", runs[0])
}

/// Returns the digest in the id of a run with this `spec.json` and this state of the dataset, as `run_ids.py` computes it.
fn digest(spec_json: &Path, state: &str) -> String {
    let program = data().join("run-ids/run_ids.py");
    let ended = Command::new("python3").arg(program).arg("--of").arg(spec_json).arg(state).output().expect("python3");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().trim().to_owned()
}

/// Returns the state of a local dataset as the id of a run covers it: inode, time and size of the file, and the arguments.
fn state(file: &Path, typed: &str) -> String {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(file).unwrap();
    let microseconds = i128::from(found.mtime()) * 1_000_000 + i128::from(found.mtime_nsec()) / 1_000;
    format!("Some(\"{:x}-{microseconds:x}-{:x}\"), {typed}", found.ino(), found.size())
}

/// Returns a string in a record; panics if it is missing.
#[track_caller]
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

/// Returns a list in a record; empty if it is missing.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Returns the values of a score in these records, without those that are not scored.
fn values(records: &[&Value], scorer: &str) -> Vec<f64> {
    records.iter().filter_map(|record| record["scores"][scorer]["value"].as_f64()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
