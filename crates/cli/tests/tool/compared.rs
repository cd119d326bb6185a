//! Comparing runs, with recorded answers whose changes are known.

use super::tool::{Ended, Tool, close, relevance};
use serde_json::{Value, json};

/// What is wanted of every sample.
const WANTED: &str = "thirty days from delivery";
/// Answers with the relevance 1, 0.5 and 0.
pub(crate) const ANSWERS: [&str; 3] = ["thirty days from delivery", "thirty days", "no idea"];

/// A dataset in which sample `n` is answered by `answers[n]` of [`ANSWERS`].
pub(crate) fn dataset(answers: &[usize]) -> String {
    let line = |(number, answer): (usize, &usize)| {
        json!({"id": format!("case-{number}"), "prompt": format!("question {number}"), "referenceResponse": WANTED,
            "modelResponses": [{"response": ANSWERS[*answer], "modelIdentifier": "m"}]})
        .to_string()
    };
    answers.iter().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The mean relevance of such a dataset, by the tutorial's definition.
pub(crate) fn mean(answers: &[usize]) -> f64 {
    answers.iter().map(|answer| relevance(WANTED, ANSWERS[*answer])).sum::<f64>() / answers.len() as f64
}

pub(crate) fn spec(gate: Option<Value>) -> String {
    let mut spec = json!({"suite": "returns", "scorers": ["relevance", "response_length"],
        "checks": [{"contains": "days"}]});
    if let Some(gate) = gate {
        spec["gate"] = gate;
    }
    spec.to_string()
}

/// 40 samples: 12 answers that were good say nothing now, 2 that were half good are good now.
pub(crate) fn worse() -> (Vec<usize>, Vec<usize>) {
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
pub(crate) fn mcnemar(lost: u32, gained: u32) -> f64 {
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
