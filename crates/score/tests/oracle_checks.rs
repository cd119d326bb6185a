//! Holds checks against the values of JavaScript and ajv, row by row, and refusals against labels.

#![allow(clippy::unwrap_used)]

mod support;

use assay_score::{Assertion, Check, CheckSet, Evidence, Score, Scorer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::rows;

/// Whether the answer passes the check; its opposite must say the opposite.
fn passes(assertion: Assertion, answer: &str) -> bool {
    let both = [assertion.clone().into(), Check::not(assertion)];
    let checks = CheckSet::compile(&both).unwrap_or_else(|problems| panic!("{problems:?}"));
    let results = checks.evaluate(answer);
    assert_ne!(results[0].passed, results[1].passed, "{results:?}");
    assert!(results.iter().all(|result| result.reason.is_none() == result.passed), "{results:?}");
    results[0].passed
}

/// None of the 80 patterns uses look-around or back-references, which the regex crate refuses.
#[test]
fn all_230_assertions_agree_with_javascript() {
    let rows = rows("cases/assertions.jsonl");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        let kind = row["input"]["type"].as_str().unwrap();
        // Read as a spec would be: `contains-any` is `contains_any` here.
        let written = json!({ kind.replace('-', "_"): row["input"]["value"] });
        let check: Check = serde_json::from_value(written).unwrap_or_else(|error| panic!("{row}: {error}"));
        let passed = passes(check.assertion, row["input"]["output"].as_str().unwrap());
        assert_eq!(Some(passed), row["expected"].as_bool(), "{row}");
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    let expected = [
        ("contains", 15),
        ("contains-all", 17),
        ("contains-any", 15),
        ("ends-with", 23),
        ("equals", 18),
        ("icontains", 9),
        ("icontains-all", 22),
        ("icontains-any", 15),
        ("regex", 80),
        ("starts-with", 16),
    ];
    assert_eq!(counts, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

#[test]
fn syntax_beyond_linear_time_is_refused_with_the_reason() {
    for (pattern, reason) in [("(?<=a)b", "look-around"), ("(?!a)b", "look-around"), (r"(a)\1", "backreferences")] {
        let problems = CheckSet::compile(&[Assertion::Regex(pattern.to_owned()).into()]).unwrap_err();
        assert!(problems[0].contains(reason), "{problems:?}");
    }
}

#[test]
fn is_json_agrees_with_json_parse_on_40_rows() {
    let rows = rows("cases/json_valid.jsonl");
    assert_eq!(rows.len(), 40);
    for row in &rows {
        let passed = passes(Assertion::IsJson, row["input"].as_str().unwrap());
        assert_eq!(Some(passed), row["expected"].as_bool(), "{}", row["id"]);
    }
}

#[test]
fn json_schema_agrees_with_ajv_on_90_rows() {
    let rows = rows("cases/json_schema.jsonl");
    assert_eq!(rows.len(), 90);
    for row in &rows {
        let schema = Assertion::JsonSchema(row["input"]["schema"].clone());
        let passed = passes(schema, row["input"]["text"].as_str().unwrap());
        assert_eq!(Some(passed), row["expected"].as_bool(), "{row}");
    }
}

/// The one thing in which JSON by a schema is narrower than JSON: what serde_json cannot hold is not valid.
#[test]
fn json_that_no_schema_judges_is_json_all_the_same() {
    let deep = "[".repeat(500) + &"]".repeat(500);
    for text in [r#""\ud83d""#, "-1e400", deep.as_str()] {
        assert!(passes(Assertion::IsJson, text));
        assert!(!passes(Assertion::JsonSchema(Value::Bool(true)), text));
    }
}

/// F1 of the scorer on labelled texts, with the texts that it takes for the wrong thing.
fn refusal_f1(rows: &[Value]) -> (f64, Vec<String>) {
    let (mut hits, mut wrong) = (0, Vec::new());
    for row in rows {
        let text = row["input"].as_str().unwrap();
        let score = Scorer::Refusal.score(&Evidence::new(text, &[]));
        let expected = row["expected"].as_f64().unwrap();
        if score != Score::Value(expected) {
            wrong.push(format!("{expected}: {text}"));
        } else if expected == 1.0 {
            hits += 1;
        }
    }
    (2.0 * f64::from(hits) / (2.0 * f64::from(hits) + wrong.len() as f64), wrong)
}

#[test]
fn refusals_are_told_from_30_labelled_texts() {
    let rows = rows("cases/refusal_labels.jsonl");
    assert_eq!(rows.len(), 30);
    let (f1, wrong) = refusal_f1(&rows);
    println!("F1 {f1:.3}, {} of 30 wrong", wrong.len());
    assert!(f1 >= 0.9, "{f1}: {wrong:#?}");
}

/// The half that the rules were not tuned on is the one that tells how good they are.
#[test]
fn refusals_are_told_from_148_more() {
    let rows = rows("cases/refusal_more.jsonl");
    assert_eq!(rows.len(), 148);
    for half in ["tuning", "held_out"] {
        let rows: Vec<Value> = rows.iter().filter(|row| row["half"] == half).cloned().collect();
        assert_eq!(rows.len(), 74);
        let (f1, wrong) = refusal_f1(&rows);
        println!("{half}: F1 {f1:.3}, {} of 74 wrong", wrong.len());
        if half == "tuning" {
            println!("{wrong:#?}");
        }
        assert!(f1 >= 0.9, "{half}: {f1}");
    }
}

/// Whatever the text, a blank one refuses and the check `is_refusal` agrees with the scorer.
#[test]
fn blank_text_refuses() {
    for text in ["", " \n\t", "\u{a0}"] {
        assert_eq!(Scorer::Refusal.score(&Evidence::new(text, &[])), Score::Value(1.0));
        assert!(passes(Assertion::IsRefusal, text));
    }
}
