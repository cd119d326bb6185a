//! Jobs that cannot be started: a failed run that says why, and no job.

use crate::requests::{PROMPTS, automatic as theirs};
use crate::suites::{automatic, dataset, many};
use crate::told::reading;
use crate::world::World;
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::{Value, json};

/// Asserts that there is a failed run with this problem, told once, and no job.
async fn assert_refused(world: &World, told: &[&str]) {
    assert!(world.stand_in.jobs().is_empty() && world.notes().await.is_empty());
    let run = world.only_run("faq").await;
    assert_eq!((run.summary()["status"].clone(), run.stage()), (json!("failed"), "done".to_owned()));
    let problems = run.problems();
    for text in told {
        assert!(problems.contains(text), "{text}: {problems}");
    }
    assert_eq!(world.kinds().await, ["run_failed"]);
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "RunFailed", "faq").count, 1.0);
}

#[tokio::test]
async fn a_dataset_without_a_line_that_a_job_takes() {
    let world = World::new("refused-long").await;
    let line = |number: usize| {
        json!({"prompt": format!("{number}{}", "x".repeat(4_096)), "referenceResponse": "r"}).to_string()
    };
    let text = [line(1), line(2)].join("\n");
    let event = world.drop("faq", &automatic(), &text).await;
    assert_eq!(world.evaluate(&event).await, "jobs started");
    assert_refused(
        &world,
        &["cases.jsonl:1: prompt", "cases.jsonl:2: prompt", "4097 bytes, more than the 4096", "shorten"],
    )
    .await;
    assert_eq!(world.evaluate(&event).await, "jobs started");
    assert!(world.kinds().await.is_empty(), "it was told before");
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn a_job_without_a_role() {
    let mut world = World::new("refused-role").await;
    world.settings.job_role = None;
    let event = world.drop("faq", &automatic(), &dataset()).await;
    world.evaluate(&event).await;
    assert_refused(&world, &["jobs[automatic]", "no service role", "give the job `role`"]).await;
}

#[tokio::test]
async fn a_refusal_whose_telling_was_cut_off_is_told_by_the_next_delivery() {
    let mut world = World::new("refused-untold").await;
    world.settings.job_role = None;
    let event = world.drop("faq", &automatic(), &dataset()).await;
    world.evaluate(&event).await;
    assert_eq!(world.kinds().await, ["run_failed"]);
    // As if the process had died between the summary and the notice.
    let key = world.keys("runs/").await.into_iter().find(|key| key.ends_with("/claim.json")).unwrap();
    let mut claim: Value = serde_json::from_str(&world.read(&key).await).unwrap();
    (claim["stage"], claim["lease_until"]) = (json!("published"), json!("1970-01-01T00:00:00Z"));
    world.put(&key, claim.to_string()).await;
    world.evaluate(&event).await;
    assert_refused(&world, &["no service role"]).await;
}

#[tokio::test]
async fn some_lines_that_a_job_does_not_take_are_left_out_and_told() {
    let world = World::new("refused-some").await;
    let long = json!({"prompt": "x".repeat(4_097), "referenceResponse": "r"}).to_string();
    let key = world.finish("faq", &automatic(), &format!("{long}\n{}", dataset())).await.remove(0);
    assert_eq!(world.parse(&key).await, "collected");
    let run = world.assert_told_once("faq").await;
    let summary = run.summary();
    assert_eq!((&summary["dataset"]["samples"], &summary["dataset"]["bad_lines"]), (&json!(2), &json!(1)));
    assert!(run.problems().contains("cases.jsonl:1: prompt"), "{}", run.problems());
    let lines: Vec<Value> = run.records().iter().map(|record| record["sample"]["line"].clone()).collect();
    assert_eq!(lines, [2, 3]);
}

#[tokio::test]
async fn a_request_that_the_service_refuses() {
    let world = World::new("refused-by-service").await;
    let rule = FaultRule::always(Fault::Validation).for_operation("CreateEvaluationJob");
    world.stand_in.set_behaviour(Behaviour::default().with(rule));
    let event = world.drop("faq", &automatic(), &dataset()).await;
    world.evaluate(&event).await;
    let note = world.notes().await.values().next().unwrap().clone();
    assert_eq!(note["state"], "refused");
    world.set(local_stack::stand_in::JobBehaviour::default());
    world.sweep().await;
    assert_eq!(world.sweep().await, (0, 0));
    assert!(world.stand_in.jobs().is_empty(), "what was refused is not asked again");
    let run = world.only_run("faq").await;
    let name = note["job"].as_str().unwrap();
    let problems = run.problems();
    assert!(problems.contains(&format!("the service refused the job {name}: rejected: Validation")), "{problems}");
    assert_eq!(run.summary()["models"][0]["failed"], 2);
    assert_eq!(world.kinds().await, ["job_failed"]);
}

#[tokio::test]
async fn a_name_that_another_job_has() {
    let world = World::new("name-in-use").await;
    // The name is learned by letting the service have no room at first.
    let full = local_stack::stand_in::JobBehaviour { max_concurrent_automated: 0, ..Default::default() };
    world.set(full);
    world.start("faq", &automatic(), &dataset()).await;
    let name = world.notes().await.into_keys().next().unwrap();
    world.set(local_stack::stand_in::JobBehaviour::default());
    world.put("other/prompts.jsonl", PROMPTS).await;
    world.create(&theirs(&name, &world.bucket, "elsewhere/")).await;
    world.ended().await;
    world.sweep().await;
    world.sweep().await;
    let note = world.notes().await[&name].clone();
    assert_eq!(note["state"], "refused");
    let said = note["messages"].to_string();
    assert!(said.contains("name in use") && said.contains(&name), "{said}");
    assert_eq!(world.kinds().await, ["job_failed"]);
    assert_eq!(world.stand_in.jobs().len(), 1);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_by_the_name_of_the_job() {
    let world = World::new("adopted").await;
    world.start("faq", &automatic(), &many(2)).await;
    world.ended().await;
    let name = world.stand_in.jobs()[0].name.clone();
    // Forgotten by us; and the service has forgotten the token, so the name alone is left.
    let forget = |note: &mut Value| {
        note["state"] = json!("waiting");
        note["request"]["tags"]["more"] = json!("so that the token stands for another request");
        for member in ["arn", "started_at", "output_folder"] {
            note.as_object_mut().unwrap().remove(member);
        }
    };
    world.alter(&name, forget).await;
    assert_eq!(world.sweep().await, (1, 0));
    assert_eq!(world.stand_in.jobs().len(), 1);
    assert_eq!(world.assert_told_once("faq").await.records().len(), 2);
}
