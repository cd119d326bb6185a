//! Holds counts and formulas against textstat, row by row.

use super::syllables::Counter;
use super::*;
use serde_json::Value;
use std::collections::BTreeMap;

fn rows(file: &str) -> Vec<Value> {
    file.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The responses by their ids.
fn responses() -> BTreeMap<String, String> {
    let rows = rows(include_str!("../../../tests/oracle/triples.jsonl"));
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "id"), text(row, "response"))).collect()
}

fn readability() -> Vec<Value> {
    let rows = rows(include_str!("../../../tests/oracle/expected/readability.jsonl"));
    assert_eq!(rows.len(), 448);
    rows
}

fn listed(row: &Value) -> Counts {
    let count = |name: &str| row["counts"][name].as_u64().unwrap();
    Counts { words: count("words"), sentences: count("sentences"), syllables: count("syllables") }
}

#[test]
fn words_sentences_and_syllables_equal_textstats_on_448_rows() {
    let responses = responses();
    for row in readability() {
        assert_eq!(Counts::of(&responses[row["id"].as_str().unwrap()]), listed(&row), "{row}");
    }
}

#[test]
fn formulas_equal_textstats_on_448_rows_of_listed_counts() {
    for row in readability() {
        let counts = listed(&row);
        for (name, found) in [("flesch_reading_ease", counts.reading_ease()), ("flesch_kincaid_grade", counts.grade())]
        {
            let expected = row[name].as_f64().unwrap();
            assert!((found.unwrap_or(0.0) - expected).abs() <= 1e-9, "{name}: {found:?}, expected {expected}: {row}");
            assert_eq!(found.is_none(), counts.syllables == 0, "{row}");
        }
    }
}

#[test]
fn syllables_equal_textstats_on_1500_words() {
    let rows = rows(include_str!("../../../tests/oracle/cases/syllables.jsonl"));
    assert_eq!(rows.len(), 1500);
    let mut counter = Counter::new();
    for row in rows {
        assert_eq!(counter.count(row["input"].as_str().unwrap()), row["expected"].as_u64().unwrap(), "{row}");
    }
}

#[test]
fn a_response_without_words_is_unscored() {
    for text in ["", " ", "?!", "\u{3002}", "hmm"] {
        let evidence = Evidence::new(text, &[]);
        assert_eq!([reading_ease(&evidence).value(), grade(&evidence).value()], [None; 2], "{text:?}");
    }
}
