//! Records and summaries for the tests of this crate.

#![allow(clippy::unwrap_used)]

use assay_core::record::Record;
use assay_core::summary::Summary;
use serde_json::{Value, json};

/// Text that would be markup, a script, a formula or a command, were it not escaped.
pub(crate) const HOSTILE: &str = "=<script>window.ran=1</script>\"'&]]>--><svg onload=x>\u{1b}[31m\u{0}\u{202e}|`";

/// A record as JSON says it, over what every record has.
pub(crate) fn record(model: &str, sample: &str, more: Value) -> Record {
    let mut value = json!({
        "format": 1, "model": model, "sample": {"id": sample, "line": 1, "prompt": "asked"},
        "responses": [{"text": "said", "attempts": 1, "waited_ms": 0}],
    });
    for (key, more) in more.as_object().unwrap() {
        match (value.get_mut(key), more) {
            (Some(Value::Object(before)), Value::Object(more)) => before.extend(more.clone()),
            _ => value[key] = more.clone(),
        }
    }
    serde_json::from_value(value).unwrap()
}

/// An answer that was not checked.
pub(crate) fn answered(sample: &str, model: &str, text: &str) -> Record {
    record(model, sample, json!({"responses": [{"text": text, "latency_ms": 100}]}))
}

/// A sample without an answer.
pub(crate) fn unanswered(sample: &str, model: &str) -> Record {
    record(model, sample, json!({"responses": [], "failure": {"class": "throttled", "message": "slow down"}}))
}

/// A checked and scored answer.
pub(crate) fn judged(model: &str, sample: &str, line: u64, f1: f64, passed: bool) -> Record {
    let check = if passed {
        json!({"check": "contains: a", "passed": true})
    } else {
        json!({"check": "contains: a", "passed": false, "reason": "not found"})
    };
    record(
        model,
        sample,
        json!({
            "sample": {"line": line, "category": "c", "references": ["wanted"]},
            "scores": {"f1": {"value": f1}}, "checks": [check],
        }),
    )
}

/// A summary as JSON says it, over what every summary has.
pub(crate) fn summary(models: Value, more: Value) -> Summary {
    let mut value = json!({
        "format": 1, "assay": "1", "run": "20260101T000000Z-00000000", "suite": "faq", "application": "shop",
        "status": "completed", "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 1, "recorded": 0},
        "dataset": {"bucket": "b", "key": "datasets/faq/cases.jsonl", "samples": 1, "bad_lines": 0},
        "models": models,
    });
    for (key, more) in more.as_object().unwrap() {
        value[key] = more.clone();
    }
    serde_json::from_value(value).unwrap()
}

/// A model of a summary with one scorer.
pub(crate) fn model(name: &str) -> Value {
    json!({"model": name, "samples": 3, "answered": 2, "failed": 1, "pass_rate": 0.5, "pass_rate_interval": [0.1, 0.9],
        "scores": {"f1": {"n": 2, "unscored": 1, "mean": 0.25, "interval": [0.125, 0.375], "min": 0.0, "p50": 0.25,
            "p90": 0.45, "max": 0.5}}})
}
