//! Gates, exit codes, and what goes where: data to standard output, the rest to standard error.

use super::tool::{MODEL, Tool, stand_in, write_suite};
use local_stack::stand_in::Behaviour;
use serde_json::{Value, json};

/// Four recorded answers, one of which says nothing of what is wanted.
fn recorded() -> String {
    let line = |number: u32, response: &str| {
        json!({"prompt": format!("p{number}"), "referenceResponse": "a b", "assert": [{"contains": "a"}],
            "modelResponses": [{"response": response, "modelIdentifier": "m"}]})
        .to_string()
    };
    [line(1, "a b"), line(2, "a b"), line(3, "a"), line(4, "nothing")].join("\n").replace("nothing", "c d")
}

#[test]
fn a_gate_that_fails_is_told_with_its_reasons() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", recorded());
    // Means by hand: relevance (1 + 1 + 0.5 + 0) / 4, checks passed 3 of 4.
    for (gate, code, reasons) in [
        (json!({"pass_rate": 0.75, "min": {"relevance": 0.625}}), 0, json!([])),
        (
            json!({"pass_rate": 0.8, "min": {"relevance": 0.7}}),
            3,
            json!(["m: pass rate 0.7500 is below 0.8", "m: relevance 0.6250 is below 0.7"]),
        ),
    ] {
        tool.write("assay.yaml", json!({"gate": gate}).to_string());
        let out = format!("out-{code}");
        let ended = tool.run(&["run", "cases.jsonl", "--out", &out]).exits(code);
        for reason in reasons.as_array().unwrap() {
            assert!(ended.out.contains(reason.as_str().unwrap()), "{reason} in {}", ended.out);
        }
        assert_eq!(ended.out.contains("Gate FAILED"), code == 3);
        assert_eq!(ended.out.contains("Gate passed."), code == 0);
        let verdict = tool.json(&format!("{out}/summary.json"))["gate"].clone();
        assert_eq!(verdict, json!({"passed": code == 0, "reasons": reasons}));
        // Shown again, it is judged the same.
        tool.run(&["run", "cases.jsonl", "--out", &out]).exits(code);
    }
}

#[test]
fn as_json_the_summary_stands_alone_on_standard_output() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", recorded());
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out", "--format", "json"]).exits(0).says("beginning run");
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(printed, tool.json("out/summary.json"));
    let again = tool.run(&["run", "cases.jsonl", "--out", "out", "--format", "json"]).exits(0);
    assert_eq!(serde_json::from_str::<Value>(&again.out).unwrap(), printed);
}

#[test]
fn recorded_answers_alone_are_used_where_that_is_asked_for() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 3, &[MODEL]);
    let ended = tool.run(&["run", "suite", "--recorded", "--out", "none"]).exits(4);
    ended.prints("there are no recorded answers; add `modelResponses` to the lines, or leave `--recorded` out");
    tool.write("suite/cases.jsonl", format!("{}\n{{\"prompt\": \"unanswered\"}}\n", recorded()));
    tool.run(&["run", "suite", "--recorded", "--out", "some"]).exits(0).prints("1 lines have no recorded answer");
    assert_eq!(stand_in.totals().calls, 0);
    assert_eq!(tool.records("some").len(), 4);
}

#[test]
fn lines_without_recorded_answers_are_asked_and_both_are_told_apart() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 1, &[MODEL]);
    tool.write("suite/cases.jsonl", format!("{}\n{{\"prompt\": \"unanswered\"}}\n", recorded()));
    tool.run(&["run", "suite", "--out", "out"]).exits(0).prints("4 of 5 answers were recorded");
    assert_eq!(stand_in.totals().calls, 1);
    assert_eq!(tool.json("out/summary.json")["answers"], json!({"asked": 1, "recorded": 4}));
}

#[test]
fn nobody_to_ask_is_told() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", "{\"prompt\": \"p\"}\n");
    tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(4).prints("there is no model to ask; name `models`");
}

#[test]
fn a_dataset_that_names_a_model_on_each_line_is_refused() {
    let tool = Tool::alone();
    let line = |number: usize| {
        let answer = json!({"response": "yes", "modelIdentifier": format!("run-{number}")});
        json!({"prompt": format!("question {number}"), "modelResponses": [answer]}).to_string() + "\n"
    };
    tool.write("cases.jsonl", (0..=100).map(line).collect::<String>());
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(4);
    assert!(ended.out.contains("the same on every line"), "{}", ended.out);
    let summary = tool.json("out/summary.json");
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["models"], json!([]), "no metric of a hundred models is published");
}
