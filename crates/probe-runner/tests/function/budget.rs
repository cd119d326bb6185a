//! Budgets of probes: the run is concluded as it is, and the round goes on.

use crate::world::{World, dataset, hours_ago, many, results};
use serde_json::json;

#[tokio::test]
async fn a_suite_whose_budget_is_used_up_is_incomplete_and_keeps_no_other_from_being_asked() {
    let world = World::new("budget").await;
    let spec = "models: [{id: us.example.first-v1:0, inference: {maxTokens: 50}}]\nscorers: [response_length]\n";
    world.put("probes/dear/assay.yaml", &format!("{spec}budget: {{tokens: 600}}\n")).await;
    world.put("probes/dear/a.jsonl", &many(40)).await;
    world.put("probes/other/a.jsonl", &dataset()).await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!((&answer["result"], results(&answer).len()), (&json!("finished"), 2));
    let summary = world.only_run("dear").await.summary();
    assert_eq!(summary["status"], "incomplete");
    let usage = &summary["models"][0]["usage"];
    let spent = usage["input_tokens"].as_u64().unwrap() + usage["output_tokens"].as_u64().unwrap();
    assert!(spent > 0 && spent <= 600, "{spent}");
    assert_eq!(world.only_run("other").await.summary()["status"], "completed");
    assert_eq!(world.kinds().await, ["run_finished", "run_incomplete"]);
    // The next round has the whole budget again.
    world.round(&hours_ago(0)).await;
    let answered = |run: &assay_testing::run::Run| run.summary()["models"][0]["answered"].clone();
    let runs = world.runs("dear").await;
    assert_eq!((runs.len(), answered(&runs[0])), (2, answered(&runs[1])));
}
