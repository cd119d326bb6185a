//! Robustness: variants are asked over real HTTP, and their distance is computed here from the records' own answers.

use super::tool::{MODEL, Tool, answering, close, of_model, questions, release, stand_in, until, until_held};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn tool(stand_in: &StandIn, lines: usize, robustness: Value) -> Tool {
    let tool = Tool::beside(stand_in);
    let spec = json!({
        "suite": "s", "dataset": "cases.jsonl", "models": [{"id": MODEL}], "scorers": ["f1"], "robustness": robustness
    });
    tool.write("suite/assay.yaml", spec.to_string());
    tool.write("suite/cases.jsonl", questions(lines));
    tool
}

fn whole(tool: &Tool) -> Vec<Value> {
    tool.records("out").into_iter().filter(|record| record["failure"].is_null()).collect()
}

/// F1 over the sets of words without case, ASCII punctuation and articles.
fn f1(reference: &str, response: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        let plain: String = text.to_lowercase().chars().filter(|c| !c.is_ascii_punctuation()).collect();
        plain.split_whitespace().filter(|word| !["a", "an", "the"].contains(word)).map(str::to_owned).collect()
    };
    let (expected, found) = (words(reference), words(response));
    let shared = expected.intersection(&found).count() as f64;
    if shared == 0.0 { 0.0 } else { 2.0 * shared / (expected.len() + found.len()) as f64 }
}

fn text(answer: &Value) -> &str {
    answer["response"]["text"].as_str().unwrap()
}

#[test]
fn the_mean_change_of_a_score_over_variants() {
    let stand_in = stand_in(Behaviour::default());
    let tool = tool(&stand_in, 3, json!({"kinds": ["typos", "case", "lower_case"], "variants": 4, "seed": 11}));
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    // One question, four variants of each random kind, and one in lower case.
    assert_eq!(stand_in.totals().calls, 3 * (1 + 4 + 4 + 1));
    let records = whole(&tool);
    let mut sum = 0.0;
    for record in &records {
        let reference = record["sample"]["references"][0].as_str().unwrap();
        let original = f1(reference, record["responses"][0]["text"].as_str().unwrap());
        let variants = record["variants"].as_array().unwrap();
        let of = |kind: &str| -> f64 {
            let found: Vec<f64> = variants
                .iter()
                .filter(|variant| variant["kind"] == kind)
                .map(|variant| (original - f1(reference, text(variant))).abs())
                .collect();
            close(
                &record["scores"][format!("robustness.{kind}")]["value"],
                found.iter().sum::<f64>() / found.len() as f64,
            );
            found.iter().sum::<f64>() / found.len() as f64
        };
        let all = (of("typos") + of("case") + of("lower_case")) / 3.0;
        close(&record["scores"]["robustness"]["value"], all);
        sum += all;
        let prompts: BTreeSet<&str> = variants.iter().map(|variant| variant["prompt"].as_str().unwrap()).collect();
        assert!(prompts.len() > 5, "{prompts:?}");
    }
    let summary = tool.json("out/summary.json");
    let found = of_model(&summary, MODEL);
    close(&found["scores"]["robustness"]["mean"], sum / 3.0);
    assert!(sum > 0.0, "typos change something");
    // Variants are the model's own use.
    let used = |answer: &Value| answer["usage"]["output_tokens"].as_u64().unwrap();
    let tokens: u64 = records
        .iter()
        .map(|record| {
            let variants = record["variants"].as_array().unwrap().iter().map(|variant| used(&variant["response"]));
            used(&record["responses"][0]) + variants.sum::<u64>()
        })
        .sum();
    assert_eq!(found["usage"]["output_tokens"], tokens);
    let metrics = std::fs::read_to_string(tool.path("out/metrics.jsonl")).unwrap();
    assert!(metrics.contains("\"Robustness\"") && metrics.contains(r#"["Kind","typos"]"#));
}

#[test]
fn the_models_own_noise_is_subtracted() {
    let stand_in = stand_in(Behaviour::default());
    let spec = json!({"kinds": ["typos"], "variants": 3, "of": "word_error_rate", "baseline_samples": 2});
    let tool = tool(&stand_in, 2, spec);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    assert_eq!(stand_in.totals().calls, 2 * (1 + 3 + 2));
    for record in whole(&tool) {
        assert_eq!(record["noise"].as_array().unwrap().len(), 2);
        // The stand-in has no noise, so nothing is subtracted: edits of words by words.
        let original: Vec<&str> = record["responses"][0]["text"].as_str().unwrap().split(' ').collect();
        let variants = record["variants"].as_array().unwrap();
        let edits: usize =
            variants.iter().map(|variant| distance(&original, &text(variant).split(' ').collect::<Vec<_>>())).sum();
        let words = original.len() * variants.len();
        close(&record["scores"]["robustness.typos"]["value"], edits as f64 / words as f64);
    }
}

/// The Levenshtein distance, by the textbook.
fn distance(one: &[&str], other: &[&str]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, left) in one.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, right) in other.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (before + usize::from(left != right)).min(above + 1).min(row[j] + 1);
            before = above;
        }
    }
    row[other.len()]
}

#[test]
fn a_killed_run_pays_for_no_variant_twice() {
    let stand_in = stand_in(answering(90));
    let tool = tool(&stand_in, 30, json!({"kinds": ["typos"], "variants": 5}));
    let command = ["run", "suite", "--out", "out", "--concurrency", "3"];
    let running = tool.start(&command);
    until_held(&stand_in, 93, 3);
    until("half of all answers are written", || tool.pieces("out").len() == 90);
    running.kill();
    release(&stand_in);
    tool.run(&command).exits(0).says("going on with run");
    let records = whole(&tool);
    assert_eq!(records.len(), 30);
    assert!(records.iter().all(|record| record["variants"].as_array().unwrap().len() == 5));
    // A variant can equal another variant or the question itself. The stand-in then counts the same prompt twice.
    let prompts: Vec<&Value> = records
        .iter()
        .flat_map(|record| record["variants"].as_array().unwrap().iter().chain([&record["sample"]]))
        .map(|found| &found["prompt"])
        .collect();
    let different: BTreeSet<String> = prompts.iter().map(|prompt| prompt.to_string()).collect();
    let same = (prompts.len() - different.len()) as u64;
    assert_eq!(stand_in.repeated_answers(), same, "what was written is not asked again");
    assert_eq!(stand_in.totals().calls, 30 * (1 + 5) + 3, "but for what was held");
}

#[test]
fn a_variant_that_fails_leaves_the_others_and_recorded_answers_have_none() {
    let stand_in = stand_in(Behaviour::default().with(FaultRule::always(Fault::Validation).for_prompt("what is")));
    let tool = tool(&stand_in, 2, json!({"kinds": ["lower_case", "typos"], "variants": 2}));
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    let scores = &of_model(&summary, MODEL)["scores"];
    assert_eq!(
        (&scores["robustness.lower_case"]["n"], &scores["robustness.lower_case"]["unscored"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(scores["robustness"]["n"], 2, "of the kinds that could be measured");

    tool.write(
        "suite/cases.jsonl",
        json!({"prompt": "a", "referenceResponse": "b", "modelResponses": [{"response": "b", "modelIdentifier": "m"}]})
            .to_string(),
    );
    tool.run(&["run", "suite", "--out", "recorded"]).exits(0);
    let summary = tool.json("recorded/summary.json");
    let reasons = of_model(&summary, "m")["scores"]["robustness"]["unscored_reasons"].to_string();
    assert!(reasons.contains("not collected: the answer was recorded"), "{reasons}");
}

#[test]
fn every_problem_of_the_key_is_told() {
    let tool = tool(&stand_in(Behaviour::default()), 1, json!({"kinds": ["typos", "typos"], "of": "response_length"}));
    tool.run(&["run", "suite"])
        .exits(2)
        .says("robustness.kinds[1]: the kind `typos` is listed twice")
        .says("robustness.of");
}
