//! Repeats that were answered before a run was cut off, and access that is lost midway: what is paid for is kept.

use super::tool::{MODEL, Tool, answering, of_model, question, questions, stand_in, until_held, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule};
use serde_json::json;

const REPEATS: u64 = 5;

#[test]
fn repeats_that_were_answered_are_not_asked_again() {
    let hold = |number| FaultRule::always(Fault::Hold).for_prompt(question(number)).after(2);
    let stand_in = stand_in((1..=4).fold(Behaviour::default(), |rules, number| rules.with(hold(number))));
    let tool = Tool::beside(&stand_in);
    tool.write("suite/cases.jsonl", questions(4));
    let spec = json!({"suite": "s", "dataset": "cases.jsonl", "models": [{"id": MODEL}], "repeats": REPEATS});
    tool.write("suite/assay.yaml", spec.to_string());
    let command = ["run", "suite", "--out", "out"];
    let running = tool.start(&command);
    // Every question has two responses, and waits for the third.
    until_held(&stand_in, 4 * 3, 4);
    running.interrupt("INT", &stand_in).exits(4).says("the same command goes on from there");
    tool.run(&command).exits(0);

    assert_eq!(stand_in.totals().calls, 4 * REPEATS, "no repeat was asked twice");
    let summary = tool.json("out/summary.json");
    let found = of_model(&summary, MODEL);
    assert_eq!((&found["answered"], &found["failed"]), (&json!(4), &json!(0)));
    assert_eq!(found["latency"]["n"], 4 * REPEATS);
    // The stand-in gives the same answer to the same question, so every repeat has the same tokens.
    let tokens: u64 = tool
        .records("out")
        .iter()
        .filter(|record| record["failure"].is_null())
        .map(|record| {
            assert_eq!(record["responses"].as_array().unwrap().len() as u64, REPEATS);
            record["responses"][0]["usage"]["output_tokens"].as_u64().unwrap() * REPEATS
        })
        .sum();
    assert_eq!(found["usage"]["output_tokens"], tokens, "each repeat counts once, whichever record it stands in");
}

#[test]
fn a_model_that_is_denied_midway_is_gone_on_with_once_it_is_allowed() {
    let stand_in = stand_in(answering(50));
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 200, &[MODEL]);
    let command = ["run", "suite", "--out", "out", "--concurrency", "4"];
    let running = tool.start(&command);
    until_held(&stand_in, 54, 4);
    stand_in.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Denied)));
    running.wait().exits(4).says("the same command goes on from there").says("the model cannot be asked");
    assert!(!tool.path("out/summary.json").exists(), "a run that can be gone on with is not concluded");

    stand_in.set_behaviour(Behaviour::default());
    tool.run(&command).exits(0);
    assert_eq!(stand_in.repeated_answers(), 0, "what was answered is not asked again");
    let summary = tool.json("out/summary.json");
    let found = of_model(&summary, MODEL);
    assert_eq!((&found["answered"], &found["failed"]), (&json!(200), &json!(0)));
    assert_eq!(summary["status"], "completed");
}

#[test]
fn a_lost_sample_without_checks_has_not_failed_any() {
    let refuse = FaultRule::always(Fault::Validation).for_prompt("unlucky");
    let stand_in = stand_in(Behaviour::default().with(refuse));
    let tool = Tool::beside(&stand_in);
    let mut lines = json!({"id": "good", "prompt": "lucky", "assert": [{"regex": "."}]}).to_string() + "\n";
    for number in 0..10 {
        lines += &(json!({"id": format!("bad-{number}"), "prompt": format!("unlucky {number}")}).to_string() + "\n");
    }
    lines += &json!({"id": "lost", "prompt": "unlucky with a check", "assert": [{"regex": "."}]}).to_string();
    tool.write("suite/cases.jsonl", lines);
    tool.write("suite/assay.yaml", json!({"dataset": "cases.jsonl", "models": [{"id": MODEL}]}).to_string());
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(4);
    assert!(ended.out.contains("11 samples have no answer"), "{}", ended.out);
    let summary = tool.json("out/summary.json");
    // Two samples have checks: one passed, one was never answered.
    assert_eq!(of_model(&summary, MODEL)["pass_rate"], 0.5);
}
