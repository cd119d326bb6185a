//! Budgets in the function: the run is concluded as it is, told as incomplete, and goes on when the budget is raised.

use crate::world::{MODEL, World, many, reading};
use serde_json::json;

const SPEC: &str = "models: [{id: us.example.first-v1:0, inference: {maxTokens: 50}}]\nscorers: [response_length]\n";

#[tokio::test]
async fn a_run_without_budget_left_is_incomplete_and_goes_on_with_more() {
    let world = World::new("budget").await;
    world
        .put(
            "datasets/s/assay.yaml",
            &format!("{SPEC}budget: {{tokens: 600}}\ngate: {{min: {{response_length: 1}}}}\n"),
        )
        .await;
    let event = world.drop("datasets/s/a.jsonl", &many(40)).await;
    assert_eq!(world.deliver(&event, "first").await, "evaluated");
    let run = world.only_run("s").await;
    let summary = run.summary();
    let asked = world.stand_in.totals().calls;
    assert!((1..40).contains(&asked), "{asked}");
    assert_eq!(summary["status"], "incomplete");
    assert!(summary["gate"].is_null(), "a part of the dataset is not judged");
    let model = &summary["models"][0];
    assert_eq!((&model["samples"], &model["answered"]), (&json!(40), &json!(asked)));
    let usage = &model["usage"];
    let spent = usage["input_tokens"].as_u64().unwrap() + usage["output_tokens"].as_u64().unwrap();
    assert!(spent <= 600, "{spent}");
    assert!(run.problems().contains("600 tokens is used up after") && run.problems().contains("raise `budget`"));
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "RunIncomplete", "s").sum, 1.0);
    assert_eq!(metrics.len(), 1, "{:?}", metrics.keys());
    let notices = world.notices().await;
    assert_eq!((notices.len(), &notices[0]["kind"]), (1, &json!("run_incomplete")));

    // The same event changes nothing while the budget is the same.
    assert_eq!(world.deliver(&event, "second").await, "done");
    assert_eq!(world.stand_in.totals().calls, asked);

    world
        .put(
            "datasets/s/assay.yaml",
            &format!("{SPEC}budget: {{tokens: 100000}}\ngate: {{min: {{response_length: 1}}}}\n"),
        )
        .await;
    assert_eq!(world.deliver(&event, "third").await, "evaluated");
    let after = world.only_run("s").await;
    assert_eq!((after.id.as_str(), after.stage().as_str()), (run.id.as_str(), "done"));
    assert_eq!(
        (&after.summary()["status"], &after.summary()["models"][0]["answered"]),
        (&json!("completed"), &json!(40))
    );
    assert_eq!((world.stand_in.totals().calls, world.stand_in.repeated_answers()), (40, 0));
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "ResponseLength", MODEL).count, 40.0, "each answer is published once");
    assert_eq!(reading(&metrics, "SamplesTotal", MODEL).sum, 40.0);
    assert_eq!(reading(&metrics, "RunCompleted", "s").sum, 1.0);
    assert_eq!(world.notices().await[0]["kind"], "run_finished");
    assert!(after.objects["summary.md"].contains("completed"));
    assert_eq!(world.deliver(&event, "fourth").await, "done");
}

#[tokio::test]
async fn a_budget_in_dollars_without_a_price_fails_with_a_remedy() {
    let world = World::new("budget-unpriced").await;
    world.put("datasets/s/assay.yaml", &format!("{SPEC}budget: {{usd: 1}}\n")).await;
    let event = world.drop("datasets/s/a.jsonl", &many(3)).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    let run = world.only_run("s").await;
    assert_eq!(run.summary()["status"], "failed");
    assert!(run.problems().contains(MODEL) && run.problems().contains("under `prices`"), "{}", run.problems());
    assert_eq!(world.stand_in.totals().calls, 0);
}

#[tokio::test]
async fn the_stack_s_own_price_table_counts() {
    let mut world = World::new("budget-table").await;
    world.settings.price_table = Some("settings/prices.json".to_owned());
    let price = json!({"input": 1000, "output": 2000, "source": "our contract", "date": "2026-11"});
    world.put("settings/prices.json", &json!({"format": 1, "models": {MODEL: price}}).to_string()).await;
    world.put("datasets/s/assay.yaml", SPEC).await;
    let event = world.drop("datasets/s/a.jsonl", &many(3)).await;
    world.deliver(&event, "r").await;
    let summary = world.only_run("s").await.summary();
    let usage = &summary["models"][0]["usage"];
    let (input, output) = (usage["input_tokens"].as_u64().unwrap(), usage["output_tokens"].as_u64().unwrap());
    // A thousandth of a dollar for a token read and two for one written.
    let thousandths = input + 2 * output;
    let expected: f64 = format!("{}.{:03}", thousandths / 1000, thousandths % 1000).parse().unwrap();
    assert_eq!(summary["cost"], json!({"usd": expected, "complete": true}));
    assert_eq!(reading(&world.metrics().await, "CostUsd", MODEL).sum, expected);
}
