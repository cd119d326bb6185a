//! Alignments and scores against nltk; long texts against a second computation.

use super::*;
use crate::scorer::vocabulary::Memory;
use serde_json::Value;
use std::collections::HashMap;

fn rows(text: &str) -> Vec<Value> {
    text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn wordnet() -> Synonyms {
    let table = include_str!("../../../tests/oracle/meteor_synonyms.jsonl");
    Synonyms::from_json_lines(table, "meteor_synonyms.jsonl").unwrap()
}

fn aligned(response: &str, reference: &str, synonyms: Option<&Synonyms>) -> Vec<(usize, usize)> {
    let mut memory = Memory::default();
    let response = words(response, &mut memory.vocabulary);
    let reference = words(reference, &mut memory.vocabulary);
    align(&response, &reference, synonyms, &mut memory)
}

#[test]
fn alignments_equal_nltk_on_541_rows() {
    let triples = rows(include_str!("../../../tests/oracle/triples.jsonl"));
    let triples: HashMap<&str, &Value> = triples.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
    let synonyms = wordnet();
    let (mut counted, mut listed) = (0, 0);
    for row in rows(include_str!("../../../tests/oracle/expected/meteor.jsonl")) {
        let triple = triples[row["id"].as_str().unwrap()];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pairs = aligned(&text(&triple["response"]), &text(&triple["references"][0]), Some(&synonyms));
        // The longest rows have the score alone, and one has the number of pairs alone.
        if !row["n_matches_first_ref"].is_null() {
            assert_eq!(row["n_matches_first_ref"], pairs.len(), "{}", row["id"]);
            counted += 1;
        }
        if let Some(expected) = row.get("alignment_first_ref").filter(|pairs| !pairs.is_null()) {
            let expected: Vec<(usize, usize)> = serde_json::from_value(expected.clone()).unwrap();
            assert_eq!(pairs, expected, "{}", row["id"]);
            listed += 1;
        }
    }
    assert_eq!((counted, listed), (541, 540));
}

#[test]
fn chunks_are_neighbours_on_both_sides() {
    assert_eq!(chunks(&[]), 0);
    assert_eq!(chunks(&[(3, 1)]), 1);
    assert_eq!(chunks(&[(0, 0), (1, 1), (2, 3), (4, 4), (5, 5)]), 3);
}

/// Without stems and synonyms to find, each word is counted as often as both sides have it, and the last ones of both
/// sides belong together.
#[test]
fn texts_of_20_000_words_equal_a_second_computation() {
    let mut random = fastrand::Rng::with_seed(2026);
    let mut draw = || -> Vec<u32> { (0..20_000).map(|_| (random.f64().powi(3) * 5_000.0) as u32).collect() };
    let (response, reference) = (draw(), draw());
    let mut expected = Vec::new();
    for number in 0..5_000 {
        let places = |words: &[u32]| -> Vec<usize> {
            words.iter().enumerate().filter(|(_, word)| **word == number).map(|(place, _)| place).rev().collect()
        };
        expected.extend(places(&response).into_iter().zip(places(&reference)));
    }
    expected.sort_unstable();
    let text = |words: &[u32]| words.iter().map(|word| format!("w{word} ")).collect::<String>();
    let (response, reference) = (text(&response), text(&reference));
    assert_eq!(aligned(&response, &reference, Some(&wordnet())), expected);

    let Score::Value(found) = score(&Evidence::new(&response, &[reference])) else { panic!("unscored") };
    let share = expected.len() as f64 / 20_000.0;
    let runs = 1 + expected.windows(2).filter(|two| (two[0].0 + 1, two[0].1 + 1) != two[1]).count();
    let penalty = 0.5 * (runs as f64 / expected.len() as f64).powi(3);
    assert!((found - share * (1.0 - penalty)).abs() < 1e-12, "{found}");
}
