//! RAG jobs: what was retrieved, what was made of it, and conversations of several turns.

use crate::expected::{assert_score, model, score, scores};
use crate::world::{JUDGE, World, dataset, reading};
use local_stack::stand_in::deterministic_score;
use serde_json::{Value, json};

const BASE: &str = "KB12345678";
const GENERATOR: &str = "us.amazon.nova-pro-v1:0";

fn spec(more: &str) -> String {
    format!(
        "scorers: [f1]\nonline: false\njobs:\n- kind: rag\n  evaluator: '{JUDGE}'\n  knowledge_base: {{id: {BASE}}}\n  {more}\n"
    )
}

#[tokio::test]
async fn what_was_retrieved_alone_is_of_the_knowledge_base() {
    let world = World::new("rag-retrieve").await;
    let spec = spec("retrieve_only: true\n  metrics: [ContextRelevance, ContextCoverage]");
    let outputs = world.finish("faq", &spec, &dataset()).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let expected = scores(&world.lines(&outputs[0]).await);
    let summary = run.summary();
    assert_eq!(summary["models"].as_array().unwrap().len(), 1);
    let found = model(&summary, BASE);
    assert_eq!((&found["samples"], &found["answered"]), (&json!(2), &json!(2)));
    for metric in ["ContextRelevance", "ContextCoverage"] {
        assert_score(found, &format!("job.{metric}"), &expected[metric].0, expected[metric].1);
        let published = reading(&world.metrics().await, "JobScore", &format!("{BASE}/{metric}")).clone();
        assert_eq!(published.count, 2.0);
    }
    for (record, id) in run.records().iter().zip(["s1", "s2"]) {
        assert_eq!(record["sample"]["id"], id);
        assert_eq!(record["sample"]["metadata"]["retrieved_passages"].as_array().unwrap().len(), 2);
        assert!(record.get("responses").is_none(), "nothing was generated: {record}");
        assert_eq!(score(record, "f1"), None, "an answer that nobody gave has no score: {record}");
    }
}

#[tokio::test]
async fn what_was_generated_is_of_its_model() {
    let world = World::new("rag-generate").await;
    let spec = spec(&format!("models: [{{id: '{GENERATOR}'}}]\n  metrics: [Correctness, Faithfulness]"));
    let outputs = world.finish("faq", &spec, &dataset()).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let expected = scores(&world.lines(&outputs[0]).await);
    let summary = run.summary();
    let found = model(&summary, GENERATOR);
    for metric in ["Correctness", "Faithfulness"] {
        assert_score(found, &format!("job.{metric}"), &expected[metric].0, expected[metric].1);
    }
    assert_eq!((summary["models"].as_array().unwrap().len(), &found["scores"]["f1"]["n"]), (1, &json!(2)));
    for record in run.records() {
        let (prompt, answer) = (record["sample"]["prompt"].as_str().unwrap(), record["responses"][0]["text"].as_str());
        let expected = deterministic_score("Correctness", prompt, answer.unwrap());
        assert_eq!(score(&record, "job.Correctness"), expected);
        assert_eq!(record["sample"]["metadata"]["citations"], 1);
    }
}

#[tokio::test]
async fn each_turn_of_a_conversation_is_a_record() {
    let world = World::new("rag-turns").await;
    let turn = |prompt: &str, reference: &str| json!({"prompt": {"content": [{"text": prompt}]}, "referenceResponses": [{"content": [{"text": reference}]}]});
    let lines = [
        json!({"id": "talk", "conversationTurns": [turn("When?", "At nine."), turn("And where?", "At the pier.")]}),
        json!({"id": "single", "conversationTurns": [turn("When?", "At ten.")]}),
        json!({"id": "again", "conversationTurns": [turn("When?", "Never."), turn("And where?", "Nowhere.")]}),
    ];
    let dataset: String = lines.iter().map(|line| line.to_string() + "\n").collect();
    let spec = spec(&format!("models: [{{id: '{GENERATOR}'}}]\n  metrics: [Correctness]"));
    let outputs = world.finish("faq", &spec, &dataset).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("faq").await;
    let of = |record: &Value| (record["sample"]["id"].clone(), record["sample"]["references"][0].clone());
    let found: Vec<(Value, Value)> = run.records().iter().map(of).collect();
    let expected = [
        ("talk#1", "At nine."),
        ("talk#2", "At the pier."),
        ("single", "At ten."),
        ("again#1", "Never."),
        ("again#2", "Nowhere."),
    ];
    assert_eq!(found, expected.map(|(id, reference)| (json!(id), json!(reference))));
    let summary = run.summary();
    assert_eq!(summary["models"][0]["answered"], 5);
    assert_eq!(summary["models"][0]["samples"], 5);
    let note = world.notes().await.values().next().unwrap().clone();
    assert_eq!((&note["read"]["answers"], note["read"].get("strangers")), (&json!(5), None));
}
