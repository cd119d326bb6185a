//! Runs that are done and go on: what failed is asked again in the same run, nothing else is, and the result is one.

use super::tool::{MODEL, Tool, answering, of_model, questions, release, spec, stand_in, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use serde_json::{Value, json};

const SAMPLES: usize = 30;
const REFUSED: usize = 11;

/// A done run in which the questions 10 to 19 and 1 are refused.
fn done(out: &[&str]) -> (StandIn, Tool, Vec<String>) {
    let refuse = FaultRule::always(Fault::Validation).for_prompt("number 1");
    let stand_in = stand_in(Behaviour::default().with(refuse));
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES, &[MODEL]);
    let command: Vec<&str> = ["run", "suite"].into_iter().chain(out.iter().copied()).collect();
    tool.run(&command).exits(4);
    stand_in.set_behaviour(Behaviour::default());
    (stand_in, tool, command.into_iter().map(str::to_owned).collect())
}

fn run(tool: &Tool, command: &[String], more: &[&str]) -> super::tool::Ended {
    let command: Vec<&str> = command.iter().map(String::as_str).chain(more.iter().copied()).collect();
    tool.run(&command)
}

#[test]
fn what_failed_is_asked_again_and_the_summary_is_that_of_a_run_without_failures() {
    let (stand_in, tool, command) = done(&["--out", "out"]);
    let before = tool.json("out/summary.json");
    assert_eq!(of_model(&before, MODEL)["failed"], REFUSED);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
    run(&tool, &command, &[]).exits(4).says("--retry-failed asks them again");
    assert_eq!(stand_in.totals().calls, SAMPLES as u64, "not without being told to");
    let parts = std::fs::read(tool.path("out/records/part-00000.jsonl")).unwrap();

    run(&tool, &command, &["--retry-failed"]).exits(0).says("going on with run");
    assert_eq!(stand_in.totals().calls, (SAMPLES + REFUSED) as u64);
    assert_eq!(stand_in.repeated_answers(), 0);
    let after = tool.json("out/summary.json");
    assert_eq!(after["run"], before["run"]);
    assert_eq!(
        (&of_model(&after, MODEL)["answered"], &of_model(&after, MODEL)["failed"]),
        (&json!(SAMPLES), &json!(0))
    );
    assert_eq!(std::fs::read(tool.path("out/records/part-00000.jsonl")).unwrap(), parts, "a part is never rewritten");
    assert_eq!(tool.records("out").len(), SAMPLES + REFUSED);

    // A run that met no fault has the same scores, tokens and cost.
    tool.run(&["run", "suite", "--out", "clean"]).exits(0);
    let clean = tool.json("clean/summary.json");
    for key in ["scores", "usage", "cost", "samples", "stop_reasons"] {
        assert_eq!(of_model(&after, MODEL)[key], of_model(&clean, MODEL)[key], "{key}");
    }
    assert!(std::fs::read_to_string(tool.path("out/summary.md")).unwrap().contains("| failed | 0 |"));
    let metrics = std::fs::read_to_string(tool.path("out/metrics.jsonl")).unwrap();
    let failed: Vec<Value> = metrics.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    let failed: Vec<&Value> = failed.iter().filter(|metric| metric["name"] == "SamplesFailed").collect();
    assert_eq!(failed.len(), 1, "the metrics of before are replaced");
    assert_eq!(failed[0]["values"], json!([[0.0, 1.0]]));

    let calls = stand_in.totals().calls;
    run(&tool, &command, &["--retry-failed"]).exits(0).says("complete already");
    assert_eq!(stand_in.totals().calls, calls, "nothing failed, so nothing is asked");
}

#[test]
fn without_a_place_the_latest_run_is_the_one_that_goes_on() {
    let (stand_in, tool, command) = done(&[]);
    run(&tool, &command, &["--retry-failed"]).exits(0).says("going on with run");
    assert_eq!(stand_in.totals().calls, (SAMPLES + REFUSED) as u64);
    assert_eq!(std::fs::read_dir(tool.path("runs/parcels")).unwrap().count(), 1);
}

#[test]
fn what_fails_again_is_counted_once() {
    let (stand_in, tool, command) = done(&["--out", "out"]);
    stand_in.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Validation).for_prompt("number 12")));
    run(&tool, &command, &["--retry-failed"]).exits(4);
    let summary = tool.json("out/summary.json");
    let found = of_model(&summary, MODEL);
    assert_eq!((&found["answered"], &found["failed"]), (&json!(SAMPLES - 1), &json!(1)));
    assert_eq!(found["failures"]["rejected"]["count"], 1);
}

#[test]
fn a_reopened_run_that_is_cut_off_goes_on() {
    let (stand_in, tool, command) = done(&["--out", "out"]);
    stand_in.set_behaviour(answering(0));
    let running = {
        let command: Vec<&str> = command.iter().map(String::as_str).chain(["--retry-failed"]).collect();
        tool.start(&command)
    };
    super::tool::until("it asks again", || stand_in.totals().calls > SAMPLES as u64);
    running.kill();
    assert_eq!(of_model(&tool.json("out/summary.json"), MODEL)["failed"], REFUSED, "the summary of before stays");
    release(&stand_in);
    run(&tool, &command, &["--retry-failed"]).exits(0);
    assert_eq!(of_model(&tool.json("out/summary.json"), MODEL)["answered"], SAMPLES);
    assert_eq!(tool.json("out/claim.json")["stage"], "done");
}

#[test]
fn a_run_that_never_was_is_begun() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    tool.write("suite/cases.jsonl", questions(2));
    tool.write("suite/assay.yaml", spec(&[MODEL]));
    tool.run(&["run", "suite", "--out", "out", "--retry-failed"]).exits(0).says("beginning run");
}
