//! `assay job stop`.

use super::suite::{automatic, write_with};
use super::world::{World, document};
use crate::tool::{MODEL, OTHER, until};
use local_stack::stand_in::{JobBehaviour, JobStatus};
use serde_json::json;

fn world(name: &str, most: usize) -> World {
    let hold = vec!["parcels".to_owned()];
    let world = World::with(name, JobBehaviour { hold, max_concurrent_automated: most, ..JobBehaviour::default() });
    write_with(&world.tool, &super::suite::cases(2), &[automatic("programs", &["Accuracy"])], json!({}));
    world.start(&[]).exits(0);
    world
}

#[test]
fn running_and_waiting_jobs_are_stopped_and_ended_ones_are_not() {
    let world = world("stopped", 1);
    let running = world.jobs().into_keys().next().unwrap();
    let waiting = format!("{}01", running.strip_suffix("00").unwrap());
    let ended = world.job("stop", &[&waiting, "--format", "json"]).exits(0).says("will not be started");
    assert_eq!(document(&ended)["state"], "stopped");
    world.job("stop", &[&running]).exits(0).says("is being stopped; `assay job collect` ends its run");
    until("it has stopped", || world.jobs()[&running].status == JobStatus::Stopped);
    // Its note does not know yet; the service does.
    world.job("stop", &[&running]).exits(2).says("the job's state does not allow it");
    let ended = world.job("collect", &[]).exits(4).says(&format!("{running} was stopped"));
    let ended = ended.says(&format!("{waiting} was stopped: taken back before it was started"));
    assert!(ended.out.contains("The run FAILED"), "{}", ended.out);
    world.job("stop", &[&running]).exits(2).says("cannot be stopped: it is stopped, collected");
    world.job("stop", &["nobody"]).exits(2).says("there is no job `nobody`");
    assert_eq!(world.created().1, 1, "what was taken back is not started");
}

#[test]
fn the_rest_of_a_run_has_its_numbers() {
    let world = world("stopped-one", 20);
    let names: Vec<String> = world.jobs().into_keys().collect();
    world.job("stop", &[&names[0]]).exits(0);
    world.set(JobBehaviour::default());
    world.until_ended();
    world.job("collect", &[]).exits(4).prints(OTHER).prints("was stopped");
    let summary = world.json(&format!("{}/summary.json", world.runs("parcels")[0]));
    assert_eq!(crate::tool::of_model(&summary, OTHER)["answered"], 2);
    assert_eq!(crate::tool::of_model(&summary, MODEL)["failed"], 2);
}
