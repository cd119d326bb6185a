//! The dashboard of suites' scores.

use super::dashboards::{REGION, assert_right, titled};
use super::histories::{MODEL, history, line, with};
use super::lists::NAMESPACE;
use assay_core::publish::history::HistoryLine;
use assay_monitor::dashboard::{MOST_WIDGETS, Scores, SuiteScores, scores};
use assay_monitor::threshold::{Rule, Subject};
use serde_json::{Value, json};

fn suite(history: &[HistoryLine], baseline: Option<&str>) -> SuiteScores {
    let subject = Subject { stack: "assay", namespace: NAMESPACE, application: "Support", suite: "faq", actions: &[] };
    SuiteScores::of(&subject, history, baseline, &with(history, &Rule::default()))
}

fn of_suites(suites: &[SuiteScores]) -> (Value, usize) {
    scores(&Scores { stack: "assay", region: REGION, namespace: NAMESPACE, suites })
}

#[test]
fn a_suite_has_a_graph_for_each_measure_with_baseline_and_threshold_across_it() {
    let (body, left_out) = of_suites(&[suite(&history(), Some("run-002"))]);
    assert_right(&body);
    assert_eq!(left_out, 0);
    let titles: Vec<&str> = body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|widget| widget["properties"]["title"].as_str())
        .collect();
    assert_eq!(titles, ["faq: pass_rate", "faq: f1"]);
    let graph = titled(&body, "faq: f1");
    let line = json!([
        NAMESPACE, "F1", "ModelId", MODEL, "Application", "Support", "Suite", "faq", {"label": MODEL},
    ]);
    assert_eq!(graph["metrics"], json!([line]));
    // The second run's value, and 0.82 - 5 * 0.02.
    let across = json!([
        {"label": format!("{MODEL}: baseline"), "value": 0.82}, {"label": format!("{MODEL}: alarm"), "value": 0.72},
    ]);
    assert_eq!(graph["annotations"]["horizontal"], across);
    assert_eq!((&graph["stat"], &graph["yAxis"]["left"]), (&json!("Average"), &json!({"min": 0.0, "max": 1.0})));
}

#[test]
fn a_suite_without_baseline_or_threshold_has_its_graphs_all_the_same() {
    for baseline in [None, Some("a run that is no longer known")] {
        let (body, _) = of_suites(&[suite(&history()[..1], baseline)]);
        assert_right(&body);
        assert_eq!(titled(&body, "faq: f1")["annotations"]["horizontal"], json!([]));
    }
    let (nothing, left_out) = of_suites(&[suite(&[], None)]);
    assert_right(&nothing);
    assert_eq!(left_out, 0);
}

#[test]
fn parts_of_measures_have_their_own_dimension() {
    let values = json!({
        "judge.tone": 0.5, "job.Accuracy": 0.5, "robustness.typos": 0.1, "toxicity.HATE": 0.1, "response_length": 9.0,
    });
    let (body, _) = of_suites(&[suite(&[line(1, MODEL, &values)], None)]);
    assert_right(&body);
    let end = |title: &str| titled(&body, title)["metrics"][0].as_array().unwrap()[8..10].to_vec();
    assert_eq!(end("faq: judge.tone"), [json!("Rubric"), json!("tone")]);
    assert_eq!(end("faq: job.Accuracy"), [json!("Metric"), json!("Accuracy")]);
    assert_eq!(end("faq: robustness.typos"), [json!("Kind"), json!("typos")]);
    assert_eq!(end("faq: toxicity.HATE"), [json!("Category"), json!("HATE")]);
    assert_eq!(titled(&body, "faq: response_length").get("yAxis"), None);
}

#[test]
fn what_has_no_room_is_counted() {
    let mut one = suite(&history(), None);
    one.graphs = std::iter::repeat_n(one.graphs[0].clone(), 300).collect();
    let (body, left_out) = of_suites(&[one.clone(), one.clone(), one]);
    assert_right(&body);
    let widgets = body["widgets"].as_array().unwrap().len();
    // Two of the three suites' headings and the page's own are among the widgets.
    assert_eq!((widgets, left_out), (MOST_WIDGETS, 900 - (MOST_WIDGETS - 3)));
}
