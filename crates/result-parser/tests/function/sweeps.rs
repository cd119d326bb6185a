//! The sweep: whatever no event told, once, however many jobs there are and whoever sweeps beside.

use crate::requests::{PROMPTS, automatic as theirs};
use crate::suites::{automatic, dataset, many};
use crate::world::World;
use assay_testing::event;
use local_stack::stand_in::JobBehaviour;
use serde_json::{Value, json};

#[tokio::test]
async fn an_event_that_was_missed_is_made_up_for() {
    let world = World::new("missed").await;
    world.finish("faq", &automatic(), &dataset()).await;
    assert_eq!(world.sweep().await, (1, 0));
    assert_eq!(world.sweep().await, (0, 0));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn the_schedule_of_eventbridge_sweeps_too() {
    let world = World::new("schedule").await;
    world.finish("faq", &automatic(), &dataset()).await;
    let mut scheduled = event::file("eventbridge-object-created.json");
    (scheduled["source"], scheduled["detail-type"]) = (json!("aws.events"), json!("Scheduled Event"));
    scheduled["detail"] = json!({});
    let answer = world.deliver(&scheduled).await.unwrap();
    assert_eq!(answer, json!({"sweep": "done", "runs": 1, "troubles": 0}));
}

#[tokio::test]
async fn more_jobs_than_a_page_holds_are_all_seen() {
    let world = World::new("paging").await;
    world.put("other/prompts.jsonl", PROMPTS).await;
    for number in 0..13 {
        world.create(&theirs(&format!("theirs-{number}"), &world.bucket, "job-output/library")).await;
    }
    world.ended().await;
    world.stand_in.clear_calls();
    assert_eq!(world.sweep().await, (13, 0));
    let pages = world.stand_in.calls().iter().filter(|call| call.operation == "ListEvaluationJobs").count();
    assert_eq!(pages, 3, "five jobs a page");
    assert_eq!(world.runs("library").await.len(), 13);
    assert_eq!(world.kinds().await, ["run_finished"; 13]);
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn two_sweeps_at_the_same_time_are_one() {
    let world = World::new("two-sweeps").await;
    world.finish("faq", &automatic(), &dataset()).await;
    let sweep = json!({"assay": "sweep"});
    let (one, two) = tokio::join!(world.deliver(&sweep), world.deliver(&sweep));
    let answers = [one.unwrap(), two.unwrap()];
    assert!(answers.contains(&json!({"sweep": "done", "runs": 1, "troubles": 0})), "{answers:?}");
    // The second came while the first was at work, or when it had ended.
    let other = [json!({"sweep": "busy"}), json!({"sweep": "done", "runs": 0, "troubles": 0})];
    assert!(answers.iter().any(|answer| other.contains(answer)), "{answers:?}");
    world.assert_told_once("faq").await;
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn a_note_that_cannot_be_read_keeps_no_other_job_from_being_looked_at() {
    let world = World::new("unreadable-note").await;
    world.put("jobs/a-broken.json", "{\"job\": ").await;
    world.put("jobs/a-newer.json", json!({"format": 99, "job": "a-newer"}).to_string()).await;
    world.finish("faq", &automatic(), &dataset()).await;
    let error = world.deliver(&json!({"assay": "sweep"})).await.unwrap_err();
    assert_eq!(error.class(), "UnreadableNote", "it is told once the others were looked after");
    assert!(error.chain().contains("jobs/a-broken.json"), "{}", error.chain());
    assert_eq!(world.kinds().await, ["run_finished"]);
    assert_eq!(world.read("jobs/a-broken.json").await, "{\"job\": ", "it is left as it is");
}

#[tokio::test]
async fn a_run_of_which_not_every_job_is_noted_yet_is_left_to_whoever_notes_them() {
    let full = JobBehaviour { max_concurrent_automated: 0, ..JobBehaviour::default() };
    let world = World::with("half-noted", full).await;
    world.start("faq", &automatic(), &many(1_001)).await;
    let mut names: Vec<String> = world.notes().await.into_keys().collect();
    names.sort();
    let first = format!("jobs/{}.json", names[0]);
    let note = world.read(&first).await;
    world.remove(&first).await;
    world.set(JobBehaviour::default());
    assert_eq!(world.sweep().await, (0, 0));
    assert!(world.stand_in.jobs().is_empty() && world.kinds().await.is_empty());
    world.put(&first, note).await;
    world.sweep().await;
    world.ended().await;
    assert_eq!(world.stand_in.jobs().len(), 2);
    world.sweep().await;
    assert_eq!(world.assert_told_once("faq").await.summary()["dataset"]["samples"], 1_001);
}

#[tokio::test]
async fn notes_of_jobs_that_are_done_with_are_not_read_again_by_a_warm_function() {
    let world = World::new("warm").await;
    world.finish("faq", &automatic(), &dataset()).await;
    let reads = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counted = std::sync::Arc::clone(&reads);
    let url = assay_testing::front::start(move |method, path, _| {
        if method.as_str() == "GET" && path.contains("/jobs/faq-") {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        assay_testing::front::Fate::Pass
    });
    let parser = world.parser_at(&url.await).await;
    let sweep = json!({"assay": "sweep"});
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.deliver_to(&parser, &sweep).await.unwrap();
        seen.push(reads.swap(0, std::sync::atomic::Ordering::Relaxed));
    }
    assert!(seen[0] > 0 && seen[1] == 1, "{seen:?}");
    assert_eq!(seen[2..], [0, 0], "{seen:?}");
}

#[tokio::test]
async fn a_job_that_is_under_way_is_left_alone() {
    let world = World::with("under-way", JobBehaviour { hold: vec![String::new()], ..JobBehaviour::default() }).await;
    world.start("faq", &automatic(), &dataset()).await;
    for _ in 0..2 {
        assert_eq!(world.sweep().await, (0, 0));
    }
    let notes: Vec<Value> = world.notes().await.into_values().collect();
    assert_eq!((notes.len(), &notes[0]["state"]), (1, &json!("in_progress")));
    assert!(world.kinds().await.is_empty() && world.metrics().await.is_empty());
    world.set(JobBehaviour::default());
    world.ended().await;
    assert_eq!(world.sweep().await, (1, 0));
    world.assert_told_once("faq").await;
}
