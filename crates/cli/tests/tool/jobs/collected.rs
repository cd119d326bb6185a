//! `assay job collect`: from what jobs wrote to a run, with the numbers that they wrote.

use super::suite::{JUDGE, automatic, human, judge, rag, write, write_with};
use super::world::{World, document, published};
use crate::tool::{MODEL, OTHER, close, of_model};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every score in the lines of a job's output, by the metric's bare name.
fn written(lines: &[Value]) -> BTreeMap<String, Vec<f64>> {
    fn gather(value: &Value, found: &mut BTreeMap<String, Vec<f64>>) {
        if let (Some(name), Some(result)) = (value["metricName"].as_str(), value["result"].as_f64()) {
            found.entry(name.trim_start_matches("Builtin.").to_owned()).or_default().push(result);
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Object(members) => members.values().for_each(|member| gather(member, found)),
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    lines.iter().for_each(|line| gather(line, &mut found));
    found
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The jobs of a run, each with the model that it asked.
fn members(world: &World, run: &str) -> Vec<(String, String)> {
    let run = run.rsplit('/').next().unwrap();
    let notes = world.jobs().into_keys().map(|job| world.note(&job)).filter(|note| note["run"] == run);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    notes.map(|note| (text(&note["job"]), text(&note["request"]["models"][0]["id"]))).collect()
}

#[test]
fn what_two_models_got_from_programs_and_a_judge_becomes_two_runs() {
    let world = World::new("collected");
    write(&world.tool, 6, &[automatic("programs", &["Accuracy", "Robustness", "Toxicity"]), judge("judged")]);
    world.start(&[]).exits(0);
    world.until_ended();
    let ended = world.job("collect", &[]).exits(0).prints("job.Accuracy").prints("job.FollowingInstructions");
    let runs = world.runs("parcels");
    assert_eq!(runs.len(), 2);
    for run in &runs {
        let ended = ended.err.contains(&format!("written to s3://tool-collected/{run}"));
        assert!(ended, "{run}");
        for file in ["summary.json", "summary.md", "report.html", "junit.xml", "metrics.jsonl", "spec.json"] {
            assert!(!world.text(&format!("{run}/{file}")).is_empty(), "{run}/{file}");
        }
        assert_eq!(world.json(&format!("{run}/claim.json"))["stage"], "done", "the function leaves it alone");
        let summary = world.json(&format!("{run}/summary.json"));
        let metrics = world.lines(&format!("{run}/metrics.jsonl"));
        let members = members(&world, run);
        assert_eq!(members.iter().map(|(_, model)| model.as_str()).collect::<Vec<_>>(), [MODEL, OTHER]);
        for (job, model) in &members {
            let found = of_model(&summary, model);
            assert_eq!((&found["samples"], &found["answered"], &found["failed"]), (&json!(6), &json!(6), &json!(0)));
            let lines = world.output("parcels", job);
            assert_eq!(lines.len(), 6);
            for (metric, values) in written(&lines) {
                let score = &found["scores"][format!("job.{metric}")];
                close(&score["mean"], mean(&values));
                assert_eq!((&score["n"], &score["unscored"]), (&json!(values.len()), &json!(6 - values.len())));
                let line = metrics.iter().find(|line| {
                    line["name"] == "JobScore"
                        && line["dimensions"][0] == json!(["ModelId", model])
                        && line["dimensions"][3] == json!(["Metric", metric])
                });
                let counted = line.unwrap()["values"].as_array().unwrap().iter();
                let sum: f64 = counted.map(|pair| pair[0].as_f64().unwrap() * pair[1].as_f64().unwrap()).sum();
                close(&json!(sum), values.iter().sum());
            }
        }
    }
    let listed = world.job("list", &[]).exits(0);
    assert_eq!(listed.out.matches("completed, collected").count(), 4, "{}", listed.out);
    // A second time there is nothing, and by name the run is shown again.
    world.job("collect", &[]).exits(0).says("nothing to collect");
    let job = world.jobs().into_keys().next().unwrap();
    let again = world.job("collect", &[&job, &job]).exits(0).says("was collected before").prints("job.");
    assert_eq!(again.out.matches(", run ").count(), 1, "a run is told once: {}", again.out);
}

#[test]
fn ratings_of_people_and_answers_from_a_knowledge_base_are_read() {
    let world = World::new("people");
    let mut retrieved = json!({"name": "found", "kind": "rag", "metrics": ["ContextRelevance"], "evaluator": JUDGE,
        "retrieve_only": true, "knowledge_base": {"id": "KB12345678"}});
    retrieved["models"] = json!([]);
    retrieved.as_object_mut().unwrap().remove("models");
    write(&world.tool, 4, &[human("people"), rag("base"), retrieved]);
    world.start(&[]).exits(0);
    world.until_ended();
    let summaries = document(&world.job("collect", &["--format", "json"]).exits(0));
    let summaries = summaries.as_array().unwrap();
    assert_eq!(summaries.len(), 3);
    for (job, note) in world.jobs().into_keys().map(|job| (job.clone(), world.note(&job))) {
        let summary = summaries.iter().find(|summary| summary["run"] == note["run"]).unwrap();
        let lines = world.output("parcels", &job);
        match note["request"]["spec"]["name"].as_str().unwrap() {
            "people" => {
                for (model, id) in [(MODEL, "0"), (OTHER, "1")] {
                    let score = &of_model(summary, model)["scores"]["job.human.Helpful"];
                    close(&score["mean"], thumbs(&lines, id));
                    assert_eq!(score["n"], 4);
                }
            }
            "base" => {
                let score = &of_model(summary, JUDGE)["scores"]["job.Correctness"];
                close(&score["mean"], mean(&written(&lines)["Correctness"]));
            }
            _ => {
                let score = &of_model(summary, "KB12345678")["scores"]["job.ContextRelevance"];
                close(&score["mean"], mean(&written(&lines)["ContextRelevance"]));
                // Nothing was generated; the page shows what was found to be said of it.
                let run = format!("runs/parcels/{}", note["run"].as_str().unwrap());
                let page = world.text(&format!("{run}/report.html"));
                assert_eq!(page.matches("<tr data-line").count(), 4);
                assert!(page.contains("by <code>job.ContextRelevance</code>"));
                let run = format!("{}/{run}", world.place());
                let csv = world.tool.run(&["report", &run, "--csv", "-"]).exits(0);
                assert_eq!(csv.out.lines().count(), 5, "{}", csv.out);
                let scored = world.tool.run(&["score", &run, "--scorers", "relevance"]).exits(0);
                assert!(scored.out.lines().count() == 4 && scored.out.contains("unscored"), "{}", scored.out);
            }
        }
    }
}

/// The share of thumbs up for one answer, over lines of equal weight.
fn thumbs(lines: &[Value], id: &str) -> f64 {
    let of_line = |line: &Value| {
        let loops = line["humanEvaluationResult"].as_array().unwrap().iter();
        let people = loops.flat_map(|one| one["humanAnswers"].as_array().unwrap());
        let votes =
            people.flat_map(|one| one["answerContent"]["evaluationResults"]["thumbsUpDown"].as_array().unwrap());
        let votes: Vec<f64> = votes
            .filter(|vote| vote["modelResponseId"] == id)
            .map(|vote| f64::from(u8::from(vote["result"] == true)))
            .collect();
        mean(&votes)
    };
    mean(&lines.iter().map(of_line).collect::<Vec<_>>())
}

#[test]
fn metrics_go_to_cloudwatch_once_where_a_namespace_is_named() {
    let world = World::new("published");
    write(&world.tool, 4, &[automatic("programs", &["Accuracy"])]);
    world.start(&[]).exits(0);
    world.until_ended();
    let namespace = "Tool/published";
    world.job("collect", &["--namespace", namespace]).exits(0);
    let run = &world.runs("parcels")[0];
    let summary = world.json(&format!("{run}/summary.json"));
    let sum: f64 = [MODEL, OTHER]
        .iter()
        .map(|model| 4.0 * of_model(&summary, model)["scores"]["job.Accuracy"]["mean"].as_f64().unwrap())
        .sum();
    let first = published(namespace);
    close(&json!(first["JobScore"].0), sum);
    assert_eq!((first["JobScore"].1, first["RunCompleted"]), (8.0, (1.0, 1.0)));
    let job = world.jobs().into_keys().next().unwrap();
    world.job("collect", &["--namespace", namespace]).exits(0).says("nothing to collect");
    world.job("collect", &["--namespace", namespace, &job]).exits(0).says("was collected before");
    assert_eq!(published(namespace), first);
    assert!(!world.keys(run).iter().any(|key| key.ends_with("metrics.jsonl")));
}

#[test]
fn a_gate_and_a_limit_of_failures_hold_for_jobs_too() {
    let world = World::new("gated");
    let gate = json!({"gate": {"max": {"job.Toxicity": 0.0}}, "failure_limit": 0.5});
    write_with(
        &world.tool,
        &(super::suite::cases(3) + "{\"prompt\": \"without a reference\"}\n"),
        &[automatic("programs", &["Accuracy", "Toxicity"])],
        gate,
    );
    world.start(&[]).exits(0);
    world.until_ended();
    let ended = world.job("collect", &[]).exits(3).prints("Gate FAILED").prints("job.Toxicity");
    assert!(ended.out.contains("is above 0"), "{}", ended.out);
}
