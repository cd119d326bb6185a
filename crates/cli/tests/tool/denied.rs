//! Models that nobody may ask or that do not exist: they are let alone soon, and others are not disturbed.

use super::tool::{MODEL, OTHER, Tool, of_model, stand_in, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::json;

/// Questions enough to tell "stopped" from "asked them all".
const SAMPLES: usize = 200;
/// So many requests may be under way before anything is known of a model.
const FEW: u64 = 16;

fn run(stand_in: &StandIn, models: &[&str], code: i32) -> (Tool, String) {
    let tool = Tool::beside(stand_in);
    write_suite(&tool, SAMPLES, models);
    let ended = tool.run(&["run", "suite", "--out", "out"]).exits(code);
    (tool, ended.out)
}

#[test]
fn a_denied_model_is_let_alone_after_a_few_calls() {
    let stand_in = stand_in(Behaviour::default().with(FaultRule::always(Fault::Denied)));
    let (tool, printed) = run(&stand_in, &[MODEL], 4);
    let calls = stand_in.totals().calls;
    assert!((1..=FEW).contains(&calls), "{calls} calls");
    assert!(printed.contains("allow bedrock:InvokeModel"), "{printed}");
    let again = tool.run(&["run", "suite", "--out", "out"]).exits(4).says("--retry-failed asks them again");
    assert!(again.out.contains("allow bedrock:InvokeModel"), "{}", again.out);
    let summary = tool.json("out/summary.json");
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["problems"]["errors"], 1);
    let found = of_model(&summary, MODEL);
    assert_eq!(
        (&found["samples"], &found["answered"], &found["failed"]),
        (&json!(SAMPLES), &json!(0), &json!(SAMPLES))
    );
}

#[test]
fn an_unknown_model_is_let_alone_after_a_few_calls() {
    let stand_in = stand_in(Behaviour { known_models: Some(vec![OTHER.to_owned()]), ..Behaviour::default() });
    let (tool, printed) = run(&stand_in, &[MODEL], 4);
    let calls = stand_in.totals().calls;
    assert!((1..=FEW).contains(&calls), "{calls} calls");
    assert!(printed.contains(&format!("check the id `{MODEL}`")), "{printed}");
    assert!(of_model(&tool.json("out/summary.json"), MODEL)["failures"]["missing"]["count"].as_u64().unwrap() >= 1);
}

#[test]
fn a_missing_model_does_not_disturb_the_other() {
    let stand_in = stand_in(Behaviour { known_models: Some(vec![OTHER.to_owned()]), ..Behaviour::default() });
    let (tool, _) = run(&stand_in, &[MODEL, OTHER], 4);
    let summary = tool.json("out/summary.json");
    let found = of_model(&summary, OTHER);
    assert_eq!((&found["answered"], &found["failed"]), (&json!(SAMPLES), &json!(0)));
    assert_eq!(found["scores"]["relevance"]["n"], SAMPLES);
    assert_eq!(tool.records("out").iter().filter(|record| record["model"] == OTHER).count(), SAMPLES);
    assert_eq!(of_model(&summary, MODEL)["answered"], 0);
    assert_eq!(stand_in.repeated_answers(), 0);
}
