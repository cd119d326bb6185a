//! Holds scorers and checks against the values of the reference programs, row by row.

#![allow(clippy::unwrap_used)]

mod support;

use assay_core::scorer::{Check, CheckSet, Scorer};
use serde_json::Value;
use support::Match::Exact;
use support::{differences, rows};

#[test]
fn relevance_equals_the_tutorial_on_550_rows() {
    assert_eq!(differences(Scorer::Relevance, "expected/seed.jsonl", 550, "/relevance_score", Exact), [""; 0]);
}

#[test]
fn response_length_equals_the_tutorial_on_550_rows() {
    assert_eq!(differences(Scorer::ResponseLength, "expected/seed.jsonl", 550, "/response_length", Exact), [""; 0]);
}

#[test]
fn exact_match_equals_fmeval_on_550_rows() {
    let file = "expected/fmeval_qa_accuracy.jsonl";
    assert_eq!(differences(Scorer::ExactMatch, file, 550, "/exact_match_score", Exact), [""; 0]);
}

#[test]
fn f1_equals_fmeval_on_550_rows() {
    assert_eq!(differences(Scorer::F1, "expected/fmeval_qa_accuracy.jsonl", 550, "/f1_score", Exact), [""; 0]);
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
