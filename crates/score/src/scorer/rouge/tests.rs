//! Precision, recall and F-measure against rouge-score; long texts against a second computation.

use super::Kind::{L, Lsum, One, Two};
use super::*;
use crate::scorer::vocabulary::{Vocabulary, WordId};
use serde_json::Value;
use std::collections::HashMap;

fn rows(text: &str) -> Vec<Value> {
    text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(row: &Value) -> (String, Vec<String>) {
    let references = serde_json::from_value(row["references"].clone()).unwrap();
    (row["response"].as_str().unwrap().to_owned(), references)
}

/// All three numbers, bit for bit; rouge-score could not compute ROUGE-Lsum of two rows.
#[test]
fn precision_recall_and_f_measure_equal_rouge_score_on_550_rows() {
    let triples = rows(include_str!("../../../tests/oracle/triples.jsonl"));
    let triples: HashMap<&str, (String, Vec<String>)> =
        triples.iter().map(|row| (row["id"].as_str().unwrap(), texts(row))).collect();
    let (mut compared, mut missing) = (0, 0);
    for row in rows(include_str!("../../../tests/oracle/expected/rouge.jsonl")) {
        let (response, references) = &triples[row["id"].as_str().unwrap()];
        for (kind, field) in [(One, "rouge1"), (Two, "rouge2"), (L, "rougeL"), (Lsum, "rougeLsum")] {
            for (stemmed, form) in [(false, "plain"), (true, "stem")] {
                let best = best(&Evidence::new(response, references), kind, stemmed).unwrap();
                let expected = &row[form][field];
                if expected.is_null() {
                    missing += 1;
                    continue;
                }
                let expected: [f64; 3] = serde_json::from_value(expected.clone()).unwrap();
                let found = [best.precision, best.recall, best.f_measure];
                assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits), "{} {form} {field}", row["id"]);
                compared += 1;
            }
        }
    }
    assert_eq!((compared, missing), (550 * 8 - 4, 4));
}

/// Two texts of 20,000 words with `line` words in a line, from a vocabulary as uneven as language.
fn long_texts(line: usize) -> [String; 2] {
    let mut random = fastrand::Rng::with_seed(2026);
    let mut text = || {
        let word = |place: usize| {
            let separator = if place % line == line - 1 { '\n' } else { ' ' };
            format!("w{}{separator}", (random.f64().powi(3) * 5_000.0) as u32)
        };
        (0..20_000).map(word).collect::<String>()
    };
    [text(), text()]
}

fn f_measure(response: &str, reference: &str, kind: Kind, stemmed: bool) -> f64 {
    best(&Evidence::new(response, &[reference.to_owned()]), kind, stemmed).unwrap().f_measure
}

/// The first two by counting words in a map of the standard library, the others with rapidfuzz's subsequence.
#[test]
fn texts_of_20_000_words_equal_a_second_computation() {
    let [reference, response] = long_texts(usize::MAX);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (left, right) = (words(&reference), words(&response));
    let share = |hits: usize, length: usize| 2.0 * hits as f64 / (2 * length) as f64;
    for stemmed in [false, true] {
        let near = |kind, expected: f64| {
            let found = f_measure(&response, &reference, kind, stemmed);
            assert!((found - expected).abs() < 1e-12, "{kind:?}: {found}, expected {expected}");
        };
        near(One, share(shared(&left, &right), 20_000));
        let pairs = |words: &[String]| words.windows(2).map(|pair| pair.join(" ")).collect::<Vec<_>>();
        near(Two, share(shared(&pairs(&left), &pairs(&right)), 19_999));
        let numbers = |words: &[String]| words.iter().map(|word| word[1..].parse::<u32>().unwrap()).collect::<Vec<_>>();
        let common = rapidfuzz::distance::lcs_seq::similarity(numbers(&left), numbers(&right));
        near(L, share(common, 20_000));
        // All on one line: the subsequence itself, whichever of the longest it is.
        near(Lsum, share(common, 20_000));
    }
}

/// Many short lines, and lines of one word.
#[test]
fn texts_of_very_many_lines_equal_a_second_computation() {
    let [reference, response] = long_texts(1);
    let shared = shared(&lines(&reference), &lines(&response));
    assert_eq!(f_measure(&response, &reference, Lsum, false), Overlap::new(shared, 20_000, 20_000).f_measure);
    let [reference, response] = long_texts(50);
    let cut = |text: &str| lines(text)[..40].join("\n");
    let (reference, response) = (cut(&reference), cut(&response));
    let found = f_measure(&response, &reference, Lsum, false);
    assert_eq!(found, Overlap::new(plain_hits(&reference, &response), 2_000, 2_000).f_measure);
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn shared(left: &[String], right: &[String]) -> usize {
    let mut counts = HashMap::new();
    left.iter().for_each(|item| *counts.entry(item).or_insert(0) += 1);
    right.iter().filter(|item| counts.get_mut(item).is_some_and(|count| (*count > 0, *count -= 1).0)).count()
}

/// The definition: every line with every line, nothing passed over.
fn plain_hits(reference: &str, response: &str) -> usize {
    let mut vocabulary = Vocabulary::default();
    let mut split = |text: &str| -> Vec<Vec<WordId>> {
        lines(text).iter().map(|line| Lines::of(line, false, &mut vocabulary).tokens).collect()
    };
    let (reference, response) = (split(reference), split(response));
    let mut left = HashMap::new();
    response.iter().flatten().for_each(|token| *left.entry(*token).or_insert(0) += 1);
    let (mut masks, mut hits) = (vec![0; vocabulary.len()], 0);
    for line in &reference {
        let mut marks = vec![false; line.len()];
        response.iter().for_each(|other| lcs::mark(line, other, &mut masks, &mut marks));
        for (token, _) in line.iter().zip(marks).filter(|(_, marked)| *marked) {
            let left = left.entry(*token).or_insert(0);
            if *left > 0 {
                (*left, hits) = (*left - 1, hits + 1);
            }
        }
    }
    hits
}
