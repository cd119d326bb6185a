//! Ctrl-C, runs that are complete, folders that hold another run, and two at the same run.

use super::tool::{MODEL, Tool, answering, stand_in, until, until_held, write_suite};
use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn};
use std::time::Duration;

const SAMPLES: usize = 300;

fn suite(stand_in: &StandIn) -> Tool {
    let tool = Tool::beside(stand_in);
    write_suite(&tool, SAMPLES, &[MODEL]);
    tool
}

fn command() -> [&'static str; 6] {
    ["run", "suite", "--out", "out", "--concurrency", "4"]
}

#[test]
fn an_interrupted_run_says_how_to_go_on_and_asks_nothing_twice() {
    for signal in ["INT", "TERM"] {
        let stand_in = stand_in(answering(40));
        let tool = suite(&stand_in);
        let running = tool.start(&command());
        until_held(&stand_in, 44, 4);
        let ended = running.interrupt(signal, &stand_in).exits(4).says("the same command goes on from there");
        assert!(!tool.path("out/summary.json").exists());
        let kept = tool.records("out").len();
        assert!(ended.err.contains(&format!("saved {kept} of {SAMPLES} answers")), "{}", ended.err);
        assert_eq!(stand_in.totals().calls, kept as u64, "what was under way was waited for");
        tool.run(&command()).exits(0);
        assert_eq!(stand_in.repeated_answers(), 0);
        assert_eq!(stand_in.totals().calls, SAMPLES as u64);
        assert_eq!(tool.json("out/summary.json")["models"][0]["answered"], SAMPLES);
    }
}

#[test]
fn without_a_place_the_same_command_goes_on_too() {
    let stand_in = stand_in(answering(40));
    let tool = suite(&stand_in);
    let command = ["run", "suite", "--concurrency", "4"];
    let running = tool.start(&command);
    until_held(&stand_in, 44, 4);
    running.interrupt("INT", &stand_in).exits(4);
    tool.run(&command).exits(0).says("going on with run");
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
}

#[test]
fn a_complete_run_is_shown_again_and_nothing_is_asked() {
    let stand_in = stand_in(Behaviour::default());
    let tool = suite(&stand_in);
    let first = tool.run(&command()).exits(0);
    let again = tool.run(&command()).exits(0).says("complete already");
    assert_eq!(first.out, again.out);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
}

#[test]
fn a_place_with_another_run_is_left_alone() {
    let stand_in = stand_in(Behaviour::default());
    let tool = suite(&stand_in);
    tool.run(&command()).exits(0);
    let before = tool.json("out/summary.json");
    let calls = stand_in.totals().calls;
    tool.run(&["run", "suite", "--out", "out", "--limit", "3"])
        .exits(2)
        .says("`out` holds the run")
        .says("another folder");
    assert_eq!(tool.json("out/summary.json"), before);
    assert_eq!(stand_in.totals().calls, calls);
}

#[test]
fn the_same_run_is_found_however_it_is_named() {
    let stand_in = stand_in(Behaviour::default());
    let tool = suite(&stand_in);
    tool.run(&command()).exits(0);
    let whole = tool.path("suite/assay.yaml").display().to_string();
    for name in ["./suite", "suite/", "suite/assay.yaml", &whole] {
        tool.run(&["run", name, "--out", "./out"]).exits(0).says("complete already");
    }
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for_long() {
    let hang = FaultRule::always(Fault::Hang { for_ms: None }).for_prompt("number 20?");
    let stand_in = stand_in(Behaviour::default().with(hang));
    let tool = suite(&stand_in);
    let running = tool.start(&command());
    until("all others are answered", || tool.records("out").len() == SAMPLES - 1);
    running.signal("INT");
    let ended = running.wait().exits(4);
    assert!(ended.err.contains(&format!("saved {} of {SAMPLES} answers", SAMPLES - 1)), "{}", ended.err);
    stand_in.set_behaviour(Behaviour::default());
    tool.run(&command()).exits(0);
    assert_eq!((stand_in.totals().calls, stand_in.repeated_answers()), (SAMPLES as u64 + 1, 0));
}

#[test]
fn a_second_interrupt_ends_at_once_and_keeps_what_is_written() {
    let hang = FaultRule::always(Fault::Hang { for_ms: None }).for_prompt("number 20?");
    let stand_in = stand_in(Behaviour::default().with(hang));
    let tool = suite(&stand_in);
    let mut running = tool.start(&command());
    until("all others are answered", || tool.records("out").len() == SAMPLES - 1);
    // The first asks to stop; each further one, whenever it is heard, ends it.
    until("it ends", || {
        running.signal("INT");
        std::thread::sleep(Duration::from_millis(200));
        !running.is_alive()
    });
    running.wait().exits(130);
    stand_in.set_behaviour(Behaviour::default());
    tool.run(&command()).exits(0);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64 + 1);
}

#[test]
fn of_many_that_are_started_at_once_one_works() {
    let stand_in = stand_in(Behaviour { latency_ms: Some(20), ..Behaviour::default() });
    let tool = suite(&stand_in);
    let all: Vec<_> = (0..4).map(|_| tool.start(&command())).collect();
    let all: Vec<_> = all.into_iter().map(|running| running.wait()).collect();
    for ended in &all {
        // One that came to start very late finds the run complete.
        let said = if ended.code == Some(4) { "another process works on this run" } else { "" };
        assert!(matches!(ended.code, Some(0 | 4)) && ended.err.contains(said), "{:?}: {}", ended.code, ended.err);
    }
    assert!(all.iter().any(|ended| ended.code == Some(0)));
    assert_eq!((stand_in.totals().calls, stand_in.repeated_answers()), (SAMPLES as u64, 0));
    assert_eq!(tool.records("out").len(), SAMPLES);
}

#[test]
fn of_two_at_the_same_run_one_works() {
    let stand_in = stand_in(answering(4));
    let tool = suite(&stand_in);
    let first = tool.start(&command());
    until_held(&stand_in, 8, 4);
    tool.run(&command()).exits(4).says("another process works on this run");
    stand_in.set_behaviour(Behaviour::default());
    first.wait().exits(0);
    assert_eq!(stand_in.totals().calls, SAMPLES as u64);
    assert_eq!(stand_in.repeated_answers(), 0);
}
