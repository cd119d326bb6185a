//! Holds ROUGE and METEOR against the values of the reference programs, row by row.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::{Evidence, Scorer, Synonyms};
use support::Match::{Exact, Within};
use support::{agrees, differences, rows, triples};

const ROUGE: &str = "expected/rouge.jsonl";
const METEOR: &str = "expected/meteor.jsonl";

/// The reference values have no ROUGE-Lsum for the two longest rows, which Assay scores all the same.
const WITHOUT_LSUM: [&str; 2] = ["s0492", "s0493"];

#[test]
fn rouge_equals_rouge_score_on_550_rows() {
    let scorers = [
        (Scorer::Rouge1, "/plain/rouge1/2"),
        (Scorer::Rouge2, "/plain/rouge2/2"),
        (Scorer::RougeL, "/plain/rougeL/2"),
        (Scorer::Rouge1Stemmed, "/stem/rouge1/2"),
        (Scorer::Rouge2Stemmed, "/stem/rouge2/2"),
        (Scorer::RougeLStemmed, "/stem/rougeL/2"),
    ];
    for (scorer, pointer) in scorers {
        assert_eq!(differences(scorer, ROUGE, 550, pointer, Exact), [""; 0], "{scorer}");
    }
}

#[test]
fn rouge_lsum_equals_rouge_score_on_548_rows() {
    let (triples, expected) = (triples(), rows(ROUGE));
    for (scorer, form) in [(Scorer::RougeLsum, "plain"), (Scorer::RougeLsumStemmed, "stem")] {
        let mut compared = 0;
        for row in &expected {
            let id = row["id"].as_str().unwrap();
            let score = scorer.score(&Evidence::new(&triples[id].response, &triples[id].references));
            let expected = &row[form]["rougeLsum"];
            if expected.is_null() {
                assert!(WITHOUT_LSUM.contains(&id), "{id}");
                // Either text is one line, so the subsequence is that of ROUGE-L and so is its length.
                assert!(agrees(&score, &row[form]["rougeL"][2], Exact), "{scorer}: {id}: {score:?}");
            } else {
                assert!(agrees(&score, &expected[2], Exact), "{scorer}: {id}: {score:?}, expected {expected}");
                compared += 1;
            }
        }
        assert_eq!(compared, 548);
    }
}

#[test]
fn meteor_without_synonyms_equals_nltk_on_550_rows() {
    assert_eq!(differences(Scorer::Meteor, METEOR, 550, "/exact_stem", Within(1e-12)), [""; 0]);
}

#[test]
fn meteor_with_synonyms_equals_nltk_with_wordnet_on_550_rows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/meteor_synonyms.jsonl");
    let synonyms = Synonyms::from_json_lines(&std::fs::read_to_string(path).unwrap(), path).unwrap();
    let (triples, expected) = (triples(), rows(METEOR));
    assert_eq!(expected.len(), 550);
    let mut changed = 0;
    for row in &expected {
        let id = row["id"].as_str().unwrap();
        let evidence = Evidence::new(&triples[id].response, &triples[id].references);
        let score = Scorer::Meteor.score(&Evidence { synonyms: Some(&synonyms), ..evidence });
        assert!(agrees(&score, &row["wordnet"], Within(1e-12)), "{id}: {score:?}, expected {row}");
        changed += usize::from(row["wordnet"] != row["exact_stem"]);
    }
    assert_eq!(changed, 20, "rows on which synonyms matter");
}
