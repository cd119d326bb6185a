//! What tests see of jobs, in this process and from another one.

use local_stack::stand_in::{JobBehaviour, JobStatus, StandInOptions};
use serde_json::{Value, json};

use super::requests::*;
use super::{World, tools};

#[tokio::test]
async fn jobs_are_seen_in_process_and_from_outside() {
    let world = World::start("seen", JobBehaviour::default()).await;
    let set = json!({"jobs": {"hold": ["held"], "finish_after_ms": 10}});
    let behaviour = format!("{}/control/behaviour", world.served.url());
    assert_eq!(world.served.http.put(&behaviour).json(&set).send().await.unwrap().status(), 204);
    let misspelt = json!({"jobs": {"holds": ["held"]}});
    assert_eq!(world.served.http.put(&behaviour).json(&misspelt).send().await.unwrap().status(), 400);

    let body = automatic("held-one", &world.bucket);
    let arn = world.create(&body).await;
    let jobs = world.served.jobs();
    assert_eq!((jobs[0].name.as_str(), &jobs[0].arn, &jobs[0].request), ("held-one", &arn, &body));
    assert_eq!((jobs[0].status, jobs[0].status.is_final()), (JobStatus::InProgress, false));
    let shown: Value = world.fetch("/control/jobs").await.json().await.unwrap();
    assert_eq!((&shown[0]["arn"], &shown[0]["status"]), (&json!(arn), &json!("InProgress")));
    assert_eq!(shown[0]["request"], body);
}

#[tokio::test]
async fn without_storage_jobs_fail_and_say_so() {
    let control_model = Some(std::sync::Arc::clone(&tools().control_model));
    let served = super::super::start(StandInOptions { control_model, ..StandInOptions::default() });
    assert_eq!(served.post("/evaluation-jobs", &automatic("lost", "some-bucket")).await.status(), 202);
    while served.jobs()[0].status == JobStatus::InProgress {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let job = &served.jobs()[0];
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.failure_messages[0].contains("not told where S3 is"), "{:?}", job.failure_messages);
}
