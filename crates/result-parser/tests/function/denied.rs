//! What the function may not do, and a service that is busy: nothing is lost, and messages name the place and the remedy.

use crate::suites::{automatic, dataset};
use crate::world::World;
use assay_testing::front::{self, Fate};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;

fn sweep() -> serde_json::Value {
    json!({"assay": "sweep"})
}

#[tokio::test]
async fn output_that_may_not_be_read_is_told_once_and_read_once_it_may() {
    let world = World::new("denied-output").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let url = front::start(|method, path, _| match method.as_str() == "GET" && path.ends_with("_output.jsonl") {
        true => {
            // As S3 refuses: each answer with a number of its own.
            let id = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
            let answer =
                format!("<Error><Code>AccessDenied</Code><Message>No.</Message><RequestId>{id}</RequestId></Error>");
            Fate::Refuse(403, "application/xml", answer.into())
        }
        false => Fate::Pass,
    })
    .await;
    let parser = world.parser_at(&url).await;
    let error = world.deliver_to(&parser, &world.event(&key)).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    let said = error.chain();
    assert!(said.contains("_output.jsonl") && said.contains("allow s3:GetObject"), "{said}");
    for expected in [1, 0, 0] {
        assert_eq!(world.deliver_to(&parser, &sweep()).await.unwrap()["troubles"], expected);
    }
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("job_unreadable")));
    assert!(notices[0]["facts"].to_string().contains("allow s3:GetObject"), "{}", notices[0]);
    assert_eq!(world.sweep().await, (1, 0));
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_bucket_that_may_not_be_written_is_denied() {
    let world = World::new("denied-write").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.contains("/runs/") {
        true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec()),
        false => Fate::Pass,
    });
    let error = world.deliver_to(&world.parser_at(&url.await).await, &world.event(&key)).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    assert!(error.chain().contains("s3:PutObject") && !error.chain().contains(assay_testing::services::SECRET));
    assert_eq!(world.parse(&key).await, "collected");
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_store_that_is_down_ends_the_sweep_and_is_no_job_s_trouble() {
    let world = World::new("store-down").await;
    world.finish("faq", &automatic(), &dataset()).await;
    let url = front::start(|method, path, _| match method.as_str() == "GET" && path.ends_with("_output.jsonl") {
        true => Fate::Refuse(500, "application/xml", b"<Error><Code>InternalError</Code></Error>".to_vec()),
        false => Fate::Pass,
    });
    let error = world.deliver_to(&world.parser_at(&url.await).await, &sweep()).await.unwrap_err();
    assert_eq!(error.class(), "StoreUnavailable");
    assert!(world.kinds().await.is_empty());
    assert_eq!(world.sweep().await, (1, 0));
    world.assert_told_once("faq").await;
}

/// From now on this operation of Bedrock goes wrong.
pub(crate) fn fail(world: &World, operation: &str, fault: Fault) {
    let rule = FaultRule::always(fault).for_operation(operation);
    world.stand_in.set_behaviour(Behaviour::default().with(rule));
}

#[tokio::test]
async fn jobs_that_may_not_be_listed_keep_no_noted_job_from_being_read() {
    let world = World::new("denied-list").await;
    world.finish("faq", &automatic(), &dataset()).await;
    fail(&world, "ListEvaluationJobs", Fault::Denied);
    let error = world.deliver(&sweep()).await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    assert!(error.chain().contains("allow bedrock:ListEvaluationJobs"), "{}", error.chain());
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_service_that_throttles_is_asked_by_the_next_delivery() {
    let world = World::new("throttled").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let throttle = Fault::Throttle { retry_after_seconds: None };
    fail(&world, "GetEvaluationJob", throttle.clone());
    assert_eq!(world.parse(&key).await, "open", "it is left to the sweep");
    fail(&world, "ListEvaluationJobs", throttle);
    let error = world.deliver(&sweep()).await.unwrap_err();
    assert_eq!(error.class(), "ServiceUnavailable", "{}", error.chain());
    // A list that cannot be had keeps no noted job from being looked at.
    world.assert_told_once("faq").await;
    world.set(local_stack::stand_in::JobBehaviour::default());
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn an_operation_that_is_throttled_for_a_moment_is_asked_again_at_once() {
    let world = World::new("throttled-briefly").await;
    let key = world.finish("faq", &automatic(), &dataset()).await.remove(0);
    let rule =
        FaultRule::always(Fault::Throttle { retry_after_seconds: None }).for_operation("GetEvaluationJob").times(2);
    world.stand_in.set_behaviour(Behaviour::default().with(rule));
    assert_eq!(world.parse(&key).await, "collected");
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_start_that_may_not_be_done_is_told_with_what_to_allow() {
    let world = World::new("denied-create").await;
    let event = world.drop("faq", &automatic(), &dataset()).await;
    fail(&world, "CreateEvaluationJob", Fault::Denied);
    assert_eq!(world.evaluate(&event).await, "jobs started");
    assert!(world.stand_in.jobs().is_empty());
    assert_eq!(world.sweep().await, (0, 1));
    assert_eq!(world.sweep().await, (0, 0), "it is told once");
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("job_unreadable")));
    assert!(notices[0]["facts"].to_string().contains("bedrock:CreateEvaluationJob"), "{}", notices[0]);
    assert_eq!(world.notes().await.values().next().unwrap()["state"], "waiting", "it is no word on the job");
    // Once it is allowed, the sweep goes on.
    world.set(local_stack::stand_in::JobBehaviour::default());
    world.sweep().await;
    world.ended().await;
    world.sweep().await;
    world.assert_told_once("faq").await;
}

#[tokio::test]
async fn a_job_that_the_service_cannot_tell_of_keeps_no_other_from_being_read() {
    let world = World::new("one-broken").await;
    world.finish("a-broken", &automatic(), &dataset()).await;
    let broken = world.stand_in.jobs()[0].arn.clone();
    world.finish("faq", &automatic(), &dataset()).await;
    let rule = FaultRule::always(Fault::ServerError).for_operation("GetEvaluationJob").for_model(&broken);
    world.stand_in.set_behaviour(Behaviour::default().with(rule));
    let error = world.deliver(&sweep()).await.unwrap_err();
    assert_eq!(error.class(), "ServiceUnavailable", "{}", error.chain());
    assert_eq!(
        (world.kinds().await, world.only_run("faq").await.stage()),
        (vec!["run_finished".to_owned()], "done".to_owned())
    );
    world.set(local_stack::stand_in::JobBehaviour::default());
    assert_eq!(world.sweep().await, (1, 0));
    assert_eq!(world.kinds().await, ["run_finished"]);
    assert_eq!(world.only_run("a-broken").await.stage(), "done");
}

#[tokio::test]
async fn a_job_of_another_region_is_not_started_here() {
    let full = local_stack::stand_in::JobBehaviour { max_concurrent_automated: 0, ..Default::default() };
    let world = World::with("other-region", full).await;
    world.start("faq", &automatic(), &dataset()).await;
    let job = world.notes().await.into_keys().next().unwrap();
    world.alter(&job, |note| note["request"]["region"] = json!("eu-central-1")).await;
    world.set(local_stack::stand_in::JobBehaviour::default());
    let error = world.deliver(&sweep()).await.unwrap_err();
    assert_eq!(error.class(), "ServiceRefused");
    let said = error.chain();
    assert!(said.contains(&job) && said.contains("set AWS_REGION=eu-central-1"), "{said}");
    assert!(world.stand_in.jobs().is_empty());
}
