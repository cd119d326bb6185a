//! A suite whose history and baseline version 0.1.0 has written.

use super::{list, mean, restore, runs, text, values};
use crate::compared::{ANSWERS, mcnemar};
use crate::tool::{Tool, close};
use serde_json::{Value, json};
use std::fs;

/// The models whose responses the dataset records.
const MODELS: [&str; 2] = ["shop-small", "shop-large"];

fn suite() -> Tool {
    let tool = Tool::alone();
    restore(&tool, "suite");
    tool
}

fn history(tool: &Tool) -> Vec<String> {
    let text = fs::read_to_string(tool.path("suites/returns/history.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Returns the records of one model of a run, in the order of the dataset.
fn of_model(tool: &Tool, run: &str, model: &str) -> Vec<Value> {
    let mut records = tool.records(&format!("runs/returns/{run}"));
    records.retain(|record| record["model"] == model);
    records.sort_by_key(|record| record["sample"]["line"].as_u64());
    records
}

/// Runs `assay compare` over two runs and checks its numbers against their records.
fn assert_compared(tool: &Tool, [one, other]: [&str; 2]) {
    let ended = tool.run(&["compare", one, other, "--format", "json"]).exits(0);
    let found: Value = serde_json::from_str(&ended.out).unwrap();
    for model in MODELS {
        let comparison = found.as_array().unwrap().iter().find(|pair| pair["after"]["model"] == model).unwrap();
        assert_eq!((text(comparison, "/before/run"), text(comparison, "/after/run")), (one, other));
        let (before, after) = (of_model(tool, one, model), of_model(tool, other, model));
        let relevance = |records: &[Value]| values(&records.iter().collect::<Vec<_>>(), "relevance");
        let (then, now) = (relevance(&before), relevance(&after));
        let changed = |is: fn(f64, f64) -> bool| then.iter().zip(&now).filter(|(then, now)| is(**then, **now)).count();
        let (worse, better) = (changed(|then, now| now < then), changed(|then, now| now > then));
        assert_eq!((&comparison["shared"], &comparison["regressed"]), (&json!(then.len()), &json!(worse)));
        assert_eq!((&comparison["improved"], then.len(), now.len()), (&json!(better), 12, 12));
        let measure = |name: &str| list(comparison, "measures").iter().find(|measure| measure["name"] == name).unwrap();
        close(&measure("relevance")["before"], mean(&then));
        close(&measure("relevance")["after"], mean(&now));
        close(&measure("relevance")["effect"], mean(&now) - mean(&then));
        let passed = |record: &Value| record["checks"][0]["passed"] == true;
        let pairs = || before.iter().map(passed).zip(after.iter().map(passed));
        let lost = pairs().filter(|pair| *pair == (true, false)).count() as u32;
        let gained = pairs().filter(|pair| *pair == (false, true)).count() as u32;
        close(&measure("checks")["tests"][0]["p"], mcnemar(lost, gained));
    }
}

#[test]
fn old_runs_are_compared() {
    let tool = suite();
    let runs = runs(&tool, "returns");
    assert_eq!(runs.len(), 3);
    for pair in [[0, 1], [0, 2], [2, 1]] {
        assert_compared(&tool, pair.map(|run| runs[run].as_str()));
    }
}

#[test]
fn the_baseline_is_shown() {
    let tool = suite();
    let baseline = tool.json("suites/returns/baseline.json");
    assert_eq!((&baseline["note"], text(&baseline, "/run")), (&json!("as released"), &*runs(&tool, "returns")[0]));
    let ended = tool.run(&["baseline", "show", "returns", "--format", "json"]).exits(0);
    assert_eq!(serde_json::from_str::<Value>(&ended.out).unwrap(), baseline);
    let ended = tool.run(&["baseline", "show", "returns"]).exits(0).prints("as released");
    ended.prints(text(&baseline, "/run"));
}

#[test]
fn a_new_run_is_compared_with_the_old_baseline_and_added_to_the_old_history() {
    let tool = suite();
    let (old_runs, old_history) = (runs(&tool, "returns"), history(&tool));
    let baseline = fs::read(tool.path("suites/returns/baseline.json")).unwrap();
    // The same samples; all responses of the first model are wrong, and all of the second are right.
    let dataset = fs::read_to_string(tool.path("cases.jsonl")).unwrap();
    let line = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line["modelResponses"] = json!([
            {"response": ANSWERS[2], "modelIdentifier": MODELS[0]}, {"response": ANSWERS[0], "modelIdentifier": MODELS[1]}
        ]);
        format!("{line}\n")
    };
    tool.write("cases.jsonl", dataset.lines().map(line).collect::<String>());
    tool.run(&["run", "cases.jsonl"]).exits(3);
    let new = runs(&tool, "returns").into_iter().find(|run| !old_runs.contains(run)).unwrap();

    let (added, kept): (Vec<String>, Vec<String>) = history(&tool).into_iter().partition(|line| line.contains(&new));
    assert_eq!((kept, added.len()), (old_history, 1), "old lines are unchanged");
    let line: Value = serde_json::from_str(&added[0]).unwrap();
    assert_eq!((text(&line, "/run"), &line["gate_passed"]), (&*new, &json!(false)));
    let summary = tool.json(&format!("runs/returns/{new}/summary.json"));
    for (model, regressed) in MODELS.into_iter().zip([true, false]) {
        let of_line = list(&line, "models").iter().find(|found| found["model"] == model).unwrap();
        let of_summary = list(&summary, "models").iter().find(|found| found["model"] == model).unwrap();
        assert_eq!(
            (&of_line["regressed"], &of_summary["regressed"]),
            (&json!(regressed), &json!(regressed)),
            "{model}"
        );
        let expected = if regressed { 0.0 } else { 1.0 };
        close(&of_line["means"]["relevance"]["mean"], expected);
    }
    let reasons = list(&summary["gate"], "reasons").iter().map(|reason| reason.as_str().unwrap());
    let of_baseline: Vec<&str> = reasons.filter(|reason| reason.contains(&old_runs[0])).collect();
    // The measures checks, relevance and F1 of the first model.
    assert_eq!(of_baseline.len(), 3, "{of_baseline:?}");
    assert!(of_baseline.iter().all(|reason| reason.starts_with("shop-small: ")), "{of_baseline:?}");
    assert_eq!(
        fs::read(tool.path("suites/returns/baseline.json")).unwrap(),
        baseline,
        "a run does not change the baseline"
    );

    assert_compared(&tool, [&old_runs[0], &new]);
    let index = fs::read_to_string(tool.path("suites/returns/index.html")).unwrap();
    assert!(old_runs.iter().chain([&new]).all(|run| index.contains(run.as_str())));
}
