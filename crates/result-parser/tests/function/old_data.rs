//! Jobs that version 0.1.0 has started. An upgrade has to continue them.
//!
//! The test restores the old bucket. The stand-in knows none of the old jobs, like a service that has deleted them.

use crate::expected::{assert_score, model, scores};
use crate::told::reading;
use crate::world::{MODEL, OTHER, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Returns all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the objects of the old bucket, by key.
fn old_objects() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/0.1.0/jobs/bucket");
    let files = files(&folder).into_iter();
    files
        .map(|path| {
            let key = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            (key, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

async fn objects(world: &World) -> BTreeMap<String, String> {
    let mut objects = BTreeMap::new();
    for key in world.keys("").await {
        let text = world.read(&key).await;
        objects.insert(key, text);
    }
    objects
}

/// Returns the notes of jobs in this state, by the name of the job.
fn notes(objects: &BTreeMap<String, String>, state: &str) -> BTreeMap<String, Value> {
    let notes = objects.iter().filter(|(key, _)| key.starts_with("jobs/") && !key.starts_with("jobs/sweep/"));
    let notes = notes.map(|(_, text)| serde_json::from_str::<Value>(text).unwrap());
    let notes = notes.filter(|note| note["state"] == state);
    notes.map(|note| (note["job"].as_str().unwrap().to_owned(), note)).collect()
}

/// The old notes contain the name of the bucket, so only one test can use it: this one, step by step.
#[tokio::test]
async fn the_jobs_of_an_old_bucket_are_continued() {
    let mut world = World::new("old-data").await;
    // The waiting job gets older every day; the function would report that it waits too long.
    world.settings.stuck_job_hours = 1_000_000;
    let old = old_objects();
    for (key, text) in &old {
        world.put(key, text.as_str()).await;
    }
    finished_jobs_stay_finished(&world, &old).await;
    waiting_jobs_are_started_and_collected(&world, &old).await;
    assert_eq!(world.kinds().await, ["run_finished"], "the old version has reported the failed job");
    failed_jobs_are_unchanged(&world, &old).await;
}

async fn finished_jobs_stay_finished(world: &World, old: &BTreeMap<String, String>) {
    let completed = notes(old, "completed");
    let mut delivered = 0;
    for note in completed.values().filter(|note| note["settled"] == true) {
        for file in note["read"]["files"].as_array().unwrap() {
            assert_eq!(world.parse(file.as_str().unwrap()).await, "done", "{note}");
            delivered += 1;
        }
    }
    // An automatic job for each of two models, a job with a judge, and a foreign job.
    assert_eq!(delivered, 4);
    assert!(objects(world).await == *old, "no object changes");
    assert!(world.stand_in.calls().is_empty(), "no call to the service: {:?}", world.stand_in.calls());
    assert!(world.kinds().await.is_empty() && world.metrics().await.is_empty());
}

async fn waiting_jobs_are_started_and_collected(world: &World, old: &BTreeMap<String, String>) {
    let waiting = notes(old, "waiting");
    let (job, note) = waiting.iter().next().unwrap();
    assert_eq!((waiting.len(), &note["request"]["models"][0]["id"]), (1, &json!(OTHER)));
    let beside = note["jobs"].as_array().unwrap().iter().map(|job| job.as_str().unwrap()).find(|name| *name != job);
    let beside = beside.unwrap();

    // The first sweep starts the job. It collects the run too if the job has ended by then, otherwise the second one does.
    let mut found = (0, 0);
    for _ in 0..2 {
        let (runs, troubles) = world.sweep().await;
        found = (found.0 + runs, found.1 + troubles);
        world.ended().await;
    }
    assert_eq!(found, (1, 0));
    let jobs = world.stand_in.jobs();
    assert_eq!((jobs.len(), &jobs[0].name), (1, job), "only the waiting job starts");
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
    assert_eq!(world.sweep().await, (0, 0));

    let suite = note["suite"].as_str().unwrap();
    let run = world.only_run(suite).await;
    assert_eq!((run.id.as_str(), run.stage()), (note["run"].as_str().unwrap(), "done".to_owned()));
    let notes = world.notes().await;
    assert!([job, beside].iter().all(|job| notes[*job]["state"] == "completed" && notes[*job]["settled"] == true));
    let before: Value = serde_json::from_str(&old[&format!("jobs/{beside}.json")]).unwrap();
    assert_eq!(notes[beside]["read"], before["read"], "output is not read twice");
    // Both models have the scores in the service's output: one was read by the old version, the other by this one.
    for (job, name) in [(beside, MODEL), (job.as_str(), OTHER)] {
        let mut lines = Vec::new();
        for file in notes[job]["read"]["files"].as_array().unwrap() {
            lines.extend(world.lines(file.as_str().unwrap()).await);
        }
        let summary = run.summary();
        let found = model(&summary, name);
        assert_eq!((&found["samples"], &found["answered"]), (&json!(lines.len()), &json!(lines.len())));
        let (values, missing) = &scores(&lines)["Accuracy"];
        assert_score(found, "job.Accuracy", values, *missing);
    }
    for (key, text) in old.iter().filter(|(key, _)| key.contains("/records/")) {
        assert_eq!(world.read(key).await, *text, "{key}");
    }
    assert_eq!(world.lines(&format!("suites/{suite}/history.jsonl")).await.len(), 1);
    assert_eq!(reading(&world.metrics().await, "RunCompleted", suite).count, 1.0);
}

async fn failed_jobs_are_unchanged(world: &World, old: &BTreeMap<String, String>) {
    let failed = notes(old, "failed");
    assert_eq!(failed.len(), 1);
    for (job, note) in failed {
        assert_eq!((&note["told"]["trouble"], &note["settled"]), (&json!(true), &json!(true)));
        assert_eq!(world.notes().await[&job], note);
    }
    assert!(!world.metrics().await.keys().any(|(name, _)| name == "JobFailed" || name == "RunFailed"));
}
