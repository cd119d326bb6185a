//! Suites with managed jobs: each round starts its own.

use crate::world::{World, dataset, hours_ago, results};
use serde_json::json;

#[tokio::test]
async fn each_round_starts_the_suite_s_jobs_once() {
    let world = World::new("jobs").await;
    let spec = "online: false\njobs: [{kind: automatic, task: QuestionAndAnswer, metrics: [Accuracy], \
        models: [{id: amazon.nova-micro-v1:0}]}]\n";
    world.put("probes/managed/assay.yaml", spec).await;
    world.put("probes/managed/a.jsonl", &dataset()).await;
    world.put("probes/own/a.jsonl", &dataset()).await;
    let at = hours_ago(2);
    let answer = world.round(&at).await;
    let expected =
        [("managed", "jobs started"), ("own", "evaluated")].map(|(suite, result)| (suite.into(), result.into()));
    assert_eq!(results(&answer), expected.into());
    assert_eq!(world.round(&at).await["result"], "done");
    assert_eq!(world.stand_in.jobs().len(), 1);
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
    world.round(&hours_ago(1)).await;
    let names: Vec<String> = world.stand_in.jobs().into_iter().map(|job| job.name).collect();
    assert!(names.len() == 2 && names[0] != names[1], "{names:?}");
    assert_eq!(world.objects("jobs").await.len(), 2);
    assert_eq!(world.json("monitor/heartbeat.json").await["format"], json!(1));
}
