//! The example suite, from its recorded answers: no account, no network.

use super::tool::{Tool, close, of_model, relevance, workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// An answer of the example, with the references of its line.
struct Answer {
    references: Vec<String>,
    response: String,
}

/// The example's answers by model, read by a few lines of our own.
fn answers() -> BTreeMap<String, Vec<Answer>> {
    let text = fs::read_to_string(workspace().join("examples/support-faq/cases.jsonl")).unwrap();
    let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let mut references: Vec<String> = line["referenceResponse"].as_str().map(str::to_owned).into_iter().collect();
        for reference in line["referenceResponses"].as_array().into_iter().flatten() {
            references.push(reference.as_str().unwrap().to_owned());
        }
        for answer in line["modelResponses"].as_array().unwrap() {
            let model = answer["modelIdentifier"].as_str().unwrap().to_owned();
            let response = answer["response"].as_str().unwrap().to_owned();
            answers.entry(model).or_default().push(Answer { references: references.clone(), response });
        }
    }
    answers
}

fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    (values.len() as f64, values.iter().sum::<f64>() / values.len() as f64)
}

fn example() -> String {
    workspace().join("examples/support-faq").display().to_string()
}

#[test]
fn the_example_says_what_it_is_and_writes_everything_down() {
    let tool = Tool::alone();
    let ended = tool.run(&["run", &example(), "--out", "out"]).exits(0);
    assert!(ended.err.contains("recorded"), "told while it runs: {}", ended.err);
    assert!(ended.out.contains("were recorded in the dataset: no model was called"), "{}", ended.out);
    let header = ended.out.lines().find(|line| line.contains("mean")).unwrap();
    for heading in ["model", "score", "n", "mean", "95 % interval", "unscored", "failed", "tokens", "latency"] {
        assert!(header.contains(heading), "{heading} in {header}");
    }
    let ended = ended.prints("Worst samples").prints("wanted").prints("got").says("written to out");
    assert!(!ended.out.contains('\u{1b}'), "no colours where nobody can see them");

    let summary = tool.json("out/summary.json");
    assert_eq!(summary["status"], "completed");
    assert!(summary["caveats"].to_string().contains("recorded"), "{}", summary["caveats"]);
    assert_eq!(summary["answers"]["asked"], 0);
    let all: usize = answers().values().map(Vec::len).sum();
    assert_eq!(summary["answers"]["recorded"], all);
    assert_eq!(tool.records("out").len(), all);
    assert!(tool.records("out").iter().all(|record| record["recorded"] == true));
    let markdown = fs::read_to_string(tool.path("out/summary.md")).unwrap();
    assert!(markdown.contains("# support-faq") && markdown.contains("recorded"), "{markdown}");
    assert_eq!(tool.json("out/spec.json")["spec"]["suite"], "support-faq");
    let metrics = fs::read_to_string(tool.path("out/metrics.jsonl")).unwrap();
    assert!(metrics.lines().count() > 0 && metrics.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert!(metrics.contains("Relevance"), "{metrics}");
}

#[test]
fn the_examples_means_are_those_of_its_lines() {
    let tool = Tool::alone();
    tool.run(&["run", &example(), "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    let answers = answers();
    assert!(answers.len() == 2 && answers.values().all(|answers| answers.len() >= 30), "the example is what it was");
    for (model, answers) in &answers {
        let found = of_model(&summary, model);
        assert_eq!(found["samples"], answers.len());
        assert_eq!((&found["answered"], &found["failed"]), (&answers.len().into(), &0.into()));
        assert!(found.get("usage").is_none() && found.get("latency").is_none(), "nothing was measured");
        let referenced = || answers.iter().filter(|answer| !answer.references.is_empty());
        let (n, relevance) = mean(referenced().map(|answer| relevance(&answer.references[0], &answer.response)));
        let (_, exact) = mean(referenced().map(|answer| {
            let is_match = answer.references.iter().any(|reference| reference.trim() == answer.response.trim());
            f64::from(u8::from(is_match))
        }));
        let (all, length) = mean(answers.iter().map(|answer| answer.response.chars().count() as f64));
        for (scorer, n, mean) in
            [("relevance", n, relevance), ("exact_match", n, exact), ("response_length", all, length)]
        {
            let score = &found["scores"][scorer];
            close(&score["n"], n);
            close(&score["unscored"], answers.len() as f64 - n);
            close(&score["mean"], mean);
        }
    }
}

#[test]
fn without_a_place_a_run_goes_into_runs_here() {
    let tool = Tool::alone();
    tool.run(&["run", &example()]).exits(0).says("written to ./runs/support-faq/");
    let runs: Vec<_> = fs::read_dir(tool.path("runs/support-faq")).unwrap().collect();
    assert_eq!(runs.len(), 1);
    assert!(runs[0].as_ref().unwrap().path().join("summary.json").is_file());
}

#[test]
fn a_dataset_alone_needs_no_spec() {
    let tool = Tool::alone();
    let line =
        r#"{"prompt": "p", "referenceResponse": "a b", "modelResponses": [{"response": "a", "modelIdentifier": "m"}]}"#;
    tool.write("cases.jsonl", line);
    tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    close(&of_model(&summary, "m")["scores"]["relevance"]["mean"], 0.5);
    assert_eq!(of_model(&summary, "m")["scores"]["exact_match"]["mean"], 0.0);
}
