//! Holds the scorers that compare words, answers and edits against the values of the reference programs, row by row.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::{Evidence, Score, Scorer};
use support::Match::{Exact, Within};
use support::{Match, agrees, differences, rows, triples};

const ACCURACY: &str = "expected/fmeval_qa_accuracy.jsonl";
const KNOWLEDGE: &str = "expected/fmeval_factual_knowledge.jsonl";
const SQUAD: &str = "expected/squad.jsonl";

#[test]
fn precision_equals_fmeval_on_550_rows() {
    assert_eq!(differences(Scorer::Precision, ACCURACY, 550, "/precision_over_words", Exact), [""; 0]);
}

#[test]
fn recall_equals_fmeval_on_550_rows() {
    assert_eq!(differences(Scorer::Recall, ACCURACY, 550, "/recall_over_words", Exact), [""; 0]);
}

#[test]
fn quasi_exact_match_equals_fmeval_on_550_rows() {
    assert_eq!(differences(Scorer::QuasiExactMatch, ACCURACY, 550, "/quasi_exact_match_score", Exact), [""; 0]);
}

#[test]
fn factual_knowledge_equals_fmeval_on_550_rows() {
    let any = differences(Scorer::FactualKnowledge, KNOWLEDGE, 550, "/or/factual_knowledge", Exact);
    let all = differences(Scorer::FactualKnowledgeAll, KNOWLEDGE, 550, "/and/factual_knowledge", Exact);
    assert_eq!((any, all), (vec![], vec![]));
}

#[test]
fn quasi_exact_factual_knowledge_equals_fmeval_on_550_rows() {
    let (any, all) = (Scorer::FactualKnowledgeQuasiExact, Scorer::FactualKnowledgeQuasiExactAll);
    let any = differences(any, KNOWLEDGE, 550, "/or/factual_knowledge_quasi_exact", Exact);
    let all = differences(all, KNOWLEDGE, 550, "/and/factual_knowledge_quasi_exact", Exact);
    assert_eq!((any, all), (vec![], vec![]));
}

#[test]
fn squad_equals_version_1_on_550_rows() {
    assert_eq!(differences(Scorer::SquadExactMatch, SQUAD, 550, "/v1/exact_match", Exact), [""; 0]);
    assert_eq!(differences(Scorer::SquadF1, SQUAD, 550, "/v1/f1", Exact), [""; 0]);
}

#[test]
fn squad_equals_version_2_on_550_rows() {
    assert_eq!(differences(Scorer::SquadV2ExactMatch, SQUAD, 550, "/v2/exact", Exact), [""; 0]);
    assert_eq!(differences(Scorer::SquadV2F1, SQUAD, 550, "/v2/f1", Exact), [""; 0]);
}

/// Differences of a scorer against the first reference alone, which is all that the reference program was given.
fn differences_to_first(scorer: Scorer, file: &str, field: &str, wanted: Match) -> Vec<String> {
    let (triples, expected) = (triples(), rows(file));
    assert_eq!((triples.len(), expected.len()), (550, 550));
    let mut differences = Vec::new();
    for row in &expected {
        let id = row["id"].as_str().unwrap();
        let triple = &triples[id];
        let score = scorer.score(&Evidence::new(&triple.response, &triple.references[..1]));
        if !agrees(&score, &row[field], wanted) {
            differences.push(format!("{id}: {score:?}, expected {}", row[field]));
        }
    }
    differences
}

#[test]
fn word_error_rate_equals_jiwer_on_550_rows() {
    assert_eq!(differences_to_first(Scorer::WordErrorRate, "expected/wer.jsonl", "wer", Exact), [""; 0]);
}

/// jiwer was not asked about the two longest texts. For them the rate follows from rapidfuzz's distance.
#[test]
fn character_error_rate_equals_jiwer_on_548_rows_and_rapidfuzz_on_2() {
    let differences = differences_to_first(Scorer::CharacterErrorRate, "expected/wer.jsonl", "cer", Exact);
    let triples = triples();
    let distances = rows("expected/edit.jsonl");
    let rate = |id: &str| {
        let reference = &triples[id].references[0];
        assert_eq!(
            (reference.trim(), triples[id].response.trim()),
            (reference.as_str(), triples[id].response.as_str())
        );
        let row = distances.iter().find(|row| row["id"] == id).unwrap();
        Score::Value(row["levenshtein"].as_f64().unwrap() / reference.chars().count() as f64)
    };
    let unasked = ["s0492", "s0493"].map(|id| format!("{id}: {:?}, expected null", rate(id)));
    assert_eq!(differences, unasked);
}

#[test]
fn edit_similarity_equals_rapidfuzz_on_550_rows() {
    let field = "levenshtein_normalized_similarity";
    let differences = differences_to_first(Scorer::EditSimilarity, "expected/edit.jsonl", field, Within(1e-12));
    assert_eq!(differences, [""; 0]);
}

#[test]
fn the_best_of_several_references_counts() {
    let references = ["one two three four".to_owned(), "one two".to_owned()];
    let score = |scorer: Scorer| scorer.score(&Evidence::new("one two three", &references));
    assert_eq!(score(Scorer::WordErrorRate), Score::Value(0.25));
    assert_eq!(score(Scorer::CharacterErrorRate), Score::Value(5.0 / 18.0));
    assert_eq!(score(Scorer::EditSimilarity), Score::Value(1.0 - 5.0 / 18.0));
    let second = ["zero".to_owned(), "one two".to_owned()];
    let score = |scorer: Scorer| scorer.score(&Evidence::new("one two", &second));
    assert_eq!(score(Scorer::WordErrorRate), Score::Value(0.0));
    assert_eq!(score(Scorer::CharacterErrorRate), Score::Value(0.0));
    assert_eq!(score(Scorer::EditSimilarity), Score::Value(1.0));
}

#[test]
fn without_references_there_is_no_score() {
    let scorers = Scorer::ALL.iter().filter(|scorer| {
        let name = scorer.name();
        ["squad", "factual", "error_rate", "edit", "precision", "recall", "quasi"]
            .iter()
            .any(|part| name.contains(part))
    });
    let scored: Vec<_> = scorers.map(|scorer| scorer.score(&Evidence::new("yes", &[]))).collect();
    assert_eq!(scored, vec![Score::Unscored("no reference".to_owned()); 14]);
}
