//! Jobs for which the service has no room: they wait in their notes, and the sweep starts them.

use crate::suites::{dataset, many};
use crate::world::{MODEL, OTHER, World};
use assay_testing::front::{self, Fate};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, JobBehaviour};
use serde_json::{Value, json};

const THIRD: &str = "amazon.nova-pro-v1:0";

fn spec() -> String {
    format!(
        "online: false\njobs: [{{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy], models: [{{id: '{MODEL}'}}, {{id: '{OTHER}'}}, {{id: '{THIRD}'}}]}}]\n"
    )
}

async fn states(world: &World) -> Vec<String> {
    let notes = world.notes().await;
    notes.values().map(|note| note["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn they_are_started_one_after_the_other_and_none_is_lost() {
    let jobs = JobBehaviour { max_concurrent_automated: 1, hold: vec![String::new()], ..JobBehaviour::default() };
    let world = World::with("room", jobs).await;
    world.start("faq", &spec(), &dataset()).await;
    assert_eq!(states(&world).await, ["in_progress", "waiting", "waiting"]);
    assert_eq!(world.sweep().await, (0, 0));
    assert_eq!(states(&world).await, ["in_progress", "waiting", "waiting"]);
    let notes: Vec<Value> = world.notes().await.into_values().collect();
    assert!(notes[1]["messages"].to_string().contains("limit of 1 concurrent"), "{}", notes[1]["messages"]);
    world.set(JobBehaviour { max_concurrent_automated: 1, ..JobBehaviour::default() });
    let mut runs = 0;
    for sweeps in 1.. {
        world.ended().await;
        runs += world.sweep().await.0;
        if runs > 0 {
            break;
        }
        assert!(sweeps < 10, "{:?}", states(&world).await);
    }
    assert_eq!(states(&world).await, ["completed"; 3]);
    let run = world.assert_told_once("faq").await;
    assert_eq!((run.records().len(), world.stand_in.jobs().len()), (6, 3));
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn people_s_jobs_do_not_wait_for_automatic_ones() {
    let jobs = JobBehaviour { max_concurrent_automated: 0, max_concurrent_human: 0, ..JobBehaviour::default() };
    let world = World::with("two-kinds", jobs).await;
    let spec = format!(
        "online: false\njobs:\n- {{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy], models: [{{id: '{MODEL}'}}]}}\n- kind: human\n  \
         flow_definition: 'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters'\n  instructions: Read.\n  \
         models: [{{id: '{MODEL}'}}]\n  ratings: [{{name: Up, method: ThumbsUpDown}}]\n"
    );
    world.start("faq", &spec, &dataset()).await;
    assert_eq!(states(&world).await, ["waiting"; 2]);
    world.set(JobBehaviour { max_concurrent_automated: 0, ..JobBehaviour::default() });
    world.sweep().await;
    let notes = world.notes().await;
    for note in notes.values() {
        let is_human = note["is_human"] == true;
        assert_eq!(note["state"] == "waiting", !is_human, "{note}");
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_loses_no_job() {
    let world = World::new("create-down").await;
    let rule = FaultRule::always(Fault::Unavailable).for_operation("CreateEvaluationJob");
    world.stand_in.set_behaviour(Behaviour::default().with(rule));
    let event = world.drop("faq", &spec(), &many(3)).await;
    assert_eq!(world.evaluate(&event).await, "jobs started");
    assert_eq!(states(&world).await, ["waiting"; 3]);
    world.set(JobBehaviour::default());
    world.sweep().await;
    world.ended().await;
    assert_eq!(world.stand_in.jobs().len(), 3);
    world.sweep().await;
    assert_eq!(world.assert_told_once("faq").await.records().len(), 9);
}

#[tokio::test]
async fn one_that_waits_too_long_is_told_with_why() {
    let world =
        World::with("waits-long", JobBehaviour { max_concurrent_automated: 0, ..JobBehaviour::default() }).await;
    world.start("faq", &spec(), &dataset()).await;
    let job = world.notes().await.into_keys().next().unwrap();
    let before = jiff::Timestamp::now() - jiff::Span::new().hours(13);
    world.alter(&job, |note| note["noted_at"] = json!(before.to_string())).await;
    assert_eq!((world.sweep().await, world.sweep().await), ((0, 1), (0, 0)));
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("job_stuck")));
    assert!(notices[0]["facts"].to_string().contains("limit of 0 concurrent"), "{}", notices[0]);
}

#[tokio::test]
async fn a_start_that_was_cut_off_before_it_was_noted_is_no_other_job() {
    let world =
        World::with("start-cut-off", JobBehaviour { max_concurrent_automated: 0, ..JobBehaviour::default() }).await;
    let event = world.drop("faq", &crate::suites::automatic(), &dataset()).await;
    assert_eq!(world.evaluate(&event).await, "jobs started");
    // So that the note is older than the job, in whole seconds.
    assay_testing::clock::next_second().await;
    world.set(JobBehaviour::default());
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.contains("/jobs/") {
        true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec()),
        false => Fate::Pass,
    });
    world.evaluate_at(&url.await, &event).await.unwrap_err();
    world.ended().await;
    assert_eq!((states(&world).await, world.stand_in.jobs().len()), (vec!["waiting".to_owned()], 1));
    assert_eq!(world.sweep().await, (1, 0));
    let run = world.assert_told_once("faq").await;
    assert_eq!((run.records()[0]["sample"]["id"].clone(), world.notes().await.len()), (json!("s1"), 1));
    assert_eq!(world.stand_in.jobs().len(), 1);
}
