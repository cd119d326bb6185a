//! The ids of runs. An upgrade must not change them: an interrupted run would start again from the beginning, and an event
//! that is delivered twice would be evaluated twice.
//!
//! Expected ids come from the script `run_ids.py` beside the data, and from runs that version 0.1.0 has written.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use assay_core::spec::{DatasetIdentity, JobSpec, RunSpec, parse_spec, run_id, spec_digest};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A run whose id the script has computed.
#[derive(Deserialize)]
struct Computed {
    what: String,
    written: jiff::Timestamp,
    #[serde(flatten)]
    dataset: DatasetIdentity,
    spec: String,
    id: String,
}

/// The parts of an old run's `spec.json` that its id covers.
#[derive(Deserialize)]
struct OldRun {
    run: String,
    dataset: DatasetIdentity,
    job: Option<JobSpec>,
    spec: RunSpec,
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/0.1.0")
}

fn text(name: &str) -> String {
    let path = data().join("run-ids").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns all files `spec.json` below a folder.
fn spec_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| match path.is_dir() {
        true => spec_files(&path),
        false => vec![path],
    });
    found.filter(|path| path.ends_with("spec.json")).collect()
}

#[test]
fn ids_equal_those_of_the_script() {
    let runs: Vec<Computed> = serde_json::from_str(&text("runs.json")).unwrap();
    for run in &runs {
        let spec: RunSpec = serde_json::from_str(&text(&run.spec)).unwrap();
        assert_eq!(run_id(run.written, &run.dataset, &spec), run.id, "{}", run.what);
    }
    assert_eq!(runs.len(), 5);
}

#[test]
fn the_script_computes_the_ids_in_its_files() {
    let ended = Command::new("python3").arg(data().join("run-ids/run_ids.py")).output().expect("python3");
    let said = [ended.stdout, ended.stderr].concat();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn specs_serialise_to_the_pinned_text() {
    for name in ["rich", "defaults"] {
        let spec = parse_spec(name, &text(&format!("{name}.yaml"))).unwrap();
        let written = text(&format!("{name}.json"));
        assert_eq!(serde_json::to_string(&spec).unwrap(), written.trim_end(), "{name}");
        assert_eq!(serde_json::from_str::<RunSpec>(&written).unwrap(), spec, "{name}");
    }
    let written = text("empty.json");
    for spec in [RunSpec::default(), serde_json::from_str("{}").unwrap(), parse_spec("empty", "{}").unwrap()] {
        assert_eq!(serde_json::to_string(&spec).unwrap(), written.trim_end());
    }
}

#[test]
fn old_specs_give_the_ids_of_their_runs() {
    let mut compared = 0;
    for path in spec_files(&data()) {
        let OldRun { run, dataset, job, spec } = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        // The id of the run of a foreign job is made from the job's ARN only.
        let Some(state) = dataset.state.clone() else { continue };
        // The tool adds its arguments to the state, a managed job adds its own spec.
        let state = match &job {
            Some(job) => format!("{state}, job {}", serde_json::to_string(job).unwrap()),
            None if dataset.bucket == "local" => format!("Some({state:?}), limit None, models [], recorded false"),
            None => state,
        };
        let digest = spec_digest(&DatasetIdentity { state: Some(state), ..dataset }, &spec);
        assert!(run.ends_with(&format!("Z-{digest}")), "{}: {run}, not {digest}", path.display());
        compared += 1;
    }
    assert!(compared >= 10, "{compared}");
}
