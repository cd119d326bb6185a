//! Jobs that come to nothing: why is told, once, and the exit code says so.

use super::suite::{automatic, judge, write};
use super::world::{World, document};
use crate::tool::{MODEL, OTHER, of_model};
use local_stack::stand_in::{JobBehaviour, JobFailure};
use serde_json::json;

/// What a terminal could obey.
const HOSTILE: &str = "no access to the key \u{1b}[31m\u{7}";

fn failing(name: &str) -> JobBehaviour {
    let failure = JobFailure { name_contains: name.to_owned(), messages: vec![HOSTILE.to_owned()] };
    JobBehaviour { fail: vec![failure], ..JobBehaviour::default() }
}

#[test]
fn a_failed_job_is_told_with_its_reason_and_the_other_model_has_numbers() {
    let world = World::with("failed", failing("-00"));
    write(&world.tool, 3, &[automatic("programs", &["Accuracy"])]);
    world.start(&[]).exits(0);
    world.until_ended();
    let ended = world.job("collect", &[]).exits(4).says("-00 failed: no access to the key ␛[31m");
    let ended = ended.prints("job.Accuracy").prints("failed: no access to the key");
    assert!(!ended.out.contains('\u{1b}') && !ended.err.contains('\u{1b}'));
    let summary = world.json(&format!("{}/summary.json", world.runs("parcels")[0]));
    assert_eq!(summary["status"], "completed");
    assert_eq!(of_model(&summary, OTHER)["answered"], 3);
    assert_eq!((&of_model(&summary, MODEL)["answered"], &of_model(&summary, MODEL)["failed"]), (&json!(0), &json!(3)));
    let name = world.jobs().into_keys().next().unwrap();
    let shown =
        world.job("show", &[&name]).exits(0).prints("failed, collected").prints("says       no access to the key");
    assert!(shown.out.contains("that it came to nothing") && !shown.out.contains('\u{1b}'), "{}", shown.out);
    let listed = world.job("list", &[]).exits(0).prints(&format!("{name}: no access to the key"));
    assert!(!listed.out.contains('\u{1b}'));
    // It is told once; whoever asks by name is told again.
    world.job("collect", &[]).exits(0).says("nothing to collect");
    world.job("collect", &[&name]).exits(4).prints("failed: no access to the key");
}

#[test]
fn where_every_job_failed_the_run_failed() {
    let world = World::with("all-failed", failing("parcels"));
    write(&world.tool, 3, &[judge("judged")]);
    world.start(&[]).exits(0);
    world.until_ended();
    let ended = world.job("collect", &["--format", "json"]).exits(4);
    let found = document(&ended);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["status"]), (1, &json!("failed")));
    assert_eq!(found[0]["problems"]["errors"], 2);
    assert_eq!(ended.err.matches("no access to the key").count(), 2, "{}", ended.err);
    // Started anew they can end well.
    world.set(JobBehaviour::default());
    world.start(&[]).exits(0).says("was started before; --again");
    crate::tool::next_second();
    world.start(&["--again"]).exits(0);
    world.until_ended();
    world.job("collect", &[]).exits(0).prints("job.Correctness");
}

#[test]
fn a_job_that_was_removed_before_it_was_collected_is_told() {
    let world = World::with("removed", failing("parcels"));
    write(&world.tool, 2, &[judge("judged")]);
    world.start(&[]).exits(0);
    world.until_ended();
    let arns: Vec<String> = world.stand_in.jobs().into_iter().map(|job| job.arn).collect();
    world.remove(&arns);
    assert_eq!(world.stand_in.jobs().len(), 0);
    // A job that was started just now may not be known yet.
    world.job("collect", &[]).exits(0);
    let before = std::time::SystemTime::now() - std::time::Duration::from_secs(16 * 60);
    let before = jiff::Timestamp::try_from(before).unwrap().to_string();
    for job in world.keys("jobs/").into_iter().filter(|key| key.contains("parcels")) {
        let mut note = world.json(&job);
        note["started_at"] = serde_json::json!(before);
        world.put(&job, note.to_string());
    }
    let ended = world.job("collect", &[]).exits(4).prints("does not exist any more and has left no output");
    assert!(ended.out.contains("The run FAILED"), "{}", ended.out);
}
