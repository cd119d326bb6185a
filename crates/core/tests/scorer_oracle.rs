//! Holds scorers and checks against the values of the reference programs, row by row.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use assay_core::scorer::{Check, CheckSet, Evidence, Score, Scorer};
use serde_json::Value;

/// One shared input: a response and its references.
struct Triple {
    response: String,
    references: Vec<String>,
}

/// The rows of a file, its header left out.
fn rows(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    // Rows end at line feeds only: other line separators occur inside of them.
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn triples() -> BTreeMap<String, Triple> {
    let triple = |row: &Value| Triple {
        response: row["response"].as_str().unwrap().to_owned(),
        references: serde_json::from_value(row["references"].clone()).unwrap(),
    };
    let rows = rows("triples.jsonl");
    rows.iter().map(|row| (row["id"].as_str().unwrap().to_owned(), triple(row))).collect()
}

/// Every difference between a scorer and one field of a file of expected values; `null` stands for unscored.
fn differences(scorer: Scorer, file: &str, field: &str) -> Vec<String> {
    let triples = triples();
    let expected = rows(file);
    assert_eq!((triples.len(), expected.len()), (550, 550), "rows of {file}");
    let mut differences = Vec::new();
    for row in &expected {
        let id = row["id"].as_str().unwrap();
        let Triple { response, references } = &triples[id];
        let score = scorer.score(&Evidence::new(response, references));
        // Bit for bit: the arithmetic is the reference's own.
        let is_equal = match (&score, row[field].as_f64()) {
            (Score::Value(value), Some(expected)) => value.to_bits() == expected.to_bits(),
            (Score::Unscored(_), None) => row[field].is_null(),
            _ => false,
        };
        if !is_equal {
            differences.push(format!("{id}: {score:?}, expected {}", row[field]));
        }
    }
    differences
}

#[test]
fn relevance_equals_the_tutorial_on_550_rows() {
    assert_eq!(differences(Scorer::Relevance, "expected/seed.jsonl", "relevance_score"), [""; 0]);
}

#[test]
fn response_length_equals_the_tutorial_on_550_rows() {
    assert_eq!(differences(Scorer::ResponseLength, "expected/seed.jsonl", "response_length"), [""; 0]);
}

#[test]
fn exact_match_equals_fmeval_on_550_rows() {
    let file = "expected/fmeval_qa_accuracy.jsonl";
    assert_eq!(differences(Scorer::ExactMatch, file, "exact_match_score"), [""; 0]);
}

#[test]
fn f1_equals_fmeval_on_550_rows() {
    assert_eq!(differences(Scorer::F1, "expected/fmeval_qa_accuracy.jsonl", "f1_score"), [""; 0]);
}

/// How many rows of the assertions use the type; all of them must compile and agree.
fn agreeing_assertions(kind: &str, check: fn(String) -> Check) -> usize {
    let rows = rows("cases/assertions.jsonl");
    assert_eq!(rows.len(), 230);
    let of_kind: Vec<&Value> = rows.iter().filter(|row| row["input"]["type"] == kind).collect();
    for row in &of_kind {
        let check = check(row["input"]["value"].as_str().unwrap().to_owned());
        let checks = CheckSet::compile(&[check]).unwrap_or_else(|problems| panic!("{row}: {problems:?}"));
        let results = checks.evaluate(row["input"]["output"].as_str().unwrap());
        assert_eq!(Some(results[0].passed), row["expected"].as_bool(), "{row}");
        assert_eq!(results[0].reason.is_none(), results[0].passed, "{row}");
    }
    of_kind.len()
}

#[test]
fn contains_agrees_on_15_rows() {
    assert_eq!(agreeing_assertions("contains", Check::Contains), 15);
}

#[test]
fn icontains_agrees_on_9_rows() {
    assert_eq!(agreeing_assertions("icontains", Check::Icontains), 9);
}

/// None of the 80 patterns uses look-around or back-references, which the regex crate refuses.
#[test]
fn regex_agrees_on_80_rows() {
    assert_eq!(agreeing_assertions("regex", Check::Regex), 80);
}

#[test]
fn syntax_beyond_linear_time_is_refused_with_the_reason() {
    for (pattern, reason) in [("(?<=a)b", "look-around"), ("(?!a)b", "look-around"), (r"(a)\1", "backreferences")] {
        let problems = CheckSet::compile(&[Check::Regex(pattern.to_owned())]).unwrap_err();
        assert!(problems[0].contains(reason), "{problems:?}");
    }
}
