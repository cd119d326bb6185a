//! What answers cost: computed here from what the stand-in bills, in whole billionths of a dollar.

use super::tool::{MODEL, Tool, of_model, question, stand_in, write_suite};
use local_stack::stand_in::{Behaviour, deterministic_answer, estimated_tokens};
use serde_json::{Value, json};

const SAMPLES: usize = 50;
const STRANGER: &str = "us.example.first-v1:0";

/// The tokens that the stand-in bills for [`SAMPLES`] questions.
fn tokens(model: &str) -> (u64, u64) {
    let count = |text: String| estimated_tokens(text.chars().count());
    let questions = (1..=SAMPLES).map(question);
    questions.fold((0, 0), |(input, output), question| {
        let answer = count(deterministic_answer(model, &question));
        (input + count(question), output + answer)
    })
}

/// Dollars from billionths of a dollar.
fn dollars(billionths: u64) -> f64 {
    format!("{}.{:09}", billionths / 1_000_000_000, billionths % 1_000_000_000).parse().unwrap()
}

#[test]
fn a_known_price_gives_the_exact_cost_and_an_unknown_one_gives_none() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES, &[MODEL, STRANGER]);
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    let (input, output) = tokens(MODEL);
    // Nova Lite: 0.06 and 0.24 dollars a million tokens, so 60 and 240 billionths a token.
    let expected = dollars(input * 60 + output * 240);
    let cost = &of_model(&summary, MODEL)["cost"];
    assert_eq!(cost["usd"], json!(expected));
    assert_eq!((&cost["input_usd"], &cost["output_usd"]), (&json!(dollars(input * 60)), &json!(dollars(output * 240))));
    assert_eq!(cost["usd_per_answer"], json!(expected / SAMPLES as f64));
    assert!(cost["price_source"].as_str().unwrap().contains("not verified"), "{cost}");
    assert!(of_model(&summary, STRANGER)["cost"].is_null());
    assert_eq!(summary["cost"], json!({"usd": expected, "complete": false, "unknown": [STRANGER]}));
    assert!(ended.out.contains("unknown") && ended.out.contains("whose price is unknown"), "{}", ended.out);
    let markdown = std::fs::read_to_string(tool.path("out/summary.md")).unwrap();
    assert!(markdown.contains("| cost | ") && markdown.contains("unknown"), "{markdown}");
    let metrics = std::fs::read_to_string(tool.path("out/metrics.jsonl")).unwrap();
    let metrics = metrics.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let costs: Vec<Value> = metrics.filter(|metric| metric["name"] == "CostUsd").collect();
    assert_eq!(costs.len(), 1, "an unknown cost is no metric: {costs:?}");
    assert_eq!((&costs[0]["values"], &costs[0]["unit"]), (&json!([[expected, 1.0]]), &json!("None")));
}

#[test]
fn prices_of_ones_own_go_first_and_change_no_run() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES, &[STRANGER]);
    tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let run = tool.json("out/summary.json")["run"].clone();

    let price = |input: f64| json!({"input": input, "output": "0.5", "source": "our contract", "date": "2026-11-01"});
    let mut spec: Value = tool.json("suite/assay.yaml");
    spec["prices"] = json!({"example.first-v1:0": price(0.1)});
    tool.write("suite/assay.yaml", spec.to_string());
    tool.run(&["run", "suite", "--out", "out"]).exits(0).says("complete already");
    assert_eq!(tool.json("out/summary.json")["run"], run);
    let (input, output) = tokens(STRANGER);
    tool.run(&["run", "suite", "--out", "of-spec"]).exits(0);
    let cost = of_model(&tool.json("of-spec/summary.json"), STRANGER)["cost"].clone();
    assert_eq!(cost["usd"], json!(dollars(input * 100 + output * 500)));
    assert_eq!((&cost["price_source"], &cost["price_date"]), (&json!("our contract"), &json!("2026-11-01")));

    tool.write("prices.json", json!({"format": 1, "models": {STRANGER: price(0.2)}}).to_string());
    tool.run(&["run", "suite", "--prices", "prices.json", "--out", "of-file"])
        .exits(0)
        .prints("our contract (2026-11-01)");
    let cost = of_model(&tool.json("of-file/summary.json"), STRANGER)["cost"].clone();
    assert_eq!(cost["usd"], json!(dollars(input * 200 + output * 500)));
    tool.write("prices.json", "{}");
    tool.run(&["run", "suite", "--prices", "prices.json", "--out", "no"]).exits(2).says("not a price table");
    tool.run(&["run", "suite", "--prices", "none.json", "--out", "no"]).exits(2).says("does not exist");
}

#[test]
fn recorded_answers_have_no_cost() {
    let tool = Tool::alone();
    let line = json!({"prompt": "p", "modelResponses": [{"response": "r", "modelIdentifier": MODEL}]});
    tool.write("suite/cases.jsonl", line.to_string());
    tool.write("suite/assay.yaml", "dataset: cases.jsonl\n");
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(0);
    let summary = tool.json("out/summary.json");
    assert!(summary["cost"].is_null() && summary["models"][0]["cost"].is_null(), "{summary}");
    assert!(!ended.out.contains("USD") && !ended.out.contains("unknown"), "{}", ended.out);
}
