//! Bad input: every problem with its file, line and remedy; the good lines are evaluated all the same.

use super::tool::{Ended, Tool, of_model};
use serde_json::{Value, json};

/// Lines that cannot be used, each with what is said about it.
const BAD: [(&[u8], &str, &str); 9] = [
    (b"{\"prompt\": \"cut off", "not valid JSON at column", "one object must stand on one line"),
    (b"[\"a list\"]", "expected a JSON object, found a list", "write one object a line"),
    (b"{\"prompt\": 5}", "prompt: expected a string, found a number", "put it in quotes"),
    (b"{\"promt\": \"x\"}", "promt: unknown key", "did you mean `prompt`?"),
    (b"{\"prompt\": \"x\", \"refrenceResponse\": \"y\"}", "unknown key", "did you mean `referenceResponse`?"),
    (b"{\"prompt\": \"  \"}", "prompt: the prompt is empty", "write the question"),
    (b"{\"prompt\": \"x\", \"id\": \"good-1\"}", "used by an earlier line", "give each line an id of its own"),
    (b"{\"prompt\": \"bad \xff byte\"}", "not UTF-8 from byte 17", "save the file as UTF-8"),
    (b"{\"prompt\": \"x\", \"modelResponses\": [{\"response\": 1}]}", "modelResponses[0]", "modelIdentifier"),
];

fn good(number: usize) -> String {
    json!({"id": format!("good-{number}"), "prompt": "p", "referenceResponse": "a b",
        "modelResponses": [{"response": "a", "modelIdentifier": "m"}]})
    .to_string()
}

/// A good line, all bad ones, one of ten megabytes, and a good one.
fn mixed() -> Vec<u8> {
    let mut file = good(1).into_bytes();
    file.push(b'\n');
    for (line, _, _) in BAD {
        file.extend_from_slice(line);
        file.push(b'\n');
    }
    file.extend_from_slice(b"{\"prompt\": \"");
    file.extend(std::iter::repeat_n(b'x', 10 * 1024 * 1024));
    file.extend_from_slice(b"\"}\n");
    file.extend_from_slice(good(2).as_bytes());
    file
}

/// Holds one of the problems of a line to a message and a remedy.
#[track_caller]
fn tells(ended: &Ended, number: usize, message: &str, remedy: &str) {
    let start = format!("cases.jsonl:{number}: ");
    let mut told = ended.out.lines().filter(|line| line.starts_with(&start));
    let is_told = told.any(|told| told.contains(message) && told.contains(remedy));
    assert!(is_told, "{start}{message}; {remedy} is missing in\n{}", ended.out);
}

#[test]
fn every_bad_line_is_told_with_its_place_and_remedy() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", mixed());
    let ended = tool.run(&["check", "cases.jsonl"]).exits(2).says("2 samples can be used");
    for (index, (_, message, remedy)) in BAD.iter().enumerate() {
        tells(&ended, index + 2, message, remedy);
    }
    // The quotes, braces and key around the ten megabytes are 14 bytes.
    tells(&ended, BAD.len() + 2, &format!("the line has {} bytes", 10 * 1024 * 1024 + 14), "shorten it");
}

#[test]
fn problems_as_json_are_one_document() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", mixed());
    let ended = tool.run(&["check", "cases.jsonl", "--format", "json"]).exits(2);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    let problems = document["problems"].as_array().unwrap();
    for number in 2..=BAD.len() + 2 {
        let found = problems.iter().find(|problem| problem["line"] == number);
        let problem = found.unwrap_or_else(|| panic!("line {number} in {document}"));
        assert_eq!((&problem["place"], &problem["severity"]), (&json!("cases.jsonl"), &json!("error")));
        assert!(problem["message"].is_string() && problem["remedy"].is_string(), "{problem}");
    }
    assert_eq!((&document["samples"], &document["recorded"], &document["warnings"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!(document["errors"], problems.len());

    tool.write("cases.jsonl", good(1));
    let ended = tool.run(&["check", "cases.jsonl", "--format", "json"]).exits(0);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(document, json!({"problems": [], "errors": 0, "warnings": 0, "samples": 1, "recorded": 1}));
}

#[test]
fn a_file_that_is_not_there_leaves_no_half_document() {
    let tool = Tool::alone();
    tool.write("empty/readme", "");
    tool.write("gone/assay.yaml", "dataset: cases.jsonl\n");
    let missing = "name a folder with assay.yaml, a spec (.yaml, .yml, .json) or a dataset (.jsonl)";
    for (name, said) in [
        ("none.jsonl", "`none.jsonl` does not exist"),
        ("no/folder/none.jsonl", "`no/folder/none.jsonl` does not exist"),
        ("none.yaml", missing),
        ("empty", missing),
        ("no-folder", missing),
        ("gone", "`gone/cases.jsonl` does not exist"),
    ] {
        for format in ["text", "json"] {
            let ended = tool.run(&["check", name, "--format", format]).exits(2).says(said);
            assert_eq!(ended.out, "", "{name}");
        }
    }
    for (name, said) in [("empty", missing), ("no-folder", missing), ("gone", "`gone/cases.jsonl` does not exist")] {
        tool.run(&["run", name]).exits(2).says(said);
    }
}

#[test]
fn odd_files_that_can_be_used_are_used() {
    let tool = Tool::alone();
    let (one, two) = (good(1), good(2));
    for (name, text, warnings) in [
        ("no-end.jsonl", format!("{one}\n{two}"), 0),
        ("crlf.jsonl", format!("{one}\r\n\r\n{two}\r\n"), 0),
        ("mark.jsonl", format!("\u{feff}{one}\n{two}\n"), 1),
        ("blank.jsonl", format!("\n{one}\n   \n{two}\n\n"), 0),
    ] {
        tool.write(name, text);
        let ended = tool.run(&["check", name]).exits(0).says("2 samples can be used, 2 of them");
        let ended = ended.says(&format!("0 errors, {warnings} warnings"));
        assert_eq!(ended.out.lines().count(), warnings, "{}", ended.out);
        let out = format!("out-{name}");
        tool.run(&["run", name, "--out", &out]).exits(0);
        let summary = tool.json(&format!("{out}/summary.json"));
        assert_eq!(of_model(&summary, "m")["scores"]["relevance"]["n"], 2, "{name}");
    }
}

#[test]
fn an_empty_dataset_is_told() {
    let tool = Tool::alone();
    for (name, text) in [("empty.jsonl", ""), ("blank.jsonl", "\n \n")] {
        tool.write(name, text);
        tool.run(&["check", name]).exits(2).prints("the dataset is empty; write one JSON object a line");
        tool.run(&["run", name, "--out", &format!("out-{name}")]).exits(4).prints("the dataset is empty");
    }
}

#[test]
fn good_lines_are_evaluated_beside_bad_ones() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", mixed());
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(4);
    let ended = ended.prints("10 lines of the dataset could not be used").prints("cases.jsonl:2: not valid JSON");
    assert!(ended.out.contains("did you mean `prompt`?"), "{}", ended.out);
    let summary = tool.json("out/summary.json");
    assert_eq!((&summary["status"], &summary["dataset"]["bad_lines"]), (&json!("completed"), &json!(10)));
    assert_eq!(of_model(&summary, "m")["scores"]["relevance"]["n"], 2);
    assert_eq!(of_model(&summary, "m")["scores"]["relevance"]["mean"], 0.5);

    tool.write("assay.yaml", "failure_limit: 0.9\n");
    tool.run(&["run", "cases.jsonl", "--out", "allowed"]).exits(0);
    tool.write("assay.yaml", "strict: true\nfailure_limit: 0.9\n");
    tool.run(&["run", "cases.jsonl", "--out", "strict"]).exits(4);
    assert!(tool.records("strict").is_empty());
}

#[test]
fn a_spec_is_checked_to_the_last_line() {
    let tool = Tool::alone();
    let spec = "suite: \"no name!\"\nmodles: []\nrepeats: 0\nscorers: [relevence]\nfailure_limit: 2\nchecks: [{size: 3}]\n\
        models:\n  - {id: a, inference: {temperature: 7, maxtokens: 5}}\ngate: {min: {f1: high}, pas_rate: 1}\n";
    tool.write("suite/assay.yaml", spec);
    let ended = tool.run(&["check", "suite"]).exits(2);
    for (number, field, remedy) in [
        (1, "suite", "docs/formats.md"),
        (2, "modles: unknown key", "did you mean `models`?"),
        (3, "repeats", "docs/formats.md"),
        (4, "scorers[0]", "relevance"),
        (5, "failure_limit", "docs/formats.md"),
        (6, "checks[0]", "contains"),
        (8, "models[0].inference.temperature", "docs/formats.md"),
        (8, "models[0].inference.maxtokens: unknown key", "did you mean `maxTokens`?"),
        (9, "gate.min.f1", "docs/formats.md"),
        (9, "gate.pas_rate: unknown key", "did you mean `pass_rate`?"),
    ] {
        let start = format!("suite/assay.yaml:{number}: {field}");
        let told = ended.out.lines().find(|line| line.starts_with(&start));
        assert!(told.is_some_and(|told| told.contains(remedy)), "{start} with {remedy} in {}", ended.out);
    }
    // A run tells the same, one problem a line.
    let refused = tool.run(&["run", "suite"]).exits(2);
    assert!(refused.err.lines().any(|line| line.contains("suite/assay.yaml:3: repeats")), "{}", refused.err);
    assert!(refused.err.lines().count() > 9, "{}", refused.err);
}

#[test]
fn a_suite_is_checked_with_its_dataset_wherever_it_lies() {
    let tool = Tool::alone();
    tool.write("elsewhere/cases.jsonl", good(1));
    let path = tool.path("elsewhere/cases.jsonl").display().to_string();
    for (name, dataset) in [("absolute", path.as_str()), ("relative", "../elsewhere/cases.jsonl")] {
        tool.write(&format!("{name}/assay.yaml"), json!({"dataset": dataset}).to_string());
        tool.run(&["check", name]).exits(0).says("1 samples can be used");
    }
}

#[test]
fn what_is_told_is_short_whatever_the_line_holds() {
    let tool = Tool::alone();
    let long = "k".repeat(3_900_000);
    tool.write("cases.jsonl", format!("{}\n{{\"prompt\":\"p\",\"{long}\":1}}\n", good(1)));
    let ended = tool.run(&["check", "cases.jsonl"]).exits(2).says("1 samples can be used");
    assert!(
        ended.out.contains("unknown key; put it under `metadata`") && ended.out.len() < 2000,
        "{:.3000}",
        ended.out
    );
    tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(4);
    assert!(tool.json("out/summary.json").to_string().len() < 10_000);
}

#[test]
fn a_model_on_each_line_is_a_slip() {
    let tool = Tool::alone();
    let line = |number: usize| {
        json!({"prompt": format!("p{number}"), "referenceResponse": "a",
            "modelResponses": [{"response": "a", "modelIdentifier": format!("m-{number}")}]})
        .to_string()
    };
    let lines = |count: usize| (1..=count).map(line).collect::<Vec<_>>().join("\n");
    tool.write("cases.jsonl", lines(300));
    let ended = tool.run(&["check", "cases.jsonl"]).exits(2).says("1 errors, 0 warnings");
    tells(&ended, 101, "modelResponses: this is the dataset's model number 101", "the same on every line");
    tool.write("cases.jsonl", lines(100));
    tool.run(&["check", "cases.jsonl"]).exits(0);
}

#[test]
fn a_spec_of_brackets_is_told_and_prompts_are_not() {
    let tool = Tool::alone();
    for text in ["- ".repeat(20_000), "[".repeat(20_000)] {
        tool.write("deep/assay.yaml", text);
        tool.run(&["check", "deep"]).exits(2).prints("deep/assay.yaml:1: nested deeper than 64 levels");
    }
    tool.write("typed/assay.yaml", "prompt: \"{{prompt}}\"\nsystem: {text: SECRET}\n");
    let ended = tool.run(&["check", "typed"]).exits(2).prints("typed/assay.yaml:2: system: ");
    assert!(!ended.out.contains("SECRET") && !ended.err.contains("SECRET"), "{}", ended.out);
}
