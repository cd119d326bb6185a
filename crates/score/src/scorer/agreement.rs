//! Holds what cuts and normalises texts against the forms that the reference programs make of 300 texts.

#![allow(clippy::unwrap_used)]

use super::squad_form::squad_form;
use super::symbols::{character_edits, for_each_jiwer_word, word_edits};
use super::words::{for_each_word, lower_case, normalise, strip};
use serde_json::Value;

/// A row of a file of reference values, its header left out.
fn rows(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.split('\n').filter(|line| !line.is_empty()).skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every text of which a form is not the expected one.
fn differences(field: &str, form: impl Fn(&str) -> Value) -> Vec<String> {
    let rows = rows("cases/tokenizers.jsonl");
    assert_eq!(rows.len(), 300);
    let found = rows.iter().map(|row| (row, form(row["input"].as_str().unwrap())));
    let different = found.filter(|(row, found)| *found != row["expected"][field]);
    different.map(|(row, found)| format!("{}: {found}, expected {}", row["id"], row["expected"][field])).collect()
}

#[test]
fn lower_case_is_pythons_on_300_texts() {
    let form =
        |text: &str| lower_case(text).chars().map(|letter| letter.to_ascii_lowercase()).collect::<String>().into();
    assert_eq!(differences("python_lower", form), [""; 0]);
}

#[test]
fn words_are_pythons_on_300_texts() {
    let form = |text: &str| {
        let mut words = Vec::new();
        for_each_word(text, |range| words.push(&text[range]));
        words.into()
    };
    assert_eq!(differences("python_split", form), [""; 0]);
}

#[test]
fn stripped_texts_are_pythons_on_300_texts() {
    assert_eq!(differences("python_strip", |text| strip(text).into()), [""; 0]);
}

#[test]
fn normal_form_is_fmevals_on_300_texts() {
    assert_eq!(differences("quac_normalized", |text| normalise(text).into()), [""; 0]);
    assert_eq!(differences("quac_strip_then_normalized", |text| normalise(strip(text)).into()), [""; 0]);
}

#[test]
fn squad_form_is_squads_on_300_texts() {
    assert_eq!(differences("squad_normalized", |text| squad_form(text).into()), [""; 0]);
}

#[test]
fn words_of_error_rates_are_jiwers_on_300_texts() {
    let form = |text: &str| {
        let mut words = Vec::new();
        for_each_jiwer_word(text, |word| words.push(word));
        words.into()
    };
    assert_eq!(differences("jiwer_words", form), [""; 0]);
}

#[test]
fn characters_are_pythons_on_300_texts() {
    assert_eq!(differences("code_points", |text| character_edits(text, "").left.into()), [""; 0]);
}

/// Distances of characters and of words, whole numbers, the texts of 20,000 words among them.
#[test]
fn edits_are_rapidfuzzs_and_jiwers_on_550_pairs() {
    let inputs = rows("triples.jsonl");
    let (distances, edits) = (rows("expected/edit.jsonl"), rows("expected/wer.jsonl"));
    assert_eq!((inputs.len(), distances.len(), edits.len()), (550, 550, 550));
    for ((input, distance), edit) in inputs.iter().zip(&distances).zip(&edits) {
        assert!(input["id"] == distance["id"] && input["id"] == edit["id"]);
        let (response, reference) = (input["response"].as_str().unwrap(), input["references"][0].as_str().unwrap());
        assert_eq!(character_edits(response, reference).count, distance["levenshtein"], "{}", input["id"]);
        let words = word_edits(reference, response);
        assert_eq!((words.count, words.left), (number(&edit["edits"]), number(&edit["ref_words"])), "{}", input["id"]);
    }
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}
