//! Reads the reference values, and compares a scorer with one of their fields, row by row.

#![allow(dead_code, reason = "each test uses a part of it")]

use assay_score::{Evidence, Score, Scorer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// One shared input: a response and its references.
pub(crate) struct Triple {
    pub response: String,
    pub references: Vec<String>,
}

/// How near a value has to be to the reference's.
#[derive(Clone, Copy)]
pub(crate) enum Match {
    /// Bit for bit: the arithmetic is the reference's own.
    Exact,
    /// At most so far away.
    Within(f64),
}

/// The rows of a file, its header left out.
pub(crate) fn rows(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    // Rows end at line feeds only: other line separators occur inside of them.
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The shared inputs by their ids.
pub(crate) fn triples() -> BTreeMap<String, Triple> {
    let triple = |row: &Value| Triple {
        response: row["response"].as_str().unwrap().to_owned(),
        references: serde_json::from_value(row["references"].clone()).unwrap(),
    };
    let rows = rows("triples.jsonl");
    rows.iter().map(|row| (row["id"].as_str().unwrap().to_owned(), triple(row))).collect()
}

/// Every difference between a scorer and the field at a JSON pointer of a file of `count` expected rows; `null` stands
/// for unscored.
pub(crate) fn differences(scorer: Scorer, file: &str, count: usize, pointer: &str, wanted: Match) -> Vec<String> {
    let triples = triples();
    let expected = rows(file);
    assert_eq!((triples.len(), expected.len()), (550, count), "rows of {file}");
    let mut differences = Vec::new();
    for row in &expected {
        let id = row["id"].as_str().unwrap();
        let Triple { response, references } = &triples[id];
        let score = scorer.score(&Evidence::new(response, references));
        let expected = row.pointer(pointer).unwrap_or_else(|| panic!("{file}: {id} has no {pointer}"));
        if !agrees(&score, expected, wanted) {
            differences.push(format!("{id}: {score:?}, expected {expected}"));
        }
    }
    differences
}

/// Whether a score is the expected one.
pub(crate) fn agrees(score: &Score, expected: &Value, wanted: Match) -> bool {
    match (score, expected.as_f64(), wanted) {
        (Score::Value(value), Some(expected), Match::Exact) => value.to_bits() == expected.to_bits(),
        (Score::Value(value), Some(expected), Match::Within(tolerance)) => (value - expected).abs() <= tolerance,
        (Score::Unscored(_), None, _) => expected.is_null(),
        _ => false,
    }
}
