//! Probes that a pipeline asks for through EventBridge.

use crate::{RUNNER, STACK, assert_no_violation, facts, put_probe, turn, until_ended};
use end_to_end::world::{self, parse};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_asks_for_one_suite_and_gets_one_run() {
    let (_turn, _) = turn().await;
    let suite = "by-pipeline";
    put_probe(suite, &json!({"scorers": ["exact_match"], "application": "EndToEnd"})).await;
    let notices = world::subscribe(suite).await;
    let before = until_ended(1).await.len();
    world::python(include_str!("request.py"), &[&json!({"suites": [suite]}).to_string()]).await;

    let (run, files) = world::runs(suite, 1).await.pop_first().unwrap();
    assert_eq!(parse(&files["summary.json"])["status"], "completed");
    let told = world::notices(&notices).await;
    let [notice] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&notice["kind"], &notice["run"]), (&json!("run_finished"), &json!(run)));
    assert!(facts(notice).iter().any(|fact| fact.contains("no baseline")), "{notice}");
    assert_eq!(until_ended(before + 1).await.len(), before + 1, "other suites were asked too");
    assert_no_violation();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_that_is_not_there_is_told_once_and_asked_of_nobody() {
    let (_turn, _) = turn().await;
    let everything = world::subscribe_to_all("mistaken").await;
    let event = json!({"assay": "probes", "suites": ["by-schedul"], "at": jiff::Timestamp::now().to_string()});
    for result in ["finished", "done"] {
        let answer = world::deliver(RUNNER, &event).await;
        assert_eq!(answer["result"], result, "{answer}");
    }
    let told = world::notices(&everything).await;
    let [notice] = &told[..] else { panic!("{told:?}") };
    assert_eq!(notice["kind"], "probe_problem");
    let said = facts(notice).join(" ");
    assert!(said.contains("there is no suite `by-schedul`") && said.contains("did you mean `by-schedule`?"), "{said}");
    assert!(!world::alarms().await.keys().any(|name| name.starts_with(&format!("{STACK}/by-schedul/"))));
}
