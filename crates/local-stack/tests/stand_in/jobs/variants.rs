//! Output that differs from the usual.

use local_stack::stand_in::{JobBehaviour, OutputVariant};
use serde_json::Value;

use super::World;
use super::requests::*;

async fn world(name: &str, output: &[OutputVariant]) -> World {
    let world = World::start(name, JobBehaviour { output: output.to_vec(), ..JobBehaviour::default() }).await;
    world.put("data/prompts.jsonl", PROMPTS).await;
    world.put("data/conversations.jsonl", conversation(&["One?", "Two?"]).to_string()).await;
    world
}

fn names(scores: &Value) -> Vec<Option<&str>> {
    scores.as_array().unwrap().iter().map(|score| score.get("metricName").and_then(Value::as_str)).collect()
}

#[tokio::test]
async fn metric_names_are_bare_or_missing() {
    let world = world("bare", &[OutputVariant::BareMetricNames]).await;
    world.complete(&automatic("a", &world.bucket)).await;
    let (_, records) = world.output("a").await;
    let bare = [Some("Accuracy"), Some("Robustness"), Some("Toxicity")];
    assert_eq!(names(&records[2]["automatedEvaluationResult"]["scores"]), bare);

    let output = vec![OutputVariant::MissingMetricName];
    world.set(JobBehaviour { output, ..JobBehaviour::default() });
    world.complete(&retrieve_and_generate("b", &world.bucket)).await;
    let (_, records) = world.output("b").await;
    assert_eq!(names(&records[0]["conversationTurns"][1]["results"]), [None, None]);
}

#[tokio::test]
async fn each_metric_may_have_its_file() {
    let world = world("files", &[OutputVariant::FilePerMetric]).await;
    world.complete(&judge("a", &world.bucket)).await;
    let keys: Vec<String> =
        world.keys("out/a").await.into_iter().filter(|key| key.ends_with("_output.jsonl")).collect();
    assert_eq!(keys.len(), 3);
    let mut found = Vec::new();
    for key in keys {
        let text = world.read(&key).await;
        assert_eq!(text.lines().count(), 3);
        let record: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let scores = names(&record["automatedEvaluationResult"]["scores"]);
        assert_eq!(scores.len(), 1);
        found.push(scores[0].unwrap().to_owned());
    }
    found.sort();
    assert_eq!(found, ["Builtin.Correctness", "Builtin.FollowingInstructions", "Builtin.Helpfulness"]);
}

#[tokio::test]
async fn files_break_off_or_are_empty() {
    let world = world("broken", &[OutputVariant::TruncatedLastLine]).await;
    world.complete(&automatic("cut", &world.bucket)).await;
    let keys = world.keys("out/cut").await;
    let key = keys.iter().find(|key| key.ends_with("_output.jsonl")).unwrap();
    let text = world.read(key).await;
    let whole: Vec<bool> = text.lines().map(|line| serde_json::from_str::<Value>(line).is_ok()).collect();
    assert_eq!(whole, [true, true, false]);

    world.set(JobBehaviour { output: vec![OutputVariant::EmptyFile], ..JobBehaviour::default() });
    world.complete(&automatic("empty", &world.bucket)).await;
    let keys = world.keys("out/empty").await;
    let key = keys.iter().find(|key| key.ends_with("_output.jsonl")).unwrap();
    assert_eq!(world.read(key).await, "");
}
