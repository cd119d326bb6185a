//! Holds scorers against the values of the reference programs, row by row.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::Scorer;
use support::Match::Exact;
use support::differences;

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
