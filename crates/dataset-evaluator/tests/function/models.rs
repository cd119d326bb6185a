//! Models that cannot be asked, or answer badly: the others go on, and the run says what to do.

use crate::world::{MODEL, World, dataset, reading};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;

const OTHER: &str = "example.other-v1:0";

/// Evaluates two questions by two models of which one has a fault for good.
async fn with_fault(name: &str, behaviour: Behaviour) -> World {
    let mut world = World::new(name).await;
    world.settings.model_ids.push(OTHER.to_owned());
    world.stand_in.set_behaviour(behaviour);
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    world
}

async fn is_failed_for_the_other_alone(world: &World, class: &str, remedy: &str) {
    let run = world.only_run("s").await;
    let summary = run.summary();
    assert_eq!(summary["status"], "failed");
    let (other, first) = (&summary["models"][0], &summary["models"][1]);
    assert_eq!((&other["model"], &other["answered"], &other["failed"]), (&json!(OTHER), &json!(0), &json!(2)));
    assert_eq!((&first["model"], &first["answered"], &first["failed"]), (&json!(MODEL), &json!(2), &json!(0)));
    assert_eq!(first["scores"]["relevance"]["mean"], json!(0.625));
    assert!(other["failures"][class]["count"].as_u64() >= Some(1), "{}", other["failures"]);
    let problems = run.problems();
    assert!(problems.contains(OTHER) && problems.contains(remedy), "{problems}");
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "RunFailed", "s").sum, 1.0);
    assert_eq!(reading(&metrics, "SamplesFailed", OTHER).sum, 2.0);
    assert_eq!(reading(&metrics, "Relevance", MODEL).count, 2.0);
    assert!(!metrics.contains_key(&("ModelLatency".to_owned(), OTHER.to_owned())));
    let notice = world.notices().await.remove(0);
    assert_eq!(notice["kind"], "run_failed");
    assert!(notice["facts"].to_string().contains(remedy), "{notice}");
}

#[tokio::test]
async fn a_model_that_does_not_exist_fails_the_run_and_not_the_other_model() {
    let behaviour = Behaviour { known_models: Some(vec![MODEL.to_owned()]), ..Behaviour::default() };
    let world = with_fault("unknown-model", behaviour).await;
    is_failed_for_the_other_alone(&world, "missing", "check the id").await;
}

#[tokio::test]
async fn a_model_without_access_fails_the_run_and_not_the_other_model() {
    let behaviour = Behaviour::default().with(FaultRule::always(Fault::Denied).for_model(OTHER));
    let world = with_fault("denied-model", behaviour).await;
    is_failed_for_the_other_alone(&world, "denied", "allow bedrock:InvokeModel").await;
}

#[tokio::test]
async fn one_refused_question_fails_alone() {
    let fault = FaultRule::always(Fault::Validation).for_model(OTHER).for_prompt("France");
    let world = with_fault("refused-question", Behaviour::default().with(fault)).await;
    let summary = world.only_run("s").await.summary();
    assert_eq!(summary["status"], "completed");
    let other = &summary["models"][0];
    assert_eq!((&other["answered"], &other["failed"]), (&json!(1), &json!(1)));
    assert_eq!(other["failures"]["rejected"]["count"], 1);
    assert_eq!(summary["models"][1]["answered"], 2);
}

#[tokio::test]
async fn passing_faults_are_overcome() {
    let behaviour = Behaviour::default()
        .with(FaultRule::always(Fault::Throttle { retry_after_seconds: None }).times(1))
        .with(FaultRule::always(Fault::ServerError).times(1))
        .with(FaultRule::always(Fault::ConnectionReset).times(1))
        .with(FaultRule::always(Fault::MalformedBody).times(1));
    let world = with_fault("passing-faults", behaviour).await;
    let summary = world.only_run("s").await.summary();
    assert_eq!(summary["status"], "completed");
    for model in summary["models"].as_array().unwrap() {
        assert_eq!((&model["answered"], &model["failed"]), (&json!(2), &json!(0)), "{model}");
    }
    assert_eq!(world.stand_in.totals().calls, 8);
    assert_eq!(reading(&world.metrics().await, "ModelLatency", MODEL).count, 2.0, "failed attempts measure nothing");
}
