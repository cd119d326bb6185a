//! Comparing runs, the baseline and the gate that asks for it, with recorded answers whose changes are known.

use super::tool::{Ended, Tool, close, relevance};
use serde_json::{Value, json};
use std::fs;

/// What is wanted of every sample.
const WANTED: &str = "thirty days from delivery";
/// Answers with the relevance 1, 0.5 and 0.
const ANSWERS: [&str; 3] = ["thirty days from delivery", "thirty days", "no idea"];

/// A dataset in which sample `n` is answered by `answers[n]` of [`ANSWERS`].
fn dataset(answers: &[usize]) -> String {
    let line = |(number, answer): (usize, &usize)| {
        json!({"id": format!("case-{number}"), "prompt": format!("question {number}"), "referenceResponse": WANTED,
            "modelResponses": [{"response": ANSWERS[*answer], "modelIdentifier": "m"}]})
        .to_string()
    };
    answers.iter().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The mean relevance of such a dataset, by the tutorial's definition.
fn mean(answers: &[usize]) -> f64 {
    answers.iter().map(|answer| relevance(WANTED, ANSWERS[*answer])).sum::<f64>() / answers.len() as f64
}

fn spec(gate: Option<Value>) -> String {
    let mut spec = json!({"suite": "returns", "scorers": ["relevance", "response_length"],
        "checks": [{"contains": "days"}]});
    if let Some(gate) = gate {
        spec["gate"] = gate;
    }
    spec.to_string()
}

/// 40 samples: 12 answers that were good say nothing now, 2 that were half good are good now.
fn worse() -> (Vec<usize>, Vec<usize>) {
    let before: Vec<usize> = (0..40).map(|number| usize::from(number >= 38)).collect();
    let after: Vec<usize> = (0..40).map(|number| if number < 12 { 2 } else { 0 }).collect();
    (before, after)
}

/// A tool with the runs `one` and `other` of the same suite.
fn two_runs(before: &[usize], after: &[usize]) -> Tool {
    let tool = Tool::alone();
    tool.write("assay.yaml", spec(None));
    for (name, answers) in [("one", before), ("other", after)] {
        tool.write("cases.jsonl", dataset(answers));
        tool.run(&["run", "cases.jsonl", "--out", name]).exits(0);
    }
    tool
}

fn json_of(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
}

#[track_caller]
fn measure<'a>(comparison: &'a Value, name: &str) -> &'a Value {
    let measures = comparison["measures"].as_array().unwrap();
    measures.iter().find(|measure| measure["name"] == name).unwrap_or_else(|| panic!("no {name} in {comparison}"))
}

/// The exact two-sided p-value of McNemar's test, summed up term by term.
fn mcnemar(lost: u32, gained: u32) -> f64 {
    let n = lost + gained;
    let term = |k: u32| (0..k).fold(1.0, |product, i| product * f64::from(n - i) / f64::from(i + 1));
    (2.0 * (0..=lost.min(gained)).map(term).sum::<f64>() / 2.0_f64.powi(n as i32)).min(1.0)
}

#[test]
fn two_runs_are_compared_sample_by_sample() {
    let (before, after) = worse();
    let tool = two_runs(&before, &after);
    let found = json_of(&tool.run(&["compare", "one", "other", "--format", "json"]).exits(0));
    assert_eq!(found.as_array().unwrap().len(), 1);
    let found = &found[0];
    assert_eq!((&found["shared"], &found["regressed"], &found["improved"]), (&json!(40), &json!(12), &json!(2)));
    assert_eq!((&found["unchanged"], &found["only_before"], &found["changed"]), (&json!(26), &json!(0), &json!(0)));

    let relevance = measure(found, "relevance");
    close(&relevance["n"], 40.0);
    close(&relevance["before"], mean(&before));
    close(&relevance["after"], mean(&after));
    close(&relevance["effect"], mean(&after) - mean(&before));
    assert_eq!((&relevance["verdict"], &relevance["tests"][0]["test"]), (&json!("worse"), &json!("paired_bootstrap")));
    assert_eq!(relevance["interval_method"], "bootstrap");
    let checks = measure(found, "checks");
    assert_eq!(checks["tests"][0]["test"], "mcnemar_exact");
    // Half an answer names the days too, so 12 checks are lost and none is gained.
    close(&checks["tests"][0]["p"], mcnemar(12, 0));
    close(&checks["before"], 1.0);
    close(&checks["after"], 28.0 / 40.0);
    assert_eq!(measure(found, "response_length")["verdict"], "different");

    let first = &found["regressions"][0];
    assert_eq!((&first["sample"], &first["measure"]), (&json!("case-0"), &json!("checks")));
    assert_eq!((&first["prompt"], &first["reference"]), (&json!("question 0"), &json!(WANTED)));
    assert_eq!((&first["before"]["response"], &first["after"]["response"]), (&json!(ANSWERS[0]), &json!(ANSWERS[2])));
    assert_eq!(first["after"]["failed_checks"], json!(["contains: days"]));
    let better = &found["improvements"][0];
    assert_eq!((&better["sample"], &better["measure"]), (&json!("case-38"), &json!("relevance")));
    assert_eq!((&better["before"]["value"], &better["after"]["value"]), (&json!(0.5), &json!(1.0)));
    let caveats = found["caveats"].to_string();
    assert!(
        caveats.contains("the datasets differ") && caveats.contains("40 answers before were recorded"),
        "{caveats}"
    );
}

#[test]
fn people_read_the_changed_samples_first_and_the_totals_last() {
    let (before, after) = worse();
    let tool = two_runs(&before, &after);
    let ended = tool.run(&["compare", "one", "other", "--top", "3"]).exits(0);
    let at = |text: &str| ended.out.find(text).unwrap_or_else(|| panic!("`{text}` is missing in {}", ended.out));
    assert!(at("Got worse: 12") < at("Got better: 2") && at("Got better: 2") < at("adjusted p"));
    assert!(at("adjusted p") < at("40 samples compared: 12 got worse, 2 got better, 26 stayed"));
    assert!(at("... and 9 more") < at("Got better"));
    assert!(
        at("There is evidence of a difference: worse in checks, relevance; different in response_length")
            > at("40 samples")
    );
    tool.run(&["compare", "one", "other", "--fail-on-regression"]).exits(3);
    // The other way round the same samples got better.
    let back = tool.run(&["compare", "other", "one", "--fail-on-regression"]).exits(0);
    back.prints("12 got better").prints("better in checks, relevance");
}

#[test]
fn where_nothing_speaks_for_a_difference_that_is_said() {
    // As many answers get better as get worse.
    let before: Vec<usize> = (0..40).map(|number| usize::from(number % 2 == 0)).collect();
    let after: Vec<usize> = (0..40).map(|number| usize::from(number % 2 == 0) ^ usize::from(number < 4)).collect();
    let tool = two_runs(&before, &after);
    let ended = tool.run(&["compare", "one", "other", "--fail-on-regression"]).exits(0);
    let ended = ended.prints("2 got worse, 2 got better, 36 stayed").prints("There is no evidence of a difference");
    assert!(!ended.out.contains("WORSE"));
    let few = two_runs(&[0, 0, 0], &[2, 2, 2]);
    few.run(&["compare", "one", "other"]).exits(0).prints("There are too few samples to tell a difference.");
}

#[test]
fn samples_that_changed_or_are_gone_are_left_out() {
    let tool = Tool::alone();
    tool.write("assay.yaml", spec(None));
    let all = dataset(&[0; 12]);
    tool.write("cases.jsonl", &all);
    tool.run(&["run", "cases.jsonl", "--out", "one"]).exits(0);
    let lines: Vec<String> = all.lines().skip(2).map(|line| line.replace("question 5\"", "question five\"")).collect();
    tool.write("cases.jsonl", lines.join("\n"));
    tool.run(&["run", "cases.jsonl", "--out", "other"]).exits(0);
    let found = &json_of(&tool.run(&["compare", "one", "other", "--format", "json"]).exits(0))[0];
    assert_eq!((&found["shared"], &found["changed"], &found["only_before"]), (&json!(9), &json!(1), &json!(2)));
    assert!(found["caveats"].to_string().contains("1 samples have another question"), "{}", found["caveats"]);
}

#[test]
fn a_differing_spec_is_told() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", dataset(&[0; 8]));
    for (name, system) in [("one", "Be kind."), ("other", "Be brief.")] {
        tool.write("assay.yaml", json!({"suite": "returns", "system": system}).to_string());
        tool.run(&["run", "cases.jsonl", "--out", name]).exits(0);
    }
    let ended = tool.run(&["compare", "one", "other"]).exits(0).prints("the specs differ in `system`");
    assert!(!ended.out.contains("the datasets differ"), "{}", ended.out);
}

#[test]
fn the_models_of_one_run_are_compared_with_the_first() {
    let tool = Tool::alone();
    let line = |number: usize| {
        let answer = |model: &str, text: &str| json!({"response": text, "modelIdentifier": model});
        let answers =
            [answer("a", ANSWERS[0]), answer("b", ANSWERS[usize::from(number < 9) * 2]), answer("c", "\u{1b}[2Jx")];
        json!({"id": number.to_string(), "prompt": "p", "referenceResponse": WANTED, "modelResponses": answers})
            .to_string()
    };
    tool.write("cases.jsonl", (0..30).map(line).collect::<Vec<_>>().join("\n"));
    tool.write("assay.yaml", spec(None));
    tool.run(&["run", "cases.jsonl", "--out", "one"]).exits(0);
    let found = json_of(&tool.run(&["compare", "one", "--format", "json"]).exits(0));
    let sides = |place: usize| [found[place]["before"]["model"].clone(), found[place]["after"]["model"].clone()];
    assert_eq!([sides(0), sides(1)], [["a", "b"], ["a", "c"]].map(|pair| pair.map(Value::from)));
    assert_eq!(found[0]["regressed"], 9);
    close(&measure(&found[0], "relevance")["effect"], -9.0 / 30.0);
    let chosen = json_of(&tool.run(&["compare", "one", "--model", "c", "--model", "b", "--format", "json"]).exits(0));
    assert_eq!((&chosen[0]["before"]["model"], &chosen[0]["after"]["model"]), (&json!("c"), &json!("b")));
    let ended = tool.run(&["compare", "one"]).exits(0).prints("␛[2Jx");
    assert!(!ended.out.contains('\u{1b}'), "a terminal could obey it");
    tool.run(&["compare", "one", "--model", "a"]).exits(2).says("has nothing to be compared with");
    tool.run(&["compare", "one", "--model", "z"]).exits(2).says("`z` is not in the run; it has `a`, `b`, `c`");
}

#[test]
fn what_is_no_run_is_told() {
    let tool = Tool::alone();
    tool.write("folder/file", "");
    for name in ["nothing", "folder", "runs/a/b"] {
        tool.run(&["compare", name, name]).exits(2).says("is no run; name a run's folder");
        tool.run(&["baseline", "set", name]).exits(2).says("is no run; name a run's folder");
    }
    tool.run(&["baseline", "show", "returns"]).exits(2).says("has no baseline");
    tool.write("cases.jsonl", dataset(&[0; 3]));
    tool.run(&["run", "cases.jsonl", "--out", "one"]).exits(0);
    tool.run(&["compare", "one", "one", "--alpha", "1"]).exits(2).says("--alpha 1 is not between 0 and 1");
    tool.run(&["baseline", "set", "one", "--suite", "a/b"]).exits(2).says("is no suite's name");
}

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
    assert!(!tool.path("suites").exists(), "no baseline is set by itself");
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
    let reasons = tool.json(&format!("runs/returns/{}/summary.json", new_run(&tool, &[first.clone()])))["gate"].clone();
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
