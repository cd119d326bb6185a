//! Datasets and specs that are wrong: a failed run that says what to do, and never an event that comes again.

use crate::world::{MODEL, World, dataset, reading};
use serde_json::{Value, json};

/// Delivers it, and expects a failed run that everybody was told of and nothing was asked for. Gives back its problems.
async fn failed(world: &World, event: &Value, suite: &str) -> String {
    assert_eq!(world.deliver(event, "r").await, "evaluated");
    let run = world.only_run(suite).await;
    assert_eq!((run.summary()["status"].as_str(), run.stage().as_str()), (Some("failed"), "done"));
    assert!(run.objects.contains_key("summary.md"));
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "RunFailed", suite).sum, 1.0);
    assert!(!metrics.contains_key(&("RunCompleted".to_owned(), suite.to_owned())));
    let notices = world.notices().await;
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0]["kind"], "run_failed");
    assert!(world.stand_in.calls().is_empty(), "models were asked all the same");
    assert_eq!(world.deliver(event, "again").await, "done");
    run.problems()
}

#[tokio::test]
async fn a_dataset_that_was_deleted_fails_its_run() {
    let world = World::new("deleted").await;
    let event =
        assay_testing::event::bridged(&world.bucket, "datasets/s/gone.jsonl", "9b2cf535f27731c974343645a3985328");
    let problems = failed(&world, &event, "s").await;
    assert!(
        problems.contains("datasets/s/gone.jsonl") && problems.contains("deleted before it was read"),
        "{problems}"
    );
}

#[tokio::test]
async fn an_empty_dataset_fails_its_run() {
    for (name, text) in [("empty", ""), ("blank-lines", "\n \n\r\n"), ("only-a-mark", "\u{feff}")] {
        let world = World::new(name).await;
        let event = world.drop("datasets/s/a.jsonl", text).await;
        let problems = failed(&world, &event, "s").await;
        assert!(problems.contains("datasets/s/a.jsonl"), "{name} says nothing: `{problems}`");
    }
}

#[tokio::test]
async fn a_dataset_of_bad_lines_fails_its_run_and_names_each() {
    let world = World::new("bad-lines").await;
    let lines = ["{\"promt\": \"a\"}", "not json", "{\"prompt\": 7}", "{\"prompt\": \"  \"}", "[]"];
    let event = world.drop("datasets/s/a.jsonl", &lines.join("\r\n")).await;
    let problems = failed(&world, &event, "s").await;
    for line in 1..=lines.len() {
        assert!(problems.contains(&format!("datasets/s/a.jsonl:{line}:")), "line {line}: {problems}");
    }
    assert!(problems.contains("did you mean `prompt`?") && problems.contains("put it in quotes"), "{problems}");
    let summary = world.only_run("s").await.summary();
    assert_eq!((&summary["dataset"]["samples"], &summary["dataset"]["bad_lines"]), (&json!(0), &json!(5)));
}

#[tokio::test]
async fn good_lines_among_bad_ones_are_evaluated_and_the_caveat_says_so() {
    let world = World::new("some-bad-lines").await;
    let text = format!("{}{{\"prompt\": \"no end", dataset());
    let event = world.drop("datasets/s/a.jsonl", &text).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    let run = world.only_run("s").await;
    let summary = run.summary();
    assert_eq!((&summary["status"], &summary["models"][0]["answered"]), (&json!("completed"), &json!(2)));
    assert!(run.problems().contains("datasets/s/a.jsonl:3:"), "{}", run.problems());
    assert!(summary["caveats"][0].as_str().unwrap().contains("1 lines"), "{}", summary["caveats"]);
}

#[tokio::test]
async fn one_bad_line_fails_a_strict_run() {
    let world = World::new("strict").await;
    world.put("datasets/s/assay.yaml", "strict: true\n").await;
    let event = world.drop("datasets/s/a.jsonl", &format!("{}{{}}\n", dataset())).await;
    let problems = failed(&world, &event, "s").await;
    assert!(problems.contains("datasets/s/a.jsonl:3:"), "{problems}");
}

#[tokio::test]
async fn a_broken_spec_fails_the_run_and_names_file_and_line() {
    let world = World::new("broken-spec").await;
    let spec = "application: Support\nmodels:\n  - id: m\n    temprature: 0\nrepeats: 0\nscorer: [f1]\n";
    world.put("datasets/s/assay.yaml", spec).await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let problems = failed(&world, &event, "s").await;
    for part in ["datasets/s/assay.yaml:4:", "datasets/s/assay.yaml:5:", "datasets/s/assay.yaml:6:"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert!(problems.contains("did you mean `scorers`?"), "{problems}");
}

#[tokio::test]
async fn a_spec_that_is_no_yaml_fails_the_run() {
    let world = World::new("no-yaml").await;
    world.put("datasets/s/assay.yaml", "suite: x\n  models: [\n").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let problems = failed(&world, &event, "s").await;
    assert!(problems.contains("datasets/s/assay.yaml:2:") && problems.contains("not valid YAML"), "{problems}");
}

#[tokio::test]
async fn without_a_model_the_run_fails_and_says_what_to_name() {
    let mut world = World::new("no-model").await;
    world.settings.model_ids.clear();
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let problems = failed(&world, &event, "s").await;
    assert!(problems.contains("there is no model to ask") && problems.contains("assay.yaml"), "{problems}");
}

#[tokio::test]
async fn a_missing_reference_leaves_that_scorer_unscored() {
    let world = World::new("no-reference").await;
    let text = format!("{}{{\"prompt\": \"Say anything.\"}}", dataset());
    let event = world.drop("datasets/s/a.jsonl", &text).await;
    assert_eq!(world.deliver(&event, "r").await, "evaluated");
    let summary = world.only_run("s").await.summary();
    let scores = &summary["models"][0]["scores"];
    assert_eq!((&scores["relevance"]["n"], &scores["relevance"]["unscored"]), (&json!(2), &json!(1)));
    assert_eq!(scores["relevance"]["mean"], json!(0.625), "a missing score is not zero");
    assert_eq!((&scores["response_length"]["n"], &scores["response_length"]["unscored"]), (&json!(3), &json!(0)));
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "Relevance", MODEL).count, 2.0);
    assert_eq!(reading(&metrics, "SamplesUnscored", MODEL).count, 1.0);
    assert!(reading(&metrics, "SamplesUnscored", MODEL).sum >= 1.0);
}
