//! Reports of an old run, written by this version.

use super::{list, mean, only_run, restore, text, values};
use crate::tool::{MODEL, OTHER, Tool};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Parses CSV (RFC 4180) into rows, each a map by the names of the header.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let (mut table, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = csv.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, is_quoted) {
            ('"', true) if characters.peek() == Some(&'"') => cell.extend(characters.next()),
            ('"', _) => is_quoted = !is_quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {}
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                table.push(std::mem::take(&mut row));
            }
            (other, _) => cell.push(other),
        }
    }
    let header = table.remove(0);
    table.into_iter().map(|row| header.iter().cloned().zip(row).collect()).collect()
}

fn is_failed(record: &Value) -> bool {
    list(record, "checks").iter().any(|check| check["passed"] == false)
}

#[test]
fn report_writes_the_files_of_an_old_run() {
    let tool = Tool::alone();
    restore(&tool, "run-with-judge");
    let run = only_run(&tool, "support");
    let read = |name: &str| fs::read_to_string(tool.path(name)).unwrap();
    let kept = ["summary.json", "metrics.jsonl", "spec.json", "claim.json"].map(|name| format!("{run}/{name}"));
    let kept = [kept.as_slice(), &["suites/support/history.jsonl".to_owned()]].concat();
    let before: Vec<String> = kept.iter().map(|name| read(name)).collect();
    let records = tool.records(&run);
    let summary = tool.json(&format!("{run}/summary.json"));
    for name in ["summary.md", "junit.xml"] {
        fs::remove_file(tool.path(&run).join(name)).unwrap();
    }
    fs::remove_file(tool.path("suites/support/index.html")).unwrap();
    tool.run(&["report", &run]).exits(0);
    assert!(kept.iter().map(|name| read(name)).eq(before), "`report` leaves other files unchanged");

    // The table has a row for each score, with the means of the records.
    let markdown = read(&format!("{run}/summary.md"));
    for scorer in ["relevance", "f1", "meteor", "semantic_similarity", "robustness.typos", "toxicity", "judge.tone"] {
        let line = markdown.lines().find(|line| line.starts_with(&format!("| {scorer} |"))).unwrap();
        for model in [MODEL, OTHER] {
            let of_model: Vec<&Value> = records.iter().filter(|record| record["model"] == model).collect();
            let found = values(&of_model, scorer);
            assert!(line.contains(&format!(" {:.3} ", mean(&found))), "{model}: {line}");
            assert!(line.contains(&format!("(n {}", found.len())), "{model}: {line}");
        }
    }

    let junit = read(&format!("{run}/junit.xml"));
    let unanswered = records.iter().filter(|record| !record["failure"].is_null()).count();
    let failed = records.iter().filter(|record| record["failure"].is_null() && is_failed(record)).count();
    assert!(unanswered > 0 && failed > 0 && summary["gate"]["passed"] == true);
    let count = |text: &str| junit.matches(text).count();
    // The gate is one more test case.
    assert_eq!((count("<testcase "), count("<failure "), count("<error ")), (records.len() + 1, failed, unanswered));

    let page = read(&format!("{run}/report.html"));
    assert_eq!(page.matches("<tr data-line").count(), records.len());
    for record in &records {
        assert!(page.contains(text(record, "/sample/id")), "{record}");
    }
    assert!(read("suites/support/index.html").contains(text(&summary, "/run")));
}

#[test]
fn the_csv_of_an_old_run_matches_its_records() {
    let tool = Tool::alone();
    restore(&tool, "run-with-judge");
    let run = only_run(&tool, "support");
    let rows = rows(&tool.run(&["report", &run, "--csv", "-"]).exits(0).out);
    let records = tool.records(&run);
    assert_eq!(rows.len(), records.len());
    for record in &records {
        let is_same = |row: &&BTreeMap<String, String>| {
            row["sample"] == text(record, "/sample/id") && row["model"] == text(record, "/model")
        };
        let row = rows.iter().find(is_same).unwrap();
        let result = match (record["failure"].is_null(), is_failed(record)) {
            (false, _) => "unanswered",
            (true, true) => "failed",
            (true, false) => "passed",
        };
        assert_eq!((row["result"].as_str(), &row["prompt"]), (result, &text(record, "/sample/prompt").to_owned()));
        assert_eq!(row["recorded"], record["recorded"].as_bool().unwrap_or_default().to_string());
        let tokens =
            list(record, "responses").iter().filter_map(|response| response["usage"]["output_tokens"].as_u64());
        assert_eq!(row["output_tokens"].parse().unwrap_or(0), tokens.sum::<u64>(), "{row:?}");
        for (scorer, score) in record["scores"].as_object().into_iter().flatten() {
            let cell = row[scorer].parse::<f64>().ok();
            assert_eq!(cell, score["value"].as_f64(), "{scorer} of {row:?}");
        }
    }
}

#[test]
fn an_old_summary_is_read_and_printed_completely() {
    let tool = Tool::alone();
    restore(&tool, "run-with-judge");
    let run = only_run(&tool, "support");
    let ended = tool.run(&["report", &run, "--markdown", "again.md", "--format", "json"]).exits(0);
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(printed, tool.json(&format!("{run}/summary.json")));
}
