//! The baseline, the gate that asks for it, and bounds from above.

use super::compared::{ANSWERS, dataset, mcnemar, mean, spec, worse};
use super::tool::Tool;
use serde_json::json;
use std::fs;

/// The only run of the suite whose id is not among `known`.
fn new_run(tool: &Tool, known: &[String]) -> String {
    let runs = fs::read_dir(tool.path("runs/returns")).unwrap();
    let runs = runs.map(|run| run.unwrap().file_name().into_string().unwrap());
    let fresh: Vec<String> = runs.filter(|run| !known.contains(run)).collect();
    assert_eq!(fresh.len(), 1, "{fresh:?}");
    fresh[0].clone()
}

#[test]
fn the_gate_fails_on_a_regression_from_the_baseline_and_the_baseline_stays() {
    let (before, after) = worse();
    let tool = Tool::alone();
    tool.write("assay.yaml", spec(Some(json!({"no_regression": {"against": "baseline", "alpha": 0.05}}))));
    tool.write("cases.jsonl", dataset(&before));
    tool.run(&["run", "cases.jsonl"])
        .exits(0)
        .prints("Gate passed.")
        .prints("no baseline yet; set one with `assay baseline set`");
    let first = new_run(&tool, &[]);
    assert!(!tool.path("suites/returns/baseline.json").exists(), "no baseline is set by itself");
    let summary = tool.json(&format!("runs/returns/{first}/summary.json"));
    assert_eq!(summary["gate"]["passed"], true);

    // By its id alone, and with words of our own.
    tool.run(&["baseline", "set", &first, "--note", "as released"]).exits(0).says(&first);
    let baseline = tool.json("suites/returns/baseline.json");
    assert_eq!((&baseline["run"], &baseline["note"]), (&json!(first), &json!("as released")));
    assert_eq!(baseline["place"], format!("runs/returns/{first}"));
    tool.run(&["baseline", "show", "returns"]).exits(0).prints(&first).prints("as released");

    tool.write("cases.jsonl", dataset(&after));
    let ended = tool.run(&["run", "cases.jsonl"]).exits(3).prints("Gate FAILED");
    let (then, now) = (mean(&before), mean(&after));
    let ended =
        ended.prints(&format!("m: relevance is worse than in the baseline {first}: {then:.4} before, {now:.4} now"));
    // Holm over checks and relevance: the smaller of both counts twice.
    let p = 2.0 * mcnemar(12, 0);
    let ended = ended.prints(&format!("m: checks is worse than in the baseline {first}: 1.0000 before, 0.7000 now"));
    let reasons =
        tool.json(&format!("runs/returns/{}/summary.json", new_run(&tool, std::slice::from_ref(&first))))["gate"]
            .clone();
    assert_eq!(reasons["reasons"].as_array().unwrap().len(), 2, "{reasons}");
    let is_told = [p, p / 2.0].iter().any(|p| ended.out.contains(&format!("(adjusted p {p:.2e})")));
    assert!(is_told, "{p} in {}", ended.out);

    // As good as the baseline: passed. And nothing of all this has moved it.
    tool.write("cases.jsonl", format!("{}\n", dataset(&before)));
    let ended = tool.run(&["run", "cases.jsonl", "--out", "alone"]).exits(0).prints("Gate passed.");
    assert!(!ended.out.contains("no baseline yet"), "a run elsewhere is compared with the baseline here");
    assert_eq!(tool.json("suites/returns/baseline.json"), baseline);

    // A run in a folder of its own can be the baseline too; it is named from the root.
    tool.run(&["baseline", "set", "alone"]).exits(0).says(&format!("in place of {first}"));
    let place = tool.json("suites/returns/baseline.json")["place"].as_str().unwrap().to_owned();
    assert!(place.starts_with('/') && place.ends_with("/alone"), "{place}");
    tool.write("cases.jsonl", format!("\n{}", dataset(&after)));
    tool.run(&["run", "cases.jsonl", "--out", "again"]).exits(3).prints("is worse than in the baseline");
    fs::remove_dir_all(tool.path("alone")).unwrap();
    let ended = tool.run(&["run", "cases.jsonl", "--out", "gone"]).exits(3);
    ended.prints("the baseline cannot be used: the folder").prints("set another with `assay baseline set`");
    assert!(!tool.path("alone").exists());
}

#[test]
fn a_watched_folder_has_baselines_of_its_own() {
    let (before, after) = worse();
    let tool = Tool::alone();
    tool.write("bucket/datasets/returns/assay.yaml", spec(Some(json!({"no_regression": {}}))));
    tool.write("bucket/datasets/returns/one.jsonl", dataset(&before));
    tool.run(&["watch", "bucket", "--once"]).exits(0).prints("no baseline yet");
    let runs: Vec<_> = fs::read_dir(tool.path("bucket/runs/returns")).unwrap().collect();
    let run = runs[0].as_ref().unwrap().file_name().into_string().unwrap();
    tool.run(&["baseline", "set", &format!("bucket/runs/returns/{run}")]).exits(0);
    assert_eq!(tool.json("bucket/suites/returns/baseline.json")["place"], format!("runs/returns/{run}"));
    assert!(!tool.path("suites").exists());
    tool.run(&["baseline", "show", "returns", "--in", "bucket"]).exits(0).prints(&run);
    fs::remove_file(tool.path("bucket/datasets/returns/one.jsonl")).unwrap();
    tool.write("bucket/datasets/returns/two.jsonl", dataset(&after));
    tool.run(&["watch", "bucket", "--once"]).exits(3).prints("relevance is worse than in the baseline");
}

#[test]
fn bounds_from_above_hold_too() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", dataset(&[0, 0, 1]));
    let length = (2 * ANSWERS[0].len() + ANSWERS[1].len()) as f64 / 3.0;
    tool.write("assay.yaml", spec(Some(json!({"max": {"response_length": length.ceil()}}))));
    tool.run(&["run", "cases.jsonl", "--out", "one"]).exits(0).prints("Gate passed.");
    tool.write("assay.yaml", spec(Some(json!({"max": {"response_length": 10}}))));
    tool.run(&["run", "cases.jsonl", "--out", "other"])
        .exits(3)
        .prints(&format!("response_length {length:.4} is above 10"));
    tool.write("assay.yaml", spec(Some(json!({"max": {"f1": 1, "nonsense": 1}, "min": {"f1": 0}}))));
    let ended = tool.run(&["run", "cases.jsonl", "--out", "none"]).exits(2);
    let ended = ended.says("gate.max.f1: the gate asks for `f1`, which is not among the scorers");
    ended.says("gate.max.nonsense: the gate cannot be held").says("gate.min.f1");
}
