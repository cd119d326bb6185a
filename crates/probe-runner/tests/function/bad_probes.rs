//! Probes that are wrong: a failed run that says what to do, and every other suite is asked.

use crate::rounds::two_suites;
use crate::world::{World, dataset, hours_ago, reading, results, scheduled};
use assay_testing::front::{self, Fate};
use probe_runner::handle;
use serde_json::json;

#[tokio::test]
async fn a_broken_suite_fails_its_run_and_no_other() {
    let world = two_suites("broken").await;
    world.put("probes/bad-lines/a.jsonl", "not json\n{}\n").await;
    world.put("probes/bad-spec/assay.yaml", "suite: renamed\nrepeats: 0\n").await;
    world.put("probes/bad-spec/a.jsonl", &dataset()).await;
    world.put("probes/no-text/a.jsonl", "").await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!(answer["result"], "finished");
    assert_eq!(results(&answer).len(), 5);
    for (suite, said) in [("bad-lines", "a.jsonl:1:"), ("bad-spec", "assay.yaml:2:"), ("no-text", "a.jsonl")] {
        let run = world.only_run(suite).await;
        assert_eq!(run.summary()["status"], "failed", "{suite}");
        assert!(run.problems().contains(&format!("probes/{suite}/{said}")), "{suite}: {}", run.problems());
    }
    assert_eq!(world.only_run("faq").await.summary()["status"], "completed");
    assert_eq!(world.kinds().await, ["run_failed", "run_failed", "run_failed", "run_finished", "run_finished"]);
    assert!(world.json("monitor/heartbeat.json").await["round"].is_string(), "all suites were gone over");
}

#[tokio::test]
async fn a_dataset_that_is_deleted_between_listing_and_run_fails_its_run() {
    let world = two_suites("deleted").await;
    let event = scheduled(&hours_ago(1));
    // The round is written down, and nothing else is done.
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.ends_with("/claim.json") {
        true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>".to_vec()),
        false => Fate::Pass,
    });
    let runner = world.runner_at(&url.await).await;
    Box::pin(handle(event.clone(), &runner, None, "r")).await.unwrap_err();
    world.remove("probes/questions/cases.jsonl").await;
    let answer = world.deliver(&event, "r").await;
    assert_eq!(
        results(&answer),
        [("faq", "evaluated"), ("numbers", "evaluated")].map(|(s, r)| (s.into(), r.into())).into()
    );
    let run = world.only_run("faq").await;
    assert_eq!(run.summary()["status"], "failed");
    let problems = run.problems();
    assert!(problems.contains("deleted before it was read") && problems.contains("put it back"), "{problems}");
    assert_eq!(world.only_run("numbers").await.summary()["status"], "completed");
    assert_eq!(world.kinds().await, ["run_failed", "run_finished"]);
    assert_eq!(reading(&world.metrics().await, "RunFailed", "faq").sum, 1.0);
}

#[tokio::test]
async fn a_suite_without_a_baseline_or_a_history_is_judged_by_what_it_has() {
    let world = World::new("no-baseline").await;
    let spec = "scorers: [relevance]\ngate: {min: {relevance: 0.1}, no_regression: {alpha: 0.05}}\n";
    world.put("probes/s/assay.yaml", spec).await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.round(&hours_ago(2)).await;
    let gate = world.only_run("s").await.summary()["gate"].clone();
    assert_eq!((&gate["passed"], world.kinds().await), (&json!(true), vec!["run_finished".to_owned()]));
    assert!(gate["notes"].to_string().contains("no baseline yet"), "{gate}");
    // One run alone is a history: the second is added to it.
    world.round(&hours_ago(1)).await;
    assert_eq!(world.objects("suites/s").await["suites/s/history.jsonl"].lines().count(), 2);
}
