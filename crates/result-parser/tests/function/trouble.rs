//! Jobs that failed, were stopped, are gone or take too long: told once, with what the service says.

use crate::suites::{automatic, dataset};
use crate::told::reading;
use crate::world::World;
use assay_testing::services::http;
use local_stack::stand_in::{JobBehaviour, JobFailure};
use serde_json::{Value, json};

/// A world with a job of ours that stays in progress. Gives back its name.
async fn held(name: &str) -> (World, String) {
    let world = World::with(name, JobBehaviour { hold: vec![String::new()], ..JobBehaviour::default() }).await;
    world.start("faq", &automatic(), &dataset()).await;
    let job = world.stand_in.jobs()[0].name.clone();
    (world, job)
}

/// Sweeps three times, and gives back the only notice.
async fn told_once(world: &World) -> Value {
    let mut troubles = 0;
    for _ in 0..3 {
        troubles += world.sweep().await.1;
    }
    let mut notices = world.notices().await;
    assert_eq!((troubles, notices.len()), (1, 1), "{notices:?}");
    notices.remove(0)
}

#[tokio::test]
async fn a_job_that_failed_is_told_with_its_messages() {
    let messages = ["Line 3 has no prompt.", "The model is not there."].map(str::to_owned).to_vec();
    let fail = vec![JobFailure { name_contains: String::new(), messages: messages.clone() }];
    let world = World::with("failed", JobBehaviour { fail, ..JobBehaviour::default() }).await;
    world.finish("faq", &automatic(), &dataset()).await;
    let notice = told_once(&world).await;
    assert_eq!((&notice["kind"], &notice["facts"]), (&json!("job_failed"), &json!(messages)));
    let job = world.stand_in.jobs()[0].name.clone();
    assert_eq!(notice["summary"], format!("s3://{}/jobs/{job}.json", world.bucket));
    let metrics = world.metrics().await;
    for name in ["JobFailed", "RunFailed"] {
        let found = reading(&metrics, name, "faq");
        assert_eq!((found.sum, found.count), (1.0, 1.0), "{name}");
    }
    let run = world.only_run("faq").await;
    assert_eq!(run.summary()["status"], "failed");
    assert!(run.problems().contains("Line 3 has no prompt.; The model is not there."), "{}", run.problems());
    assert_eq!(run.summary()["models"][0]["failed"], 2);
}

#[tokio::test]
async fn a_job_that_was_stopped_is_told() {
    let (world, job) = held("stopped").await;
    let arn = world.stand_in.jobs()[0].arn.replace(':', "%3A").replace('/', "%2F");
    let stop = http().post(format!("{}/evaluation-job/{arn}/stop", world.stand_in.url()));
    let answer = stop.header("content-type", "application/json").body("{}").send().await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
    world.ended().await;
    let notice = told_once(&world).await;
    assert_eq!(notice["kind"], "job_stopped");
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "JobStopped", "faq").sum, 1.0);
    assert!(!metrics.keys().any(|(name, _)| name == "JobFailed"));
    let run = world.only_run("faq").await;
    assert!(run.problems().contains(&format!("the job {job} was stopped")), "{}", run.problems());
}

#[tokio::test]
async fn a_job_that_was_deleted_before_it_was_read_is_told() {
    let fail = vec![JobFailure { name_contains: String::new(), messages: vec!["no".to_owned()] }];
    let world = World::with("gone", JobBehaviour { fail, ..JobBehaviour::default() }).await;
    world.finish("faq", &automatic(), &dataset()).await;
    let (job, arn) = (world.stand_in.jobs()[0].name.clone(), world.stand_in.jobs()[0].arn.clone());
    world.delete(&arn).await;
    // At first the service may just not know it yet.
    assert_eq!((world.sweep().await, world.notes().await[&job]["state"].clone()), ((0, 0), json!("in_progress")));
    let before = jiff::Timestamp::now() - jiff::Span::new().minutes(16);
    world.alter(&job, |note| note["started_at"] = json!(before.to_string())).await;
    let notice = told_once(&world).await;
    assert_eq!(notice["kind"], "job_failed");
    let run = world.only_run("faq").await;
    assert!(run.problems().contains("does not exist any more and has left no output"), "{}", run.problems());
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_told_once_and_read_when_it_is_done() {
    let (world, job) = held("stuck").await;
    assert_eq!(world.sweep().await, (0, 0));
    let before = jiff::Timestamp::now() - jiff::Span::new().hours(12).minutes(1);
    world.alter(&job, |note| note["started_at"] = json!(before.to_string())).await;
    let notice = told_once(&world).await;
    assert_eq!((&notice["kind"], &notice["run"]), (&json!("job_stuck"), &world.notes().await[&job]["run"]));
    assert_eq!(reading(&world.metrics().await, "JobStuck", "faq").count, 1.0);
    world.set(JobBehaviour::default());
    world.ended().await;
    assert_eq!(world.sweep().await, (1, 0));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn people_have_more_time() {
    let world = World::with("people-slow", JobBehaviour { hold: vec![String::new()], ..JobBehaviour::default() }).await;
    let spec = "online: false\njobs:\n- kind: human\n  flow_definition: 'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/raters'\n  \
        instructions: Read.\n  models: [{id: 'amazon.nova-micro-v1:0'}]\n  ratings: [{name: Up, method: ThumbsUpDown}]\n";
    world.start("faq", spec, &dataset()).await;
    let job = world.stand_in.jobs()[0].name.clone();
    let started = |days: i64| json!((jiff::Timestamp::now() - jiff::Span::new().hours(24 * days)).to_string());
    world.alter(&job, |note| note["started_at"] = started(13)).await;
    assert_eq!(world.sweep().await, (0, 0));
    world.alter(&job, |note| note["started_at"] = started(15)).await;
    assert_eq!(told_once(&world).await["kind"], "job_stuck");
}

#[tokio::test]
async fn a_job_that_is_done_and_has_no_output_is_waited_for_and_then_told() {
    let world = World::new("no-output-at-all").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let path = object_store::path::Path::parse(&key).unwrap();
    object_store::ObjectStoreExt::delete(&*world.store, &path).await.unwrap();
    // The output may be on its way.
    assert_eq!(world.sweep().await, (0, 0));
    let notes = world.notes().await;
    let note = notes.values().next().unwrap();
    assert_eq!(note["state"], "in_progress");
    assert!(world.kinds().await.is_empty());
}

#[tokio::test]
async fn a_topic_that_does_not_take_the_notice_is_told_again() {
    let fail = vec![JobFailure { name_contains: String::new(), messages: vec!["no".to_owned()] }];
    let world = World::with("topic-down", JobBehaviour { fail, ..JobBehaviour::default() }).await;
    world.finish("faq", &automatic(), &dataset()).await;
    let parser = world.parser_at(&assay_testing::front::refusing_notices("").await).await;
    let error = world.deliver_to(&parser, &json!({"assay": "sweep"})).await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced", "{}", error.chain());
    world.sweep().await;
    world.sweep().await;
    assert_eq!(world.kinds().await, ["job_failed"]);
}
