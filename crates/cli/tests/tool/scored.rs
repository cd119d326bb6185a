//! `assay score` against the values of the programs that define the scores.

use super::tool::{Tool, workspace};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

/// The rows of a file of the scorers' own tests, by id.
fn rows(name: &str) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(workspace().join("crates/score/tests/oracle").join(name)).unwrap();
    // Rows end at line feeds only: other line separators occur inside of them.
    let rows = text.split('\n').filter(|line| !line.is_empty()).skip(1);
    let rows: BTreeMap<String, Value> = rows
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
        .collect();
    assert_eq!(rows.len(), 550, "{name}");
    rows
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn all_rows_of_the_references_are_met_bit_for_bit() {
    let tool = Tool::alone();
    let mut dataset = String::new();
    for (id, row) in rows("triples.jsonl") {
        let prompt = row["prompt"].as_str().filter(|prompt| !prompt.trim().is_empty()).unwrap_or("?");
        let answer = json!({"response": row["response"], "modelIdentifier": "m"});
        let line =
            json!({"id": id, "prompt": prompt, "referenceResponses": row["references"], "modelResponses": [answer]});
        dataset += &format!("{line}\n");
    }
    tool.write("triples.jsonl", dataset);
    let scorers = "relevance,f1,exact_match,response_length";
    tool.run(&["score", "triples.jsonl", "--scorers", scorers, "--output", "scores.jsonl"])
        .exits(0)
        .says("550 answers scored");

    let (seed, fmeval) = (rows("expected/seed.jsonl"), rows("expected/fmeval_qa_accuracy.jsonl"));
    let scored = lines(&fs::read_to_string(tool.path("scores.jsonl")).unwrap());
    assert_eq!(scored.len(), 550);
    for line in scored {
        let id = line["id"].as_str().unwrap();
        assert_eq!(line["model"], "m");
        for (scorer, expected) in [
            ("relevance", &seed[id]["relevance_score"]),
            ("response_length", &seed[id]["response_length"]),
            ("f1", &fmeval[id]["f1_score"]),
            ("exact_match", &fmeval[id]["exact_match_score"]),
        ] {
            let score = &line["scores"][scorer];
            match expected.as_f64() {
                Some(value) => {
                    assert_eq!(
                        score["value"].as_f64().map(f64::to_bits),
                        Some(value.to_bits()),
                        "{id} {scorer}: {score}"
                    );
                }
                None => assert!(score["unscored"].is_string(), "{id} {scorer}: {score}"),
            }
            assert_eq!(score.as_object().unwrap().len(), 1, "{score}");
        }
        assert_eq!(line["scores"].as_object().unwrap().len(), 4);
    }
}

#[test]
fn what_cannot_be_scored_says_why() {
    let tool = Tool::alone();
    let answers = r#"[{"response": "a b", "modelIdentifier": "m"}, {"response": "é", "modelIdentifier": "n"}]"#;
    tool.write(
        "cases.jsonl",
        format!("{{\"id\": \"x\", \"prompt\": \"p\", \"modelResponses\": {answers}}}\n{{\"prompt\": \"q\"}}\n"),
    );
    let ended = tool.run(&["score", "cases.jsonl", "--scorers", "f1,response_length"]).exits(0);
    let unscored = json!({"unscored": "no reference"});
    assert_eq!(
        lines(&ended.out),
        [
            json!({"id": "x", "model": "m", "scores": {"f1": unscored, "response_length": {"value": 3.0}}}),
            json!({"id": "x", "model": "n", "scores": {"f1": unscored, "response_length": {"value": 1.0}}}),
        ]
    );
    ended.says("2 answers scored, 1 lines without a recorded answer, 0 lines not usable");
}

#[test]
fn an_unknown_scorer_is_refused_before_anything_is_written() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", "{\"prompt\": \"p\"}\n");
    let arguments = ["score", "cases.jsonl", "--scorers", "relevence", "--output", "scores.jsonl"];
    tool.run(&arguments).exits(2).says("relevence").says("did you mean").says("relevance");
    assert!(!tool.path("scores.jsonl").exists());
    tool.run(&["score", "none.jsonl", "--scorers", "f1"]).exits(2).says("`none.jsonl` does not exist");
}

#[test]
fn bad_lines_are_told_and_the_others_scored() {
    let tool = Tool::alone();
    let good = r#"{"prompt": "p", "referenceResponse": "word", "modelResponses": [{"response": "word", "modelIdentifier": "m"}]}"#;
    tool.write("cases.jsonl", format!("{{\"prompt\"\n{good}\n"));
    let ended = tool.run(&["score", "cases.jsonl", "--scorers", "f1"]).exits(4).says("cases.jsonl:1: not valid JSON");
    assert_eq!(lines(&ended.out)[0]["scores"], json!({"f1": {"value": 1.0}}));
}

#[test]
fn the_dataset_is_not_written_over() {
    let tool = Tool::alone();
    let text = "{\"prompt\": \"p\", \"modelResponses\": []}\n";
    tool.write("cases.jsonl", text);
    for output in ["cases.jsonl", "./cases.jsonl"] {
        tool.run(&["score", "cases.jsonl", "--scorers", "f1", "--output", output]).exits(2).says("the dataset itself");
    }
    assert_eq!(fs::read_to_string(tool.path("cases.jsonl")).unwrap(), text);
}

#[test]
fn nothing_to_score_is_no_success() {
    let tool = Tool::alone();
    tool.write("empty.jsonl", "\n");
    tool.run(&["score", "empty.jsonl", "--scorers", "f1"]).exits(4).says("the dataset `empty.jsonl` is empty");
    tool.write("cases.jsonl", "{\"prompt\": \"p\"}\n");
    let ended = tool.run(&["score", "cases.jsonl", "--scorers", "f1"]).exits(4);
    ended.says("no line of `cases.jsonl` has a recorded answer; add `modelResponses`");
}

#[test]
fn a_run_is_scored_again_from_its_records() {
    let tool = Tool::alone();
    let line = |id: &str, answer: &str| {
        let answers = json!([{"response": answer, "modelIdentifier": "m"}]);
        format!("{}\n", json!({"id": id, "prompt": "p", "referenceResponse": "one two", "modelResponses": answers}))
    };
    tool.write("cases.jsonl", line("a", "one two") + &line("b", "One three"));
    tool.run(&["run", "cases.jsonl", "--out", "run"]).exits(0);
    let ended = tool.run(&["score", "run", "--scorers", "f1,exact_match"]).exits(0);
    // Of `one three`, one word of two is right, and one of two that are wanted: 0.5 both ways.
    let scores = |f1: f64, exact: f64| json!({"f1": {"value": f1}, "exact_match": {"value": exact}});
    assert_eq!(
        lines(&ended.out),
        [
            json!({"id": "a", "model": "m", "scores": scores(1.0, 1.0)}),
            json!({"id": "b", "model": "m", "scores": scores(0.5, 0.0)}),
        ]
    );
    ended.says("2 answers scored, 0 samples without an answer");
    tool.write("empty/x", "");
    tool.run(&["score", "empty", "--scorers", "f1"]).exits(2).says("`empty` holds no run");
}

#[test]
fn labels_are_those_of_the_dataset() {
    let tool = Tool::alone();
    let line = |label: &str, answer: &str| {
        let answers = json!([{"response": answer, "modelIdentifier": "m"}]);
        format!("{}\n", json!({"prompt": format!("{label} {answer}"), "label": label, "modelResponses": answers}))
    };
    tool.write("cases.jsonl", line("good", "it is good") + &line("bad", "it is good"));
    let ended = tool.run(&["score", "cases.jsonl", "--scorers", "classification_accuracy"]).exits(0);
    let values: Vec<Value> =
        lines(&ended.out).iter().map(|line| line["scores"]["classification_accuracy"].clone()).collect();
    assert_eq!(values, [json!({"value": 1.0}), json!({"value": 0.0})]);
}
