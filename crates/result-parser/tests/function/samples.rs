//! Every sample of output that is kept beside the reader, as output of somebody else's jobs, from the key to the summary.
//! Counts were made by hand from the samples.

use crate::expected::{mean, model};
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeMap;

const AUTOMATIC: &str = include_str!("../../../job/tests/samples/automatic_output.jsonl");
const JUDGE: &str = include_str!("../../../job/tests/samples/judge_output.jsonl");
const GENERATE: &str = include_str!("../../../job/tests/samples/rag_retrieve_and_generate_output.jsonl");
const RETRIEVE: &str = include_str!("../../../job/tests/samples/rag_retrieve_only_output.jsonl");
const HUMAN: &str = include_str!("../../../job/tests/samples/human_output.jsonl");

const NOVA: &str = "models/amazon.nova-micro-v1:0/taskTypes";

/// Writes the output of a job that the service has forgotten, reads it, and gives back its run's summary and records.
async fn read(world: &World, suite: &str, folder: &str, text: &str) -> (Value, Vec<Value>) {
    let key = format!("job-output/{suite}/theirs-{suite}/abcdefghij12/{folder}/1f0c-4a_output.jsonl");
    world.put(&key, text).await;
    assert_eq!(world.parse(&key).await, "collected");
    let run = world.only_run(suite).await;
    assert!(run.problems().is_empty(), "{}", run.problems());
    (run.summary(), run.records())
}

fn answered(summary: &Value) -> BTreeMap<&str, u64> {
    let models = summary["models"].as_array().unwrap();
    models.iter().map(|model| (model["model"].as_str().unwrap(), model["answered"].as_u64().unwrap())).collect()
}

#[track_caller]
fn assert_mean(summary: &Value, name: &str, score: &str, values: &[f64]) {
    let found = &model(summary, name)["scores"][score];
    assert_eq!(found["n"], values.len(), "{score}: {found}");
    assert!((found["mean"].as_f64().unwrap() - mean(values)).abs() < 1e-9, "{score}: {found}");
}

/// The service has forgotten these jobs, so this takes a minute.
pub(crate) async fn every_sample_is_read_from_the_key_to_the_summary() {
    let world = World::new("samples").await;
    let automatic = format!("{NOVA}/QuestionAndAnswer/datasets/library");
    let judge = format!("{NOVA}/General/datasets/town");
    let rag = "inference_configs/0/datasets/passes";
    let (automatic, judge, generate, retrieve, human) = tokio::join!(
        read(&world, "automatic", &automatic, AUTOMATIC),
        read(&world, "judge", &judge, JUDGE),
        read(&world, "generate", rag, GENERATE),
        read(&world, "retrieve", rag, RETRIEVE),
        read(&world, "human", "datasets/people", HUMAN),
    );

    let (summary, records) = automatic;
    assert_eq!(records.len(), 4);
    let haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
    assert_eq!(answered(&summary), BTreeMap::from([("amazon.nova-micro-v1:0", 3), (haiku, 1)]));
    let nova = "amazon.nova-micro-v1:0";
    assert_mean(&summary, nova, "job.Accuracy", &[4.0 / 7.0, 5.0 / 6.0, 0.0]);
    assert_mean(&summary, nova, "job.Robustness", &[17.878787878787882]);
    assert_mean(&summary, nova, "job.Toxicity", &[0.00041, 0.000063]);
    assert_mean(&summary, haiku, "job.Accuracy", &[1.0]);

    let (summary, records) = judge;
    assert_eq!(records.len(), 7);
    let expected = [("amazon.nova-micro-v1:0", 3), (haiku, 1), ("support-bot-v7", 2), ("custom-summarizer-01", 1)];
    assert_eq!(answered(&summary), BTreeMap::from(expected));
    assert_mean(&summary, nova, "job.Correctness", &[1.0]);
    assert_eq!(model(&summary, nova)["scores"]["job.Correctness"]["unscored"], 1);
    assert_mean(&summary, nova, "job.custom.BrandVoice", &[1.0]);
    assert_mean(&summary, nova, "job.unknown", &[0.5]);
    assert_mean(&summary, "support-bot-v7", "job.Relevance", &[0.75, 1.0]);
    let prompts: Vec<&str> = records.iter().map(|record| record["sample"]["prompt"].as_str().unwrap()).collect();
    assert_eq!(prompts[6], "List two wetland birds.");
    assert_eq!(records[6]["responses"][0]["text"], "Heron and bittern");

    let (summary, records) = generate;
    assert_eq!(records.len(), 4, "the last line has two turns");
    assert_eq!(answered(&summary), BTreeMap::from([("third-party-model", 1), ("us.amazon.nova-pro-v1:0", 3)]));
    assert_mean(&summary, "third-party-model", "job.Refusal", &[1.0]);
    let (summary, records) = retrieve;
    assert_eq!((records.len(), answered(&summary).values().sum::<u64>()), (1, 1));

    let (summary, records) = human;
    // One, two and two answers.
    assert_eq!((records.len(), answered(&summary).values().sum::<u64>()), (5, 5));
    let ratings: usize = records.iter().map(|record| record["evaluations"].as_array().unwrap().len()).sum();
    assert_eq!(ratings, 2 + 2 + 2 + 10 + 10);
    assert!(records.iter().all(|record| !record.to_string().contains("identityData")));
}
