//! Text of models and users that could steer a terminal is never printed as it is.

use super::tool::Tool;
use serde_json::{Value, json};

/// A colour, a window title, a bell, a C1 introducer, a delete and a mark that turns the direction of text.
const DIRT: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J\u{7f}\u{202e}";

fn dirty(name: &str) -> String {
    format!("{name}{DIRT}")
}

/// Holds a text to nothing but what can be seen, spaces and line ends.
#[track_caller]
fn is_clean(text: &str) {
    let dirt = text.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c));
    assert_eq!(dirt, None, "in {text:?}");
}

fn write(tool: &Tool) {
    let line = json!({"id": dirty("id"), "prompt": dirty("prompt"), "category": dirty("category"),
        "referenceResponse": dirty("wanted"), "assert": [{"contains": dirty("check")}],
        "modelResponses": [{"response": dirty("answer"), "modelIdentifier": dirty("model")}]});
    let bad = json!({"prompt": "p", dirty("key"): 1});
    tool.write("cases.jsonl", format!("{line}\n{line}\n{bad}\n"));
}

#[test]
fn nothing_that_is_printed_can_steer_a_terminal() {
    let tool = Tool::alone();
    write(&tool);
    for arguments in [
        vec!["run", "cases.jsonl", "--out", "out"],
        vec!["run", "cases.jsonl", "--out", "out", "--format", "json"],
        vec!["check", "cases.jsonl"],
        vec!["check", "cases.jsonl", "--format", "json"],
        vec!["score", "cases.jsonl", "--scorers", "f1"],
    ] {
        let ended = tool.run(&arguments);
        assert!(ended.out.contains("id"), "something was printed: {}", ended.err);
        is_clean(&ended.out);
        is_clean(&ended.err);
    }
    is_clean(&std::fs::read_to_string(tool.path("out/summary.md")).unwrap());
}

#[test]
fn what_is_written_down_keeps_every_character() {
    let tool = Tool::alone();
    write(&tool);
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out", "--format", "json"]).exits(4);
    assert_eq!(tool.records("out")[0]["responses"][0]["text"], dirty("answer"));
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(printed["models"][0]["model"], dirty("model"));
    let scored = tool.run(&["score", "cases.jsonl", "--scorers", "f1"]).exits(4);
    let line: Value = serde_json::from_str(scored.out.lines().next().unwrap()).unwrap();
    assert_eq!(line["id"], dirty("id"));
}
