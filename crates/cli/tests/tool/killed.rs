//! A run that is killed and goes on: nothing answered is asked again, and the result is that of a run left in peace.

use super::tool::{MODEL, Tool, answering, release, stand_in, until, until_held, write_suite};
use local_stack::stand_in::{Behaviour, Outcome, StandIn};
use serde_json::Value;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

const SAMPLES: u64 = 400;
const CONCURRENCY: u64 = 10;

fn command() -> [&'static str; 6] {
    ["run", "suite", "--out", "out", "--concurrency", "10"]
}

/// A summary without what differs between any two runs: ids, times, latency, and the state of the file.
fn comparable(mut summary: Value) -> Value {
    summary["run"].take();
    summary["finished_at"].take();
    summary["dataset"]["state"].take();
    for model in summary["models"].as_array_mut().unwrap() {
        model["latency"].take();
    }
    summary
}

fn undisturbed() -> Value {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES as usize, &[MODEL]);
    tool.run(&command()).exits(0);
    tool.json("out/summary.json")
}

/// Starts the run, and kills it once so many further responses are written and all its other calls are held.
fn kill_after(tool: &Tool, stand_in: &StandIn, answers: u64) {
    let (written, calls) = (tool.records("out").len() as u64, stand_in.totals().calls);
    stand_in.set_behaviour(answering(answers));
    let running = tool.start(&command());
    until_held(stand_in, calls + answers + CONCURRENCY, CONCURRENCY as u32);
    until("the answers are written", || tool.records("out").len() as u64 == written + answers);
    running.kill();
    release(stand_in);
    assert!(!tool.path("out/summary.json").exists(), "it was killed in the middle");
}

fn killed_halfway() -> (StandIn, Tool) {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES as usize, &[MODEL]);
    kill_after(&tool, &stand_in, SAMPLES / 2);
    (stand_in, tool)
}

fn only_part(tool: &Tool) -> PathBuf {
    let parts: Vec<PathBuf> =
        fs::read_dir(tool.path("out/records")).unwrap().map(|part| part.unwrap().path()).collect();
    assert_eq!(parts.len(), 1, "{parts:?}");
    parts[0].clone()
}

#[test]
fn a_killed_run_goes_on_and_ends_as_if_nothing_had_been() {
    let stand_in = stand_in(Behaviour::default());
    let tool = Tool::beside(&stand_in);
    write_suite(&tool, SAMPLES as usize, &[MODEL]);
    kill_after(&tool, &stand_in, SAMPLES / 3);
    // The second kill comes at any moment, while responses arrive and are written.
    stand_in.set_behaviour(answering(SAMPLES / 3));
    let (calls, running) = (stand_in.totals().calls, tool.start(&command()));
    until("half of it is asked", || stand_in.totals().calls >= calls + SAMPLES / 6);
    running.kill();
    release(&stand_in);
    let written = tool.records("out");
    assert!((SAMPLES / 3..SAMPLES).contains(&(written.len() as u64)), "{} records", written.len());
    tool.run(&command()).exits(0).says("going on with run");

    let calls = stand_in.calls();
    for record in &written {
        let prompt = record["sample"]["prompt"].as_str().unwrap();
        let answers = calls.iter().filter(|call| *call.prompt == *prompt && call.outcome == Outcome::Answered);
        assert_eq!(answers.count(), 1, "what is written is not paid for again: {prompt}");
    }
    // At the second kill each sample in work may have a response that is not written yet.
    let repeated = stand_in.repeated_answers();
    assert!(repeated <= CONCURRENCY, "{repeated} answers were paid for twice");
    assert_eq!(stand_in.totals().outcomes[&Outcome::Answered], SAMPLES + repeated);

    let mut ids: Vec<String> = tool.records("out").iter().map(|record| record["sample"]["id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u64, SAMPLES);
    assert_eq!(comparable(tool.json("out/summary.json")), comparable(undisturbed()));
}

#[test]
fn a_record_that_was_cut_short_is_passed_over() {
    let (stand_in, tool) = killed_halfway();
    let part = only_part(&tool);
    let whole = fs::read(&part).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    File::options().write(true).open(&part).unwrap().set_len(last as u64 + 40).unwrap();
    let kept = tool.records("out").len();
    tool.run(&command()).exits(0);
    assert_eq!(comparable(tool.json("out/summary.json")), comparable(undisturbed()));
    assert_eq!(tool.records("out").len(), SAMPLES as usize, "{kept} were kept");
    assert_eq!(stand_in.repeated_answers(), 1, "the one that was cut short");
}

#[test]
fn a_record_cut_in_the_middle_of_a_character_is_passed_over() {
    let (_stand_in, tool) = killed_halfway();
    let mut part = File::options().append(true).open(only_part(&tool)).unwrap();
    // The first of the two bytes of "é".
    part.write_all(b"{\"format\":1,\"model\":\"caf\xC3").unwrap();
    tool.run(&command()).exits(0);
    assert_eq!(comparable(tool.json("out/summary.json")), comparable(undisturbed()));
}

#[test]
fn an_answer_that_is_written_twice_counts_once() {
    let (_stand_in, tool) = killed_halfway();
    let part = only_part(&tool);
    let whole = fs::read(&part).unwrap();
    let end = whole.iter().rposition(|byte| *byte == b'\n').unwrap();
    fs::write(part.with_file_name("part-00001.jsonl"), &whole[..=end]).unwrap();
    tool.run(&command()).exits(0);
    assert_eq!(comparable(tool.json("out/summary.json")), comparable(undisturbed()));
}

#[test]
fn a_broken_record_in_the_middle_is_told_and_not_passed_over() {
    let (stand_in, tool) = killed_halfway();
    let part = only_part(&tool);
    let whole = fs::read(&part).unwrap();
    fs::write(&part, [b"{\"format\":1,\n".as_slice(), &whole].concat()).unwrap();
    let calls = stand_in.totals().calls;
    tool.run(&command()).exits(1).says("part-00000.jsonl` line 1").says("move the run's folder away");
    assert_eq!(stand_in.totals().calls, calls, "nothing is asked on top of records that cannot be read");
}
