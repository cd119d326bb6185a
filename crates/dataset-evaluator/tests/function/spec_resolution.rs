//! Which spec a dropped file is evaluated by: the nearest above it, else the stack's own.

use crate::world::{MODEL, World, dataset};
use serde_json::{Value, json};

/// The models that the only run of a suite asked.
async fn asked(world: &World, suite: &str) -> Vec<String> {
    let summary = world.only_run(suite).await.summary();
    assert_eq!(summary["status"], "completed", "{summary}");
    let models = summary["models"].as_array().unwrap();
    models.iter().map(|model| model["model"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_nearest_spec_counts() {
    let world = World::new("specs").await;
    world.put("datasets/assay.yaml", "models: [{id: of-the-root}]\n").await;
    world.put("datasets/a/assay.yaml", "models: [{id: of-the-parent}]\n").await;
    world.put("datasets/a/b/assay.yaml", "models: [{id: of-the-folder}]\n").await;
    let cases = [
        ("datasets/a/b/x.jsonl", "a-b", "of-the-folder"),
        ("datasets/a/c/x.jsonl", "a-c", "of-the-parent"),
        ("datasets/d/e/f/x.jsonl", "d-e-f", "of-the-root"),
        ("datasets/x.jsonl", "default", "of-the-root"),
    ];
    for (key, suite, model) in cases {
        let event = world.drop(key, &dataset()).await;
        assert_eq!(world.deliver(&event, "r").await, "evaluated", "{key}");
        assert_eq!(asked(&world, suite).await, [model], "{key}");
    }
}

#[tokio::test]
async fn without_a_spec_the_stack_says_who_is_asked() {
    let mut world = World::new("no-spec").await;
    world.settings.model_ids.push("example.second-v1:0".to_owned());
    let event = world.drop("datasets/s/x.jsonl", &dataset()).await;
    world.deliver(&event, "r").await;
    assert_eq!(asked(&world, "s").await, ["example.second-v1:0", MODEL]);
}

#[tokio::test]
async fn a_spec_without_models_leaves_them_to_the_stack_and_names_the_rest() {
    let world = World::new("spec-names").await;
    let spec = "suite: named\napplication: Support\nsystem: Be brief.\nprompt: 'Q: {{prompt}}'\n\
        scorers: [relevance]\nrepeats: 2\nchecks: [{icontains: q}]\ngate: {pass_rate: 0.5}\n";
    world.put("datasets/s/assay.yaml", spec).await;
    let event = world.drop("datasets/s/x.jsonl", &dataset()).await;
    world.deliver(&event, "r").await;
    assert_eq!(asked(&world, "named").await, [MODEL]);
    let run = world.only_run("named").await;
    let summary = run.summary();
    assert_eq!(summary["application"], "Support");
    assert_eq!(summary["gate"]["passed"], true, "{}", summary["gate"]);
    let scores = summary["models"][0]["scores"].as_object().unwrap();
    assert_eq!(scores.keys().collect::<Vec<_>>(), ["relevance"]);
    assert_eq!(world.stand_in.calls().len(), 4, "two questions, asked twice");
    let request = &world.stand_in.latest_requests()[0];
    assert_eq!(request["system"], json!([{"text": "Be brief."}]));
    let text = request["messages"][0]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("Q: "), "{text}");
}

#[tokio::test]
async fn another_spec_or_another_state_is_another_run() {
    let world = World::new("states").await;
    let key = "datasets/s/x.jsonl";
    let event = world.drop(key, &dataset()).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    world.put("datasets/s/assay.yaml", "repeats: 2\n").await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    assert_eq!(world.deliver(&event, "r").await, "done");
    let event = world.drop(key, "{\"prompt\": \"Something else?\"}\n").await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    let objects = world.objects("runs/s").await;
    let summaries: Vec<Value> = objects
        .iter()
        .filter(|(key, _)| key.ends_with("summary.json"))
        .map(|(_, text)| serde_json::from_str(text).unwrap())
        .collect();
    assert_eq!(summaries.len(), 3);
}
