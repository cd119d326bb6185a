//! Events come at least once, at any time and in any order: a run is concluded and told once.

use crate::suites::{automatic, dataset};
use crate::world::World;
use local_stack::stand_in::{Call, JobBehaviour, Outcome, OutputVariant};
use serde_json::{Value, json};

#[tokio::test]
async fn a_second_delivery_finds_the_run_done() {
    let world = World::new("twice").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    assert_eq!(world.parse(&outputs[0]).await, "done");
    assert_eq!(world.sweep().await, (0, 0));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn two_deliveries_at_the_same_time_are_one() {
    let world = World::new("at-once").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let (one, two) = tokio::join!(world.parse(&outputs[0]), world.parse(&outputs[0]));
    let mut results = [one, two];
    results.sort();
    assert_eq!(results, ["collected", "done"]);
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_sweep_and_an_event_at_the_same_time_are_one() {
    let world = World::new("sweep-and-event").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    tokio::join!(world.parse(&outputs[0]), world.sweep());
    world.sweep().await;
    world.assert_told_once("faq").await;
}

/// Jobs whose output is there, and that the service reports as in progress until another behaviour is set.
fn late() -> JobBehaviour {
    JobBehaviour { completes_late_ms: 3_600_000, ..JobBehaviour::default() }
}

#[tokio::test]
async fn output_that_is_there_before_the_job_is_done_is_waited_for() {
    let world = World::with("late", late()).await;
    world.start("faq", &automatic(), &dataset()).await;
    world.until("nothing is written", || async { !world.outputs().await.is_empty() }).await;
    let output = world.outputs().await.remove(0);
    assert!(!world.stand_in.jobs()[0].status.is_final());
    let completing = async {
        let is_look = |call: &Call| call.operation == "GetEvaluationJob" && call.outcome == Outcome::Answered;
        world.until("nobody asks", || async { world.stand_in.calls().iter().any(is_look) }).await;
        world.set(JobBehaviour::default());
    };
    let (result, ()) = tokio::join!(world.parse(&output), completing);
    assert_eq!(result, "collected");
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn an_invocation_that_has_no_time_to_wait_leaves_the_job_to_the_sweep() {
    let world = World::with("no-time", late()).await;
    world.start("faq", &automatic(), &dataset()).await;
    world.until("nothing is written", || async { !world.outputs().await.is_empty() }).await;
    let event = world.event(&world.outputs().await[0]);
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(1);
    let answer = result_parser::handle(event, &world.parser(), Some(deadline), "r").await.unwrap();
    assert_eq!(answer["objects"][0]["result"], "open");
    assert!(world.kinds().await.is_empty());
    world.set(JobBehaviour::default());
    world.ended().await;
    assert_eq!(world.sweep().await, (1, 0));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn files_of_one_job_may_be_told_in_any_order() {
    let output = vec![OutputVariant::FilePerMetric];
    let world = World::with("any-order", JobBehaviour { output, ..JobBehaviour::default() }).await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    assert_eq!(outputs.len(), 2);
    assert_eq!(world.parse(&outputs[1]).await, "collected");
    assert_eq!(world.parse(&outputs[0]).await, "done");
    let run = world.assert_told_once("faq").await;
    for record in run.records() {
        let metrics: Vec<&Value> =
            record["evaluations"].as_array().unwrap().iter().map(|found| &found["metric"]).collect();
        assert_eq!(metrics.len(), 2, "{record}");
        assert!(metrics.contains(&&json!("Accuracy")) && metrics.contains(&&json!("Robustness")), "{record}");
    }
}

#[tokio::test]
async fn output_of_a_job_whose_start_was_never_noted_is_that_job_s() {
    let world = World::new("start-lost").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let (job, arn) = (world.stand_in.jobs()[0].name.clone(), world.stand_in.jobs()[0].arn.clone());
    let forget = |note: &mut Value| {
        note["state"] = json!("waiting");
        for member in ["arn", "started_at", "output_folder"] {
            note.as_object_mut().unwrap().remove(member);
        }
    };
    world.alter(&job, forget).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    assert_eq!(run.records()[0]["sample"]["id"], "s1");
    let notes = world.notes().await;
    assert_eq!((notes.len(), &notes[&job]["arn"]), (1, &json!(arn)));
}

#[tokio::test]
async fn the_dataset_s_event_again_starts_no_second_job() {
    let world = World::new("dataset-twice").await;
    let event = world.drop("faq", &automatic(), &dataset()).await;
    let (one, two) = tokio::join!(world.evaluate(&event), world.evaluate(&event));
    assert_eq!([one.as_str(), two.as_str()], ["jobs started"; 2]);
    world.ended().await;
    let outputs = world.outputs().await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    assert_eq!(world.evaluate(&event).await, "jobs started");
    assert_eq!((world.stand_in.jobs().len(), world.outputs().await.len()), (1, 1));
    assert!(world.notes().await.values().all(|note| note["state"] == "completed"));
    world.assert_told_once("faq").await;
}
