//! Output of jobs of which the service says nothing: it is read once it was quiet for a while.
//!
//! That takes a minute, so all of them wait for it together.

use crate::denied::fail;
use crate::expected::model;
use crate::foreign::written;
use crate::samples::every_sample_is_read_from_the_key_to_the_summary;
use crate::world::{MODEL, World};
use local_stack::stand_in::Fault;
use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use std::time::{Duration, SystemTime};

#[tokio::test]
async fn jobs_of_which_the_service_says_nothing_are_read_by_their_output() {
    tokio::join!(
        deleted(),
        denied(),
        of_another_account(),
        of_no_account(),
        every_sample_is_read_from_the_key_to_the_summary()
    );
}

/// Asserts that the output is read, but not at once, and that the summary says why.
async fn assert_read(world: &World, key: &str, why: &str) {
    let written = world.store.head(&Path::parse(key).unwrap()).await.unwrap().last_modified;
    assert_eq!(world.parse(key).await, "collected", "{why}");
    let since = SystemTime::now().duration_since(written.into()).unwrap();
    assert!(since >= Duration::from_secs(60), "{why}: it could still be writing after {since:?}");
    let run = world.assert_told_once("library").await;
    assert_eq!((run.records().len(), &model(&run.summary(), MODEL)["answered"]), (3, &serde_json::json!(3)));
    let caveats = run.summary()["caveats"].to_string();
    assert!(caveats.contains("did not say whether the job theirs was done"), "{caveats}");
    assert!(caveats.contains(why), "{caveats}");
    // The list of jobs names it too, maybe with another ARN; it is the same job.
    assert_eq!((world.parse(key).await.as_str(), world.notes().await.len()), ("done", 1));
}

async fn deleted() {
    let (world, outputs, arn) = written("quiet-deleted", "job-output/library", &[]).await;
    world.delete(&arn).await;
    assert_read(&world, &outputs[0], "somebody may have removed the job").await;
    assert_eq!(world.sweep().await, (0, 0));
}

async fn denied() {
    let (world, outputs, _) = written("quiet-denied", "job-output/library", &[]).await;
    fail(&world, "GetEvaluationJob", Fault::Denied);
    assert_read(&world, &outputs[0], "allow bedrock:GetEvaluationJob").await;
}

async fn of_another_account() {
    let (mut world, outputs, _) = written("quiet-account", "job-output/library", &[]).await;
    world.settings.job_role = Some("arn:aws:iam::111122223333:role/jobs".to_owned());
    assert_read(&world, &outputs[0], "arn:aws:bedrock:us-east-1:111122223333:evaluation-job/").await;
    assert_eq!((world.sweep().await, world.notes().await.len()), ((0, 0), 1));
}

async fn of_no_account() {
    let (mut world, outputs, _) = written("quiet-no-account", "job-output/library", &[]).await;
    world.settings.job_role = None;
    assert_read(&world, &outputs[0], "rejected").await;
    assert_eq!((world.sweep().await, world.notes().await.len()), ((0, 0), 1));
}
