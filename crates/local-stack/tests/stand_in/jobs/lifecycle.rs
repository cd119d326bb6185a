//! A job from its creation to its end: completed, failed, stopped, held; and what may be there only once.

use local_stack::stand_in::{Behaviour, Fault, FaultRule, JobBehaviour, JobFailure, JobStatus, Outcome};
use serde_json::{Value, json};

use super::super::error;
use super::requests::*;
use super::{World, id};

/// Longer than any test takes, even on a slow machine.
const LONG_MS: u64 = 3_600_000;

fn held(names: &[&str]) -> JobBehaviour {
    JobBehaviour { hold: names.iter().map(|name| (*name).to_owned()).collect(), ..JobBehaviour::default() }
}

#[tokio::test]
async fn a_job_is_described_as_it_was_asked_for() {
    let world = World::start("described", held(&[""])).await;
    let mut body = automatic("described", &world.bucket);
    body["jobDescription"] = json!("What the service keeps.");
    body["clientRequestToken"] = json!("token-1");
    let arn = world.create(&body).await;
    assert!(arn.starts_with("arn:aws:bedrock:us-east-1:000000000000:evaluation-job/"), "{arn}");
    assert_eq!(id(&arn).len(), 12);
    let job = world.get(&arn).await;
    for member in ["jobName", "jobDescription", "roleArn", "evaluationConfig", "inferenceConfig", "outputDataConfig"] {
        assert_eq!(job[member], body[member], "{member}");
    }
    assert_eq!((&job["jobArn"], &job["status"]), (&json!(arn), &json!("InProgress")));
    assert_eq!((&job["jobType"], &job["applicationType"]), (&json!("Automated"), &json!("ModelEvaluation")));
    assert!(job["creationTime"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{job}");
    assert!(job.get("failureMessages").is_none() && job.get("clientRequestToken").is_none());
    // The same address without encoding.
    assert_eq!(world.fetch(&format!("/evaluation-jobs/{arn}")).await.status(), 200);

    let other = "arn:aws:bedrock:us-east-1:000000000000:evaluation-job/abcdefghijkl";
    let (status, name, _) = error(world.fetch(&format!("/evaluation-jobs/{other}")).await).await;
    assert_eq!((status, name.as_str()), (404, "ResourceNotFoundException"));
    let (status, name, _) = error(world.fetch(&format!("/evaluation-jobs/{}", id(&arn))).await).await;
    assert_eq!((status, name.as_str()), (400, "ValidationException"), "the id alone is no identifier");
    let role = json!("arn:aws:iam::111122223333:role/evaluation");
    let elsewhere = world.create(&with(automatic("described", &world.bucket), "/roleArn", role)).await;
    assert!(elsewhere.contains(":111122223333:"), "another account, another name: {elsewhere}");
}

#[tokio::test]
async fn names_are_taken_and_tokens_repeat() {
    let world = World::start("names", held(&[""])).await;
    let with_token =
        |name: &str, token: &str| with(automatic(name, &world.bucket), "/clientRequestToken", json!(token));
    let first = world.create(&with_token("one", "token-1")).await;
    assert_eq!(world.create(&with_token("one", "token-1")).await, first);
    for body in [with_token("two", "token-1"), with_token("one", "token-2"), automatic("one", &world.bucket)] {
        let (status, name, _) = error(world.served.post("/evaluation-jobs", &body).await).await;
        assert_eq!((status, name.as_str()), (400, "ConflictException"));
    }
    assert_eq!(world.served.jobs().len(), 1);
    assert_eq!(world.served.repeated_answers(), 0, "nothing was paid for twice");
}

#[tokio::test]
async fn only_so_many_jobs_are_under_way() {
    let limits = JobBehaviour { max_concurrent_automated: 2, max_concurrent_human: 1, ..held(&["held"]) };
    let world = World::start("quota", limits).await;
    let thumbs = |name: &str| human(name, &world.bucket, &[MODEL], &[("Helpful", "ThumbsUpDown")]);
    let first = world.create(&automatic("held-1", &world.bucket)).await;
    world.create(&judge("held-2", &world.bucket)).await;
    world.create(&thumbs("held-3")).await;
    for body in [automatic("more-1", &world.bucket), thumbs("more-2")] {
        let (status, name, _) = error(world.served.post("/evaluation-jobs", &body).await).await;
        assert_eq!((status, name.as_str()), (400, "ServiceQuotaExceededException"));
    }
    assert_eq!(world.stop(&first).await.status(), 200);
    world.until(&first, "Stopped").await;
    world.create(&automatic("more-1", &world.bucket)).await;
}

#[tokio::test]
async fn held_jobs_wait_and_go_on() {
    let world = World::start("held", held(&["slow"])).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let slow = world.create(&automatic("slow-one", &world.bucket)).await;
    world.complete(&automatic("quick-one", &world.bucket)).await;
    assert_eq!(world.get(&slow).await["status"], "InProgress");
    assert_eq!(world.keys("out/slow-one").await, ["out/slow-one/amazon-bedrock-evaluations-permission-check"]);
    assert_eq!(world.read("out/slow-one/amazon-bedrock-evaluations-permission-check").await, "");
    world.set(JobBehaviour::default());
    world.until(&slow, "Completed").await;
    let (key, lines) = world.output("slow-one").await;
    assert!(key.contains(id(&slow)), "{key}");
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn failing_jobs_say_why_and_write_nothing() {
    let messages = vec!["The role cannot be assumed.".to_owned(), "Try another.".to_owned()];
    let fail = vec![JobFailure { name_contains: "bad".to_owned(), messages: messages.clone() }];
    let world = World::start("failing", JobBehaviour { fail, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.create(&automatic("a-bad-one", &world.bucket)).await;
    assert_eq!(world.until(&arn, "Failed").await["failureMessages"], json!(messages));
    assert_eq!(world.keys("out/a-bad-one").await.len(), 1);
    assert_eq!(world.served.jobs()[0].failure_messages, messages);

    let arn = world
        .create(&with(automatic("nowhere", &world.bucket), "/outputDataConfig/s3Uri", json!("s3://no-bucket")))
        .await;
    let job = world.until(&arn, "Failed").await;
    assert!(job["failureMessages"][0].as_str().unwrap().contains("no-bucket"), "{job}");
}

#[tokio::test]
async fn stopped_jobs_write_nothing() {
    let world = World::start("stopping", JobBehaviour { stop_after_ms: LONG_MS, ..held(&["long"]) }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.create(&automatic("long", &world.bucket)).await;
    let response = world.stop(&arn).await;
    assert_eq!((response.status().as_u16(), response.json::<Value>().await.unwrap()), (200, json!({})));
    assert_eq!(world.get(&arn).await["status"], "Stopping");
    assert_eq!(world.stop(&arn).await.status(), 200);
    world.set(JobBehaviour::default());
    world.until(&arn, "Stopped").await;
    assert!(world.keys("out/long").await.iter().all(|key| key.ends_with("permission-check")));

    let (status, name, message) = error(world.stop(&arn).await).await;
    assert_eq!((status, name.as_str()), (400, "ConflictException"));
    assert!(message.contains("Stopped"), "{message}");
    let other = "arn:aws:bedrock:us-east-1:000000000000:evaluation-job/abcdefghijkl";
    assert_eq!(world.stop(other).await.status(), 404);
}

#[tokio::test]
async fn the_status_may_come_after_the_output() {
    let world = World::start("late", JobBehaviour { completes_late_ms: LONG_MS, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let arn = world.create(&automatic("late", &world.bucket)).await;
    while world.keys("out/late").await.len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(world.get(&arn).await["status"], "InProgress");
    let (status, name, _) = error(world.stop(&arn).await).await;
    assert_eq!((status, name.as_str()), (400, "ConflictException"), "it is too late to stop it");

    // A new time also counts for a job that waits already.
    world.set(JobBehaviour { completes_late_ms: 100, ..JobBehaviour::default() });
    world.until(&arn, "Completed").await;
    let before = std::time::Instant::now();
    world.complete(&automatic("less-late", &world.bucket)).await;
    assert!(before.elapsed().as_millis() >= 100);
}

#[tokio::test]
async fn the_end_comes_after_a_time() {
    let world = World::start("timed", JobBehaviour { finish_after_ms: 300, ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let before = std::time::Instant::now();
    world.complete(&automatic("timed", &world.bucket)).await;
    assert!(before.elapsed().as_millis() >= 300);
}

#[tokio::test]
async fn deleting_takes_finished_jobs_only() {
    let world = World::start("deleting", held(&["held"])).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    let done = world.complete(&automatic("done", &world.bucket)).await;
    let running = world.create(&automatic("held", &world.bucket)).await;
    let unknown = "arn:aws:bedrock:us-east-1:000000000000:evaluation-job/abcdefghijkl";
    let body = json!({"jobIdentifiers": [done, running, unknown]});
    let response = world.served.post("/evaluation-jobs/batch-delete", &body).await;
    assert_eq!(response.status(), 202);
    let answer: Value = response.json().await.unwrap();
    super::assert_fits("BatchDeleteEvaluationJob", &answer);
    assert_eq!(answer["evaluationJobs"], json!([{"jobIdentifier": done, "jobStatus": "Deleting"}]));
    let refused: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|one| &one["jobIdentifier"]).collect();
    assert_eq!(refused, [&json!(running), &json!(unknown)]);
    assert_eq!(world.served.jobs().len(), 1);
    world.complete(&automatic("done", &world.bucket)).await;

    for identifiers in [json!([]), json!(vec![running; 26])] {
        let body = json!({"jobIdentifiers": identifiers});
        assert_eq!(world.served.post("/evaluation-jobs/batch-delete", &body).await.status(), 400);
    }
}

#[tokio::test]
async fn faults_meet_jobs_as_they_meet_other_calls() {
    let world = World::start("faults", JobBehaviour::default()).await;
    let throttle = Fault::Throttle { retry_after_seconds: Some(3) };
    let rule = |fault: Fault, operation: &str| FaultRule::always(fault).for_operation(operation).times(1);
    let behaviour = Behaviour { jobs: held(&[""]), ..Behaviour::default() }
        .with(rule(throttle, "CreateEvaluationJob").for_model("one"))
        .with(rule(Fault::Denied, "ListEvaluationJobs"))
        .with(rule(Fault::ServerError, "GetEvaluationJob"))
        .with(rule(Fault::Unavailable, "StopEvaluationJob"));
    world.served.set_behaviour(behaviour);
    let arn = world.create(&automatic("other", &world.bucket)).await;
    let response = world.served.post("/evaluation-jobs", &automatic("one", &world.bucket)).await;
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"3".parse().unwrap()));
    assert_eq!(world.served.jobs().len(), 1);
    assert_eq!(world.fetch("/evaluation-jobs").await.status(), 403);
    assert_eq!(world.fetch("/evaluation-jobs").await.status(), 200);
    assert_eq!(world.fetch(&format!("/evaluation-jobs/{arn}")).await.status(), 500);
    assert_eq!(world.stop(&arn).await.status(), 503);
    assert_eq!(world.stop(&arn).await.status(), 200);
    let calls = world.served.calls();
    let described: Vec<_> = calls.iter().map(|call| (call.operation, &*call.model)).collect();
    assert_eq!(
        described[..3],
        [
            ("CreateEvaluationJob", "other"),
            ("CreateEvaluationJob", "one"),
            ("ListEvaluationJobs", "ListEvaluationJobs"),
        ]
    );
    assert_eq!(described[4], ("GetEvaluationJob", arn.as_str()));
    assert_eq!(calls[0].outcome, Outcome::Answered);
    assert_eq!(world.served.latest_requests().len(), 4, "reading has no body: two creations and two stops");
    assert!(matches!(world.served.jobs()[0].status, JobStatus::Stopping | JobStatus::Stopped));
}
