//! Holds BLEU, chrF, classification, readability, diversity and cosines against the values of the reference programs,
//! row by row.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::{
    BleuStatistics, ChrfKind, ChrfStatistics, ConfusionTable, Evidence, Score, Scorer, cosine, extract_label,
};
use serde_json::{Value, json};
use support::Match::{Exact, Within};
use support::{Triple, differences, rows, triples};

#[test]
fn bleu_equals_sacrebleu_on_550_rows() {
    let file = "expected/bleu_sentence.jsonl";
    assert_eq!(differences(Scorer::Bleu, file, 550, "/default/score", Within(1e-9)), [""; 0]);
}

/// Counts and lengths must be equal, precisions and brevity penalty within 1e-9.
fn assert_statistics(found: &BleuStatistics, expected: &Value, place: &str) {
    let counts = json!({
        "counts": found.matches, "totals": found.totals,
        "sys_len": found.response_length, "ref_len": found.reference_length,
    });
    for (name, count) in counts.as_object().unwrap() {
        assert_eq!(count, &expected[name], "{place}: {name}");
    }
    let penalty = expected["bp"].as_f64().unwrap();
    assert!((found.brevity_penalty() - penalty).abs() <= 1e-9, "{place}: {found:?}");
    let precisions: Vec<f64> = serde_json::from_value(expected["precisions"].clone()).unwrap();
    assert_eq!(precisions.len(), 4);
    for (found, expected) in found.precisions().iter().zip(precisions) {
        assert!((found - expected).abs() <= 1e-9, "{place}: {found}, expected {expected}");
    }
}

#[test]
fn bleu_statistics_equal_sacrebleus_on_550_rows() {
    let triples = triples();
    let rows = rows("expected/bleu_sentence.jsonl");
    assert_eq!(rows.len(), 550);
    for row in rows {
        let id = row["id"].as_str().unwrap();
        let Triple { response, references } = &triples[id];
        assert_statistics(&BleuStatistics::of(response, references).unwrap(), &row["default"], id);
    }
}

#[test]
fn corpus_scores_equal_sacrebleus_on_27_groups() {
    let triples = triples();
    let rows = rows("expected/bleu_chrf_corpus.jsonl");
    assert_eq!(rows.len(), 27);
    for row in rows {
        let place = row["group"].to_string();
        let mut bleu = BleuStatistics::default();
        let [mut chrf, mut chrf_plus_plus] = [ChrfStatistics::default(); 2];
        for id in row["members"].as_array().unwrap() {
            let Triple { response, references } = &triples[id.as_str().unwrap()];
            bleu += BleuStatistics::of(response, references).unwrap();
            chrf += ChrfStatistics::of(ChrfKind::Chrf, response, references).unwrap();
            chrf_plus_plus += ChrfStatistics::of(ChrfKind::ChrfPlusPlus, response, references).unwrap();
        }
        assert_statistics(&bleu, &row["bleu"], &place);
        let found = [bleu.corpus_score().unwrap(), chrf.score(), chrf_plus_plus.score()];
        let expected = [&row["bleu"]["score"], &row["chrf"], &row["chrf_pp"]].map(|value| value.as_f64().unwrap());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-9, "{place}: {found}, expected {expected}");
        }
    }
}

#[test]
fn a_corpus_of_nothing_has_no_score() {
    assert_eq!(BleuStatistics::default().corpus_score(), None);
    assert_eq!(BleuStatistics::of("a", &[]), None);
    let silent = BleuStatistics::of("", &["an answer".to_owned()]).unwrap();
    assert_eq!(silent.corpus_score(), Some(0.0));
}

#[test]
fn chrf_equals_sacrebleu_on_550_rows() {
    assert_eq!(differences(Scorer::Chrf, "expected/chrf_sentence.jsonl", 550, "/chrf", Within(1e-9)), [""; 0]);
}

#[test]
fn chrf_plus_plus_equals_sacrebleu_on_550_rows() {
    let file = "expected/chrf_sentence.jsonl";
    assert_eq!(differences(Scorer::ChrfPlusPlus, file, 550, "/chrf_pp", Within(1e-9)), [""; 0]);
}

#[test]
fn labels_and_their_accuracy_equal_fmevals_on_160_rows() {
    let rows = rows("cases/classification_label.jsonl");
    assert_eq!(rows.len(), 160);
    for row in rows {
        let (input, expected) = (&row["input"], &row["expected"]);
        let response = input["model_output"].as_str().unwrap();
        let valid_labels: Vec<String> = serde_json::from_value(input["valid_labels"].clone()).unwrap();
        assert_eq!(extract_label(response, &valid_labels), expected["classified_model_output"], "{row}");
        let labels = [input["target_output"].as_str().unwrap().to_owned()];
        let evidence = Evidence { response, labels: &labels, valid_labels: &valid_labels, ..Evidence::default() };
        let accuracy = expected["classification_accuracy_score"].as_f64().unwrap();
        assert_eq!(Scorer::ClassificationAccuracy.score(&evidence), Score::Value(accuracy), "{row}");
    }
}

#[test]
fn classification_reports_equal_scikit_learns_on_40_rows() {
    let rows = rows("cases/classification_dataset.jsonl");
    assert_eq!(rows.len(), 40);
    for row in rows {
        let labels = |side: &str| serde_json::from_value::<Vec<String>>(row["input"][side].clone()).unwrap();
        let mut table = ConfusionTable::default();
        for (right, answered) in labels("y_true").iter().zip(labels("y_pred")) {
            table.add(right, &answered);
        }
        let report = table.report().unwrap();
        let expected = &row["expected"];
        let names: Vec<&str> = report.labels.iter().map(|label| label.label.as_str()).collect();
        assert_eq!(json!(names), expected["labels"], "{row}");
        assert_eq!(json!(report.confusion), expected["confusion_matrix"], "{row}");
        assert_eq!(report.n as usize, labels("y_true").len());
        let averages =
            [("micro", report.micro_average), ("macro", report.macro_average), ("weighted", report.weighted_average)];
        let mut figures = vec![
            ("accuracy".to_owned(), report.accuracy),
            ("balanced_accuracy".to_owned(), report.balanced_accuracy),
            ("mcc".to_owned(), report.matthews_correlation),
        ];
        for (name, average) in averages {
            let named = [("precision", average.precision), ("recall", average.recall), ("f1", average.f1)];
            figures.extend(named.map(|(figure, value)| (format!("{figure}_{name}"), value)));
        }
        for (name, found) in figures {
            let expected = expected[&name].as_f64().unwrap_or_else(|| panic!("no {name}: {row}"));
            assert!((found - expected).abs() <= 1e-12, "{name}: {found}, {row}");
        }
        let written = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<assay_score::ClassificationReport>(&written).unwrap(), report);
    }
    assert_eq!(ConfusionTable::default().report(), None);
}

#[test]
fn diversity_equals_its_definition_on_548_rows() {
    let file = "expected/lexical_diversity.jsonl";
    let fields = [
        (Scorer::Distinct1, "/distinct_1"),
        (Scorer::Distinct1, "/type_token_ratio"),
        (Scorer::Distinct2, "/distinct_2"),
        (Scorer::Distinct3, "/distinct_3"),
        (Scorer::Repetition4, "/rep_4"),
    ];
    for (scorer, pointer) in fields {
        assert_eq!(differences(scorer, file, 548, pointer, Exact), [""; 0]);
    }
}

#[test]
fn cosines_of_mean_embeddings_equal_numpys_on_40_rows() {
    let rows = rows("cases/embedding_similarity.jsonl");
    assert_eq!(rows.len(), 40);
    for row in rows {
        let mean = |side: &str| {
            let vectors: Vec<Vec<f64>> = serde_json::from_value(row["input"][side].clone()).unwrap();
            let sum = |place: usize| vectors.iter().map(|vector| vector[place]).sum::<f64>();
            (0..vectors[0].len()).map(|place| sum(place) / vectors.len() as f64).collect::<Vec<f64>>()
        };
        let found = cosine(&mean("candidate_embeddings"), &mean("reference_embeddings")).unwrap();
        let expected = row["expected"]["cosine_of_means"].as_f64().unwrap();
        assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{}: {found}, expected {expected}", row["id"]);
    }
}

#[test]
fn readability_equals_textstat_on_448_rows() {
    let triples = triples();
    let rows = rows("expected/readability.jsonl");
    assert_eq!(rows.len(), 448);
    for row in rows {
        let response = &triples[row["id"].as_str().unwrap()].response;
        for (scorer, field) in
            [(Scorer::FleschReadingEase, "flesch_reading_ease"), (Scorer::FleschKincaidGrade, "flesch_kincaid_grade")]
        {
            let found = scorer.score(&Evidence::new(response, &[])).value();
            // Where there is nothing to read, textstat has 0 and Assay no score.
            let is_readable = row["counts"]["syllables"].as_u64() != Some(0);
            assert_eq!(found.is_some(), is_readable, "{row}");
            let difference = found.unwrap_or(0.0) - row[field].as_f64().unwrap();
            assert!(difference.abs() <= 1e-9, "{scorer}: {found:?}, {row}");
        }
    }
}
