#![allow(clippy::unwrap_used)]
use super::*;
use crate::compare::Comparison;
use crate::summary::Summary;
use assay_notice::{Notice, NoticeKind};
use assay_problem::Problem;
use assay_store::Place;
use assay_store::keys::RunKeys;
use object_store::memory::InMemory;
use serde_json::{Value, json};
use std::sync::Arc;

fn told(summary: &Summary, comparisons: &[Comparison], trend: &[String]) -> Notice {
    let place = Place { store: Arc::new(InMemory::new()), folder: None, name: "s3://b".to_owned() };
    Notice::from(RunNews { summary, comparisons, trend, place: &place, keys: &RunKeys::new("s", "r") })
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

/// A comparison of the model `m` with the baseline, or of two models of the run, whose texts are secret.
fn comparison(before: (&str, &str), after: &str, measures: &Value) -> Comparison {
    let side = |run: &str, model: &str| json!({"run": run, "suite": "s", "model": model, "finished_at": "2026-01-01T00:00:00Z"});
    let text = |value: Option<f64>, checks: &[u32]| {
        json!({"value": value, "response": "SECRET",
        "failed_checks": vec!["contains: SECRET"; checks.len()], "failed_check_numbers": checks})
    };
    let sample = |id: &str, line: u64, measure: &str, before: Value, after: Value| {
        json!({"sample": id, "line": line, "measure": measure, "prompt": "SECRET", "reference": "SECRET",
            "before": before, "after": after})
    };
    let mut fourth = sample("case-4", 4, "checks", text(None, &[]), text(None, &[1, 3]));
    fourth["score"] = json!({"measure": "f1", "before": 0.9, "after": 0.25});
    let regressions = [
        fourth,
        sample("case-9", 9, "checks", text(None, &[]), text(None, &[])),
        sample("case-2", 2, "f1", text(Some(0.9), &[]), text(Some(0.1), &[])),
    ];
    let value = json!({"before": side(before.0, before.1), "after": side("r", after), "shared": 40, "only_before": 0,
        "only_after": 1, "changed": 0, "alpha": 0.05, "resamples": 10_000, "measures": measures, "regressed": 12,
        "improved": 1, "unchanged": 27, "regressions": regressions, "improvements": [],
        "caveats": ["the datasets differ: samples are compared where id and question are the same"]});
    serde_json::from_value(value).unwrap()
}

fn measure(name: &str, verdict: &str) -> Value {
    json!({"name": name, "n": 40, "before": 0.75, "after": 0.5, "effect": -0.25, "interval": [-0.3, -0.2],
        "adjusted_p": 0.00125, "smallest_detectable": 0.0315, "verdict": verdict})
}

/// The summary of a run of two models, of which the second may have got worse, with a gate or without one.
fn summary(status: &str, regressed: Option<bool>, gate: &Value) -> Summary {
    let model = |name: &str, regressed: Option<bool>, usd: f64, p50: f64| {
        json!({"model": name, "samples": 40, "answered": 40, "failed": 0, "scores": {}, "regressed": regressed,
            "usage": {"input_tokens": 1, "output_tokens": 1},
            "cost": {"usd": usd, "input_usd": usd, "output_usd": 0, "price_source": "s", "price_date": "2026-11"},
            "latency": {"n": 40, "mean_ms": 1.0, "p50_ms": p50, "p90_ms": 1.0, "p99_ms": 1.0, "max_ms": 1.0}})
    };
    let value = json!({
        "format": 1, "assay": "1", "run": "r", "suite": "s", "application": "a", "status": status,
        "finished_at": "2026-01-01T00:00:00Z", "answers": {"asked": 80, "recorded": 0},
        "models": [model("first", None, 0.25, 400.0), model("m", regressed, 0.5, 812.4)],
        "dataset": {"bucket": "b", "key": "k", "samples": 40, "bad_lines": 0}, "gate": gate,
        "cost": {"usd": 0.75, "complete": true},
    });
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_run_that_got_worse_is_told_unless_something_else_weighs_more() {
    use NoticeKind::{GateFailed, Regression, RunFailed, RunFinished, RunIncomplete};
    let (failed, passed) = (json!({"passed": false, "reasons": ["x"]}), json!({"passed": true, "reasons": []}));
    for (status, regressed, gate, kind) in [
        ("failed", Some(true), &failed, RunFailed),
        ("incomplete", Some(true), &Value::Null, RunIncomplete),
        ("completed", Some(true), &failed, GateFailed),
        ("completed", Some(true), &passed, Regression),
        ("completed", Some(true), &Value::Null, Regression),
        ("completed", Some(false), &passed, RunFinished),
        ("completed", None, &Value::Null, RunFinished),
    ] {
        assert_eq!(told(&summary(status, regressed, gate), &[], &[]).kind, kind, "{status} {regressed:?} {gate}");
    }
}

#[test]
fn what_got_worse_is_named_by_measure_and_sample_and_quotes_nobody() {
    let found = comparison(("r0", "m"), "m", &json!([measure("f1", "worse"), measure("toxicity.HATE", "worse")]));
    let worse = "m: f1 is worse than in the baseline r0: 0.7500 before, 0.5000 now, -0.2500 over 40 samples, \
        95 % interval -0.3000 to -0.2000 (adjusted p 1.25e-3)";
    let notice = told(&summary("completed", Some(true), &Value::Null), std::slice::from_ref(&found), &[]);
    let expected = [
        worse,
        "m: of 40 samples compared with the baseline 12 got worse and 1 better",
        "m: sample case-4 (line 4): checks 1, 3 fail now; f1 0.9000 before, 0.2500 now",
        "m: sample case-9 (line 9): no answer now",
        "m: sample case-2 (line 2): f1 0.9000 before, 0.1000 now",
        "compared with the baseline r0: the datasets differ: samples are compared where id and question are the same",
        "first: 40 of 40 answered, cost 0.2500 USD",
        "m: 40 of 40 answered, cost 0.5000 USD",
        "the run cost 0.7500 USD",
    ];
    assert_eq!(notice.facts, expected);
    assert!(!serde_json::to_string(&notice).unwrap().contains("SECRET"));
    assert_eq!(notice.title, "s: worse than the baseline");
    // Where the gate says so already, it is said once, and the samples are told all the same.
    let gate = json!({"passed": false, "reasons": [worse], "notes": ["a note of the gate"]});
    let notice = told(&summary("completed", Some(true), &gate), &[found], &[]);
    assert_eq!(notice.facts[..9], expected);
    assert_eq!(notice.facts[9..], ["a note of the gate"]);
}

#[test]
fn two_models_are_told_side_by_side() {
    let against = |measures: Value| {
        let notice =
            told(&summary("completed", None, &Value::Null), &[comparison(("r", "first"), "m", &measures)], &[]);
        notice.facts.into_iter().find(|fact| fact.starts_with("m against first: ")).unwrap()
    };
    let sides = "; cost 0.5000 USD against 0.2500 USD; median latency 812 ms against 400 ms";
    assert_eq!(
        against(json!([measure("f1", "worse"), measure("bleu", "no_evidence"), measure("word_error_rate", "better")])),
        format!(
            "m against first: better in word_error_rate by -0.2500 (-0.3000 to -0.2000, adjusted p 1.25e-3); \
             worse in f1 by -0.2500 (-0.3000 to -0.2000, adjusted p 1.25e-3){sides}"
        )
    );
    assert_eq!(
        against(json!([measure("f1", "no_evidence"), measure("bleu", "too_few")])),
        format!(
            "m against first: no evidence of a difference over 40 samples; the smallest difference they would show: \
             f1 0.0315, bleu 0.0315{sides}"
        )
    );
    assert_eq!(
        against(json!([measure("f1", "too_few")])),
        format!("m against first: 40 samples are too few to tell a difference{sides}")
    );
    assert_eq!(
        against(json!([])),
        format!("m against first: nothing can be compared, as no sample has a score of both{sides}")
    );
}

#[test]
fn the_notice_of_a_run_names_its_pages() {
    let notice = told(&summary("completed", None, &Value::Null), &[], &["f1 gets worse".to_owned()]);
    assert_eq!(notice.summary.as_deref(), Some("s3://b/runs/s/r/summary.json"));
    assert_eq!(notice.report.as_deref(), Some("s3://b/runs/s/r/report.html"));
    assert!(notice.facts.contains(&"f1 gets worse".to_owned()));
}
