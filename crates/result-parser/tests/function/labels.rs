//! The suite's own classification of a job's answers.

use crate::expected::{assert_score, model};
use crate::suites::QUESTIONS;
use crate::world::{MODEL, World};
use serde_json::json;

#[tokio::test]
async fn the_labels_of_the_dataset_are_those_that_may_be_answered() {
    let world = World::new("labels").await;
    // The answers are `Paris`, which is the right label in lower case, and `four`, which is none of the labels.
    let labels = QUESTIONS.iter().zip(["paris", "five"]);
    let lines = labels.map(|((prompt, reference, ..), label)| {
        json!({"prompt": prompt, "referenceResponse": reference, "label": label}).to_string() + "\n"
    });
    let spec = format!(
        "scorers: [classification_accuracy]\nonline: false\njobs: [{{kind: judge, evaluator: '{MODEL}', metrics: [Correctness], models: [{{id: '{MODEL}'}}]}}]\n"
    );
    let key = world.finish("faq", &spec, &lines.collect::<String>()).await.remove(0);
    assert_eq!(world.parse(&key).await, "collected");
    let summary = world.assert_told_once("faq").await.summary();
    let found = model(&summary, MODEL);
    assert_score(found, "classification_accuracy", &[1.0, 0.0], 0);
    assert_eq!((&found["classification"]["n"], &found["classification"]["accuracy"]), (&json!(2), &json!(0.5)));
}
