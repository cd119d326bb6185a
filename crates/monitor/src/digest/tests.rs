#![allow(clippy::unwrap_used)]

use super::*;
use crate::lifecycle::LifeState;
use serde_json::json;

fn digest() -> Digest {
    let measured = json!([
        {"model": "nova-lite", "dataset": "probes/faq/a.jsonl", "measures": {"checks": {"before": 0.9, "now": 0.7}, "f1": {"now": 0.5}}},
        {"model": "nova-lite", "dataset": "probes/faq/b.jsonl", "measures": {"f1": {"before": 0.25, "now": 0.5}}},
    ]);
    let suite = json!({"suite": "faq", "completed": 3, "failed": 1, "incomplete": 0, "gates_passed": 1, "gates_failed": 2,
        "regressions": 1, "measured": measured});
    let now = "2026-11-23T08:00:00Z".parse().unwrap();
    let ending = ModelLife::new("nova-lite", LifeState::Legacy).ending("2026-12-23T08:00:00Z".parse().ok(), now);
    let spent = |input_tokens, usd, priced, unpriced| Spent { input_tokens, output_tokens: 7, usd, priced, unpriced };
    Digest {
        format: DIGEST_FORMAT,
        stack: "assay".to_owned(),
        week: Week::before(now),
        suites: vec![serde_json::from_value(suite).unwrap()],
        drifts: vec!["faq, nova-lite: f1 gets worse".to_owned()],
        spending: BTreeMap::from([
            ("nova-lite".to_owned(), Spending { before: spent(100, 0.5, 1, 0), now: spent(300, 0.25, 1, 1) }),
            ("other".to_owned(), Spending { before: Spent::default(), now: spent(1, 0.0, 0, 2) }),
        ]),
        alarms: Part::Known(vec!["assay/faq/nova-lite/f1".to_owned()]),
        throttles: Part::Known(BTreeMap::from([
            ("nova-lite".to_owned(), (12.0, 0.0)),
            ("other".to_owned(), (0.0, 0.0)),
        ])),
        calls: calls(),
        models: vec![ending, ModelLife::new("other", LifeState::Active)],
    }
}

fn listed<T>(found: Vec<T>) -> Listed<T> {
    Listed { found, limit_reached: false }
}

fn calls() -> Calls {
    let cost = |usd| LoggedCost { input_tokens: 1_000, output_tokens: 20, usd };
    let taken =
        |evaluation, usd, before| Taken { evaluation, model: "nova-lite".to_owned(), now: Some(cost(usd)), before };
    Calls {
        slowest: Part::Known(vec![Slow {
            evaluation: false,
            at: "2026-11-20T10:00:00Z".parse().ok(),
            model: Some("nova-lite".to_owned()),
            request: Some("r-1".to_owned()),
            latency_ms: 9500.0,
            output_tokens: Some(800),
        }]),
        errors: Part::Known(listed(vec![Failed {
            evaluation: true,
            model: None,
            error: "ThrottlingException".to_owned(),
            calls: 3,
            of_calls: 40,
        }])),
        spending: Part::Known(listed(vec![
            taken(false, Some(1.5), Some(cost(Some(0.75)))),
            Taken { evaluation: false, model: "left".to_owned(), now: None, before: Some(cost(Some(0.25))) },
            taken(true, None, None),
        ])),
        unknown_before: None,
    }
}

#[test]
fn a_week_is_told_by_what_it_is_about() {
    let digest = digest();
    let title = "weekly digest of assay: 4 runs, 1 failed, 2 failed the gate, 1 worse than the baseline";
    assert_eq!(digest.title(), title);
    let facts = [
        "Runs: faq: 4 runs, 1 failed, 1 passed the gate, 2 FAILED THE GATE, 1 WORSE THAN THE BASELINE",
        "Alarms: raised: assay/faq/nova-lite/f1",
        "Trends: faq, nova-lite: f1 gets worse",
        "Trends: faq (probes/faq/a.jsonl), nova-lite: checks 0.9000 → 0.7000, f1 0.5000 (no run in the week before)",
        "Trends: faq (probes/faq/b.jsonl), nova-lite: f1 0.2500 → 0.5000",
        "Models: nova-lite: Legacy, ends on 2026-12-23, in 30 days",
        "Cost of evaluation: nova-lite: 300 + 7 tokens, 0.2500 USD and 1 run of unknown cost; the week before: 100 + 7 tokens, \
         0.5000 USD",
        "Cost of evaluation: other: 1 + 7 tokens, cost unknown; the week before: nothing",
        "Throttled calls: nova-lite: 12, the week before: 0",
        "Cost of all calls: nova-lite: 1000 + 20 tokens, 1.5000 USD; the week before: 1000 + 20 tokens, 0.7500 USD",
        "Cost of all calls: left: nothing; the week before: 1000 + 20 tokens, 0.2500 USD",
        "Cost of all calls: nova-lite (evaluation): 1000 + 20 tokens, cost unknown; the week before: nothing",
        "Failed calls: a model that the log does not name (evaluation): 3 of 40, ThrottlingException",
        "Slowest calls: nova-lite: 9500 ms at 2026-11-20T10:00:00Z, 800 tokens written, request r-1",
    ];
    assert_eq!(digest.facts(), facts);
}

#[test]
fn a_quiet_week_is_told_too_and_what_is_unknown_is_not_nothing() {
    let digest = Digest {
        suites: Vec::new(),
        drifts: Vec::new(),
        spending: BTreeMap::new(),
        alarms: Part::Unknown("denied; allow cloudwatch:DescribeAlarms".to_owned()),
        throttles: Part::Known(BTreeMap::new()),
        calls: Calls::unknown("invocations are not logged"),
        models: vec![ModelLife::new("other", LifeState::Active)],
        ..digest()
    };
    assert_eq!(digest.title(), "weekly digest of assay: 0 runs");
    let facts = [
        "Runs: no suite had a run",
        "Alarms: unknown: denied; allow cloudwatch:DescribeAlarms",
        "Models: 1 model looked at, none is Legacy or near its end",
        "Throttled calls: none",
        "All calls: unknown: invocations are not logged",
    ];
    assert_eq!(digest.facts(), facts);
}

#[test]
fn what_may_not_be_all_and_a_week_before_that_could_not_be_asked_are_said() {
    let mut calls = calls();
    let (Part::Known(errors), Part::Known(spending)) = (&mut calls.errors, &mut calls.spending) else { panic!() };
    (errors.limit_reached, spending.limit_reached) = (true, true);
    spending.found.truncate(1);
    calls.unknown_before = Some("stopped".to_owned());
    let facts = Digest { calls, ..digest() }.facts();
    let more = "there may be more than is counted here: at most 10000 groups of calls are asked for";
    let told: Vec<&str> = facts.iter().filter_map(|fact| fact.strip_prefix("Cost of all calls: ")).collect();
    assert_eq!(told, ["nova-lite: 1000 + 20 tokens, 1.5000 USD", "the week before is unknown: stopped", more]);
    assert!(facts.contains(&format!("Failed calls: {more}")), "{facts:?}");
}

#[test]
fn a_digest_is_written_and_read() {
    let digest = digest();
    let text = serde_json::to_string(&digest).unwrap();
    assert_eq!(serde_json::from_str::<Digest>(&text).unwrap(), digest);
}

#[test]
fn what_has_no_room_is_counted() {
    let measured = Vec::new();
    let suite = |number: usize| SuiteWeek {
        suite: format!("s{number}"),
        completed: 1,
        failed: 0,
        incomplete: 0,
        gates_passed: 0,
        gates_failed: 0,
        regressions: 0,
        measured: measured.clone(),
    };
    let digest = Digest { suites: (0..40).map(suite).collect(), ..digest() };
    let facts = digest.facts();
    let runs: Vec<&String> = facts.iter().filter(|fact| fact.starts_with("Runs: ")).collect();
    assert_eq!((runs.len(), runs[15].as_str()), (16, "Runs: and 25 more suites"));
}

#[test]
fn the_page_has_the_same_lines_and_no_markup_of_others() {
    let mut digest = digest();
    digest.suites[0].suite = "<b>*faq*\n# x".to_owned();
    let page = markdown(&digest);
    assert!(page.starts_with("# weekly digest of assay: 4 runs"));
    assert!(page.contains("From 2026-11-16T08:00:00Z to 2026-11-23T08:00:00Z."));
    assert!(page.contains("\n## Runs\n\n- \\<b\\>\\*faq\\* # x: 4 runs, 1 failed"), "{page}");
    assert_eq!(page.matches("\n- ").count(), digest.facts().len());
}
