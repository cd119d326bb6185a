#![allow(clippy::unwrap_used)]
use super::*;
use crate::compare::Comparison;
use crate::problem::Problem;
use crate::run::Summary;
use crate::store::Place;
use crate::store::keys::RunKeys;
use object_store::memory::InMemory;
use serde_json::{Value, json};
use std::sync::Arc;

fn told(summary: &Summary, comparisons: &[Comparison], trend: &[String]) -> Notice {
    let place = Place { store: Arc::new(InMemory::new()), folder: None, name: "s3://b".to_owned() };
    Notice::of_run(RunNews { summary, comparisons, trend, place: &place, keys: &RunKeys::new("s", "r") })
}

fn notice(models: &[Value], reasons: &[String], caveats: &[String], problems: Vec<Problem>) -> Notice {
    let value = json!({
        "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": "completed",
        "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 1, "recorded": 0}, "models": models,
        "dataset": {"bucket": "b", "key": "k", "samples": 1, "bad_lines": 0},
        "gate": {"passed": false, "reasons": reasons}, "caveats": caveats,
    });
    let mut summary: Summary = serde_json::from_value(value).unwrap();
    summary.problems = problems.into();
    told(&summary, &[], &[])
}

fn model(name: &str) -> Value {
    json!({"model": name, "samples": 30, "answered": 20, "failed": 10,
        "scores": {"f1": {"n": 20, "unscored": 0, "mean": 0.5}},
        "failures": {"rejected": {"count": 9, "example": "x"}, "throttled": {"count": 1, "example": "y"}}})
}

#[test]
fn failures_are_named_by_class() {
    let notice = notice(&[model("m")], &[], &[], Vec::new());
    let line = "m: 20 of 30 answered, 10 failed (rejected 9, throttled 1), f1 0.5000 (n 20)";
    assert_eq!(notice.facts, [line]);
}

#[test]
fn cost_is_told_where_a_model_was_asked() {
    let usage = json!({"input_tokens": 1, "output_tokens": 1});
    let cost = json!({"usd": 0.25, "input_usd": 0.25, "output_usd": 0, "price_source": "s", "price_date": "2026-11"});
    for (usage, cost, end) in [
        (json!(null), json!(null), "f1 0.5000 (n 20)"),
        (usage.clone(), json!(null), ", cost unknown"),
        (usage, cost, ", cost 0.2500 USD"),
    ] {
        let mut model = model("m");
        (model["usage"], model["cost"]) = (usage, cost);
        let notice = notice(&[model], &[], &[], Vec::new());
        assert!(notice.facts[0].ends_with(end), "{:?}", notice.facts);
    }
}

#[test]
fn a_notice_is_bounded_whatever_the_run() {
    // Each of these characters takes six bytes as JSON.
    let long = "\u{1}".repeat(100_000);
    let models: Vec<Value> = (0..2000).map(|number| model(&format!("{number}{}", &long[..2000]))).collect();
    let problem = || Problem::error(&long, &long).in_field(&long).remedy(&long);
    let problems: Vec<Problem> = (0..200).map(|_| problem()).collect();
    let texts = vec![long.clone(); 2000];
    let notice = notice(&models, &texts, &texts, problems);
    assert!(serde_json::to_string(&notice).unwrap().len() < 200_000);
    assert!(serde_json::to_string_pretty(&notice).unwrap().len() < 200_000);
    assert_eq!(notice.facts.len(), 6 + 21 + 11 + 6);
    assert!(notice.facts[6].ends_with("f1 0.5000 (n 20)"), "a long name leaves room for the numbers");
    for told in ["and 1980 more models", "and 1995 more reasons", "and 1995 more notes"] {
        assert!(notice.facts.iter().any(|fact| fact == told), "{told}");
    }
    assert!(notice.facts.iter().any(|fact| fact.starts_with("and 190 more problems")));
}
