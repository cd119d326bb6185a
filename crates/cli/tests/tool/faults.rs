//! Models that throttle, fail and answer oddly: nothing is lost, nothing is asked after its answer.

use super::tool::{MODEL, Tool, of_model, question, stand_in, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, Outcome, StandIn, deterministic_answer};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn one(rule: FaultRule) -> StandIn {
    stand_in(Behaviour { latency_ms: Some(2), ..Behaviour::default() }.with(rule))
}

/// Runs a suite of `count` questions and gives its summary.
fn run(stand_in: &StandIn, count: usize, code: i32) -> (Tool, Value) {
    let tool = Tool::beside(stand_in);
    write_suite(&tool, count, &[MODEL]);
    tool.run(&["run", "suite", "--out", "out"]).exits(code);
    let summary = tool.json("out/summary.json");
    (tool, summary)
}

/// Holds a run to be whole: every question answered, none after its answer.
fn is_whole(stand_in: &StandIn, summary: &Value, count: usize) {
    assert_eq!(stand_in.repeated_answers(), 0);
    assert_eq!(stand_in.totals().outcomes[&Outcome::Answered], count as u64);
    let found = of_model(summary, MODEL);
    assert_eq!((&found["samples"], &found["answered"], &found["failed"]), (&json!(count), &json!(count), &json!(0)));
    assert_eq!(found["scores"]["response_length"]["n"], count);
}

#[test]
fn one_in_five_throttled_loses_nothing() {
    let throttle = Fault::Throttle { retry_after_seconds: None };
    let stand_in = one(FaultRule::rate(0.2, throttle));
    let (tool, summary) = run(&stand_in, 60, 0);
    is_whole(&stand_in, &summary, 60);
    assert!(stand_in.totals().calls > 60, "some were throttled");
    let waited = tool.records("out").into_iter().filter(|record| record["responses"][0]["attempts"] != 1);
    assert_eq!(
        waited.map(|record| record["responses"][0]["attempts"].as_u64().unwrap() - 1).sum::<u64>(),
        stand_in.totals().calls - 60
    );
}

#[test]
fn a_wait_that_was_asked_for_is_kept_and_is_no_latency() {
    let throttle = Fault::Throttle { retry_after_seconds: Some(2) };
    let stand_in = one(FaultRule::always(throttle).times(1));
    let begun = Instant::now();
    let (tool, summary) = run(&stand_in, 1, 0);
    let whole = begun.elapsed().as_millis() as u64;
    is_whole(&stand_in, &summary, 1);
    let calls = stand_in.calls();
    assert!(calls[1].arrived - calls[0].arrived >= Duration::from_secs(2), "{calls:?}");
    let response = &tool.records("out")[0]["responses"][0];
    let [waited, latency] = ["waited_ms", "latency_ms"].map(|name| response[name].as_u64().unwrap());
    assert!(waited >= 2000, "{response}");
    assert!(waited + latency <= whole, "the wait counts twice: {response} within {whole} ms");
    assert_eq!(of_model(&summary, MODEL)["latency"]["max_ms"], latency as f64);
}

#[test]
fn passing_failures_are_asked_again() {
    let faults = [
        Fault::ServerError,
        Fault::Unavailable,
        Fault::ConnectionReset,
        Fault::ModelTimeout,
        Fault::ModelError,
        Fault::ModelNotReady,
        Fault::MalformedBody,
        Fault::MissingOutput,
    ];
    let mut behaviour = Behaviour::default();
    for (index, fault) in faults.iter().enumerate() {
        // The question with this number meets this fault once.
        behaviour =
            behaviour.with(FaultRule::always(fault.clone()).for_prompt(format!("number {}?", index + 1)).times(1));
    }
    let stand_in = stand_in(behaviour);
    let (tool, summary) = run(&stand_in, faults.len(), 0);
    is_whole(&stand_in, &summary, faults.len());
    assert_eq!(stand_in.totals().calls, 2 * faults.len() as u64);
    for record in tool.records("out") {
        assert_eq!(record["responses"][0]["attempts"], 2, "{record}");
    }
}

#[test]
fn a_body_that_stays_malformed_fails_its_sample_alone() {
    let stand_in = one(FaultRule::always(Fault::MalformedBody).for_prompt("number 2?"));
    let (_, summary) = run(&stand_in, 3, 4);
    let found = of_model(&summary, MODEL);
    assert_eq!((&found["answered"], &found["failed"]), (&json!(2), &json!(1)));
    assert_eq!(found["failures"]["malformed"]["count"], 1);
    assert_eq!(summary["status"], "completed");
}

#[test]
fn odd_answers_are_read_for_their_text() {
    let behaviour = Behaviour::default()
        .with(FaultRule::always(Fault::ReasoningFirst).for_prompt("number 1?"))
        .with(FaultRule::always(Fault::TextBlocks(4)).for_prompt("number 2?"))
        .with(FaultRule::always(Fault::StopReason("guardrail_intervened".to_owned())).for_prompt("number 3?"));
    let stand_in = stand_in(behaviour);
    let (tool, summary) = run(&stand_in, 3, 0);
    for record in tool.records("out") {
        let number = record["sample"]["line"].as_u64().unwrap() as usize;
        let response = &record["responses"][0];
        assert_eq!(response["text"], deterministic_answer(MODEL, &question(number)), "line {number}");
        let reason = if number == 3 { "guardrail_intervened" } else { "end_turn" };
        assert_eq!(response["stop_reason"], reason);
    }
    assert_eq!(of_model(&summary, MODEL)["stop_reasons"], json!({"end_turn": 2, "guardrail_intervened": 1}));
}

#[test]
fn an_answer_without_text_is_unscored_and_not_zero() {
    let stand_in = one(FaultRule::always(Fault::EmptyContent).for_prompt("number 2?"));
    let (tool, summary) = run(&stand_in, 2, 0);
    let found = of_model(&summary, MODEL);
    let length = deterministic_answer(MODEL, &question(1)).chars().count() as f64;
    for scorer in ["relevance", "response_length"] {
        let score = &found["scores"][scorer];
        assert_eq!((&score["n"], &score["unscored"]), (&json!(1), &json!(1)), "{score}");
        assert!(score["unscored_reasons"].to_string().contains("no text"), "{score}");
    }
    assert_eq!(found["scores"]["response_length"]["mean"], length);
    assert_eq!(found["failed"], 0);
    let record = tool.records("out").into_iter().find(|record| record["sample"]["line"] == 2).unwrap();
    assert!(record["responses"][0]["text"].is_null());
    assert!(
        record["scores"]["relevance"]["unscored"].is_string() && record["scores"]["relevance"].get("value").is_none()
    );
}

#[test]
fn a_refused_request_fails_its_sample_alone() {
    let stand_in = one(FaultRule::always(Fault::Validation).for_prompt("number 3?"));
    let (tool, summary) = run(&stand_in, 5, 4);
    assert_eq!(stand_in.totals().calls, 5, "a refusal is final");
    let found = of_model(&summary, MODEL);
    assert_eq!((&found["samples"], &found["answered"], &found["failed"]), (&json!(5), &json!(4), &json!(1)));
    assert_eq!(found["failures"]["rejected"]["count"], 1);
    assert_eq!(found["scores"]["relevance"]["n"], 4, "no zero for what was not answered");
    let record = tool.records("out").into_iter().find(|record| record["sample"]["line"] == 3).unwrap();
    assert_eq!(record["failure"]["class"], "rejected");
}

#[test]
fn a_failure_limit_bears_what_it_allows() {
    let stand_in = one(FaultRule::always(Fault::Validation).for_prompt("number 3?"));
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, 5, &[MODEL]);
    for (limit, code) in [(0.2, 0), (0.19, 4)] {
        let mut spec = tool.json("suite/assay.yaml");
        spec["failure_limit"] = limit.into();
        tool.write("suite/assay.yaml", spec.to_string());
        tool.run(&["run", "suite", "--out", &format!("out-{limit}")]).exits(code);
    }
}
