//! A run of a job against the suite's baseline: one of the same job, and no other.

use crate::suites::{automatic, dataset};
use crate::world::World;
use assay_testing::run::Run;
use serde_json::{Value, json};

async fn set_baseline(world: &World, run: &Run) {
    let place = format!("runs/faq/{}", run.id);
    let baseline =
        json!({"format": 1, "suite": "faq", "run": run.id, "place": place, "set_at": "2026-11-01T00:00:00Z"});
    world.put("suites/faq/baseline.json", baseline.to_string()).await;
}

fn is_of_job(run: &Run) -> bool {
    run.json("spec.json")["job"].is_object()
}

/// Drops the suite with a gate of this level, and gives back the job's run of it.
async fn job_run(world: &World, alpha: f64) -> Run {
    let gate = format!("gate: {{no_regression: {{alpha: {alpha}}}}}\n");
    let event = world.drop("faq", &(automatic().replace("online: false\n", "") + &gate), &dataset()).await;
    assert_eq!(world.evaluate(&event).await, "evaluated");
    world.ended().await;
    world.sweep().await;
    let is_meant =
        |run: &Run| is_of_job(run) && run.json("spec.json")["spec"]["gate"]["no_regression"]["alpha"] == alpha;
    world.runs("faq").await.into_iter().find(is_meant).unwrap()
}

#[tokio::test]
async fn a_run_of_a_job_is_compared_with_one_of_the_same_job_alone() {
    let world = World::new("baselines").await;
    let first = job_run(&world, 0.05).await;
    let here = world.runs("faq").await.into_iter().find(|run| !is_of_job(run)).unwrap();

    set_baseline(&world, &here).await;
    let verdict: Value = job_run(&world, 0.04).await.summary()["gate"].clone();
    assert_eq!(verdict["passed"], true, "{verdict}");
    let notes = verdict["notes"].to_string();
    assert!(notes.contains("evaluated by Assay, this run by the managed job `automatic`"), "{notes}");

    set_baseline(&world, &first).await;
    let notes = job_run(&world, 0.03).await.summary()["gate"]["notes"].to_string();
    assert!(notes.contains("2 samples shared with the baseline are too few"), "{notes}");
}
