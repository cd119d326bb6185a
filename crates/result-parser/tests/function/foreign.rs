//! Jobs that somebody else started: their output in the bucket is read like that of our own.

use crate::expected::{assert_score, model, scores};
use crate::requests::{PROMPTS, automatic, with_metrics};
use crate::told::reading;
use crate::world::{MODEL, World};
use local_stack::stand_in::{JobBehaviour, OutputVariant};
use serde_json::{Value, json};

/// A world in which somebody else's job has written below `prefix`. Gives back the keys and the job's ARN.
pub(crate) async fn written(name: &str, prefix: &str, output: &[OutputVariant]) -> (World, Vec<String>, String) {
    let world = World::with(name, JobBehaviour { output: output.to_vec(), ..JobBehaviour::default() }).await;
    world.put("other/prompts.jsonl", PROMPTS).await;
    let arn = world.create(&automatic("theirs", &world.bucket, prefix)).await;
    world.ended().await;
    let outputs = world.outputs().await;
    (world, outputs, arn)
}

#[tokio::test]
async fn their_output_becomes_a_run() {
    let (world, outputs, arn) = written("foreign", "job-output/library", &[]).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let run = world.assert_told_once("library").await;
    let records = run.records();
    assert_eq!(records.len(), 3);
    let ids: std::collections::BTreeSet<&str> =
        records.iter().map(|record| record["sample"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3, "a question that is asked twice is two samples: {ids:?}");
    let of = |place: usize, name: &str| records[place]["sample"][name].clone();
    assert_eq!((of(0, "prompt"), of(0, "references")), (json!("How long may a map be kept?"), json!(["Two weeks"])));
    assert_eq!((of(0, "category"), of(2, "references")), (json!("Loans"), json!(["A fortnight"])));
    let summary = run.summary();
    assert_eq!(summary["dataset"]["key"], "other/prompts.jsonl");
    let expected = scores(&world.lines(&outputs[0]).await);
    let found = model(&summary, MODEL);
    for metric in ["Accuracy", "Robustness", "Toxicity"] {
        assert_score(found, &format!("job.{metric}"), &expected[metric].0, 0);
        assert_eq!(reading(&world.metrics().await, "JobScore", &format!("{MODEL}/{metric}")).count, 3.0);
    }
    assert!(found["scores"].get("f1").is_none(), "nobody asked for it");
    let note = &world.notes().await["theirs"];
    assert_eq!((&note["arn"], note.get("request")), (&json!(arn), None));
    assert_eq!(world.parse(&outputs[0]).await, "done");
    assert_eq!(world.sweep().await, (0, 0));
}

#[tokio::test]
async fn output_straight_below_the_prefix_has_a_suite_too() {
    let (world, outputs, _) = written("foreign-plain", "job-output/", &[]).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    assert_eq!(world.only_run("jobs").await.records().len(), 3);
}

#[tokio::test]
async fn the_sweep_finds_what_no_event_told() {
    let (world, _, _) = written("foreign-swept", "job-output/library", &[]).await;
    assert_eq!(world.sweep().await, (1, 0));
    assert_eq!(world.sweep().await, (0, 0));
    assert_eq!(world.assert_told_once("library").await.records().len(), 3);
}

#[tokio::test]
async fn jobs_that_write_elsewhere_are_noted_and_never_asked_about_again() {
    let (world, outputs, _) = written("foreign-elsewhere", "elsewhere/", &[]).await;
    assert!(outputs.is_empty());
    assert_eq!(world.sweep().await, (0, 0));
    let note = &world.notes().await["theirs"];
    assert_eq!((&note["state"], &note["settled"]), (&json!("elsewhere"), &json!(true)));
    world.stand_in.clear_calls();
    let parser = world.parser();
    for _ in 0..2 {
        world.deliver_to(&parser, &json!({"assay": "sweep"})).await.unwrap();
    }
    let asked: Vec<&str> = world.stand_in.calls().into_iter().map(|call| call.operation).collect();
    assert!(asked.iter().all(|operation| *operation == "ListEvaluationJobs"), "{asked:?}");
    assert!(world.runs("jobs").await.is_empty() && world.kinds().await.is_empty());
}

#[tokio::test]
async fn a_file_for_each_metric_is_one_record_for_each_answer() {
    let (world, outputs, _) = written("foreign-files", "job-output/library", &[OutputVariant::FilePerMetric]).await;
    assert_eq!(outputs.len(), 3);
    assert_eq!(world.parse(&outputs[2]).await, "collected");
    let run = world.assert_told_once("library").await;
    let mut lines = Vec::new();
    for key in &outputs {
        lines.extend(world.lines(key).await);
    }
    let expected = scores(&lines);
    assert_eq!((expected.len(), run.records().len()), (3, 3));
    for (metric, (values, _)) in &expected {
        assert_score(model(&run.summary(), MODEL), &format!("job.{metric}"), values, 0);
    }
    // Two of the questions are alike; each has the scores of its own answer, whatever the file.
    for record in run.records() {
        assert_eq!(record["evaluations"].as_array().unwrap().len(), 3, "{record}");
    }
}

#[tokio::test]
async fn bare_names_of_metrics_are_the_same_metrics() {
    let (world, outputs, _) = written("foreign-bare", "job-output/library", &[OutputVariant::BareMetricNames]).await;
    assert!(!world.read(&outputs[0]).await.contains("Builtin."));
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    let summary = world.only_run("library").await.summary();
    let expected = scores(&world.lines(&outputs[0]).await);
    assert_score(model(&summary, MODEL), "job.Robustness", &expected["Robustness"].0, 0);
}

#[tokio::test]
async fn a_score_without_a_name_is_of_the_only_metric() {
    let output = vec![OutputVariant::MissingMetricName];
    let world = World::with("foreign-nameless", JobBehaviour { output, ..JobBehaviour::default() }).await;
    world.put("other/prompts.jsonl", PROMPTS).await;
    let body = automatic("theirs", &world.bucket, "job-output/library");
    world.create(&with_metrics(body, &["Builtin.Accuracy"])).await;
    world.ended().await;
    let outputs = world.outputs().await;
    let lines = world.lines(&outputs[0]).await;
    let values: Vec<f64> =
        lines.iter().map(|line| line["automatedEvaluationResult"]["scores"][0]["result"].as_f64().unwrap()).collect();
    assert_eq!(world.parse(&outputs[0]).await, "collected");
    assert_score(model(&world.only_run("library").await.summary(), MODEL), "job.Accuracy", &values, 0);
}

#[tokio::test]
async fn a_name_that_is_used_again_is_another_job() {
    let (world, first, arn) = written("foreign-again", "job-output/library", &[]).await;
    assert_eq!(world.parse(&first[0]).await, "collected");
    world.delete(&arn).await;
    // Notes are older than the job by whole seconds.
    assay_testing::clock::next_second().await;
    let again = world.create(&automatic("theirs", &world.bucket, "job-output/library")).await;
    assert_ne!(arn, again);
    world.ended().await;
    let outputs = world.outputs().await;
    let second = outputs.iter().find(|key| !first.contains(key)).unwrap();
    // No event tells it.
    assert_eq!(world.sweep().await, (1, 0));
    let runs = world.runs("library").await;
    assert_eq!((runs.len(), world.parse(second).await), (2, "done".to_owned()));
    let notes = world.notes().await;
    let arns: Vec<&Value> = notes.values().map(|note| &note["arn"]).collect();
    assert!(notes.len() == 2 && arns.contains(&&json!(arn)) && arns.contains(&&json!(again)), "{notes:?}");
    assert_eq!(world.kinds().await, ["run_finished", "run_finished"]);
}
