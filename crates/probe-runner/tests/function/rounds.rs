//! A round of the schedule: every suite below `probes/` is asked, and each round is a run of its own.

use crate::world::{MODEL, OTHER, World, dataset, hours_ago, many, reading, results, scheduled};
use assay_core::spec::stamp;
use serde_json::json;

/// A world with two suites, `faq` of the spec's name and `numbers` of its folder's.
pub(crate) async fn two_suites(name: &str) -> World {
    let world = World::new(name).await;
    world.put("probes/questions/assay.yaml", "suite: faq\napplication: Support\nscorers: [relevance]\n").await;
    world.put("probes/questions/cases.jsonl", &dataset()).await;
    world.put("probes/numbers/assay.yaml", &format!("models: [{{id: '{OTHER}'}}]\nscorers: [relevance]\n")).await;
    world.put("probes/numbers/cases.jsonl", &many(3)).await;
    world
}

#[tokio::test]
async fn every_suite_is_asked_and_told() {
    let world = two_suites("two-suites").await;
    let at = hours_ago(1);
    let answer = world.round(&at).await;
    let id = stamp(at.parse().unwrap());
    assert_eq!((&answer["round"], &answer["result"], &answer["findings"]), (&json!(id), &json!("finished"), &json!(0)));
    let expected =
        [("faq", "evaluated"), ("numbers", "evaluated")].map(|(suite, result)| (suite.into(), result.into()));
    assert_eq!(results(&answer), expected.into());

    let faq = world.only_run("faq").await;
    assert!(faq.id.starts_with(&format!("{id}-")), "{} begins with the round's time", faq.id);
    assert_eq!(answer["probes"][0]["run"], json!(faq.id));
    let summary = faq.summary();
    assert_eq!((&summary["application"], &summary["models"][0]["answered"]), (&json!("Support"), &json!(2)));
    assert_eq!(summary["models"][0]["scores"]["relevance"]["n"], 2);
    assert_eq!(world.only_run("numbers").await.summary()["models"][0]["answered"], 3);
    assert_eq!(world.kinds().await, ["run_finished", "run_finished"]);
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "RunCompleted", "faq").sum, 1.0);
    assert_eq!(reading(&metrics, "RunCompleted", "numbers").sum, 1.0);
    assert_eq!(world.asked(), 5);
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());

    let round = world.json(&format!("monitor/rounds/{id}/round.json")).await;
    assert_eq!((&round["time"], &round["sign_of_life"], &round["complete"]), (&json!(at), &json!(true), &json!(true)));
    let keys: Vec<&str> = round["probes"].as_array().unwrap().iter().map(|p| p["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["probes/questions/cases.jsonl", "probes/numbers/cases.jsonl"]);
    assert_eq!(world.json("monitor/heartbeat.json").await["round"], json!(id));
}

#[tokio::test]
async fn the_next_round_is_a_new_run_and_the_suite_remembers_both() {
    let world = two_suites("next-round").await;
    world.round(&hours_ago(48)).await;
    world.round(&hours_ago(24)).await;
    for suite in ["faq", "numbers"] {
        assert_eq!(world.runs(suite).await.len(), 2, "{suite}");
        let history = world.objects(&format!("suites/{suite}")).await;
        assert_eq!(history[&format!("suites/{suite}/history.jsonl")].lines().count(), 2, "{suite}");
    }
    assert_eq!(world.asked(), 10);
    let metrics = world.metrics().await;
    assert_eq!(reading(&metrics, "Relevance", MODEL).count, 4.0, "two answers in each of two rounds");
    assert_eq!(reading(&metrics, "SamplesTotal", OTHER).sum, 6.0);
}

#[tokio::test]
async fn several_datasets_of_a_suite_are_runs_of_their_own() {
    let world = World::new("several").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world.put("probes/s/b.jsonl", &many(3)).await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!(answer["probes"].as_array().unwrap().len(), 2);
    let mut samples: Vec<_> = world.runs("s").await.iter().map(|run| run.records().len()).collect();
    samples.sort();
    assert_eq!(samples, [2, 3]);
}

#[tokio::test]
async fn rounds_of_different_times_go_side_by_side() {
    let world = two_suites("side-by-side").await;
    let (one, two) = (scheduled(&hours_ago(2)), scheduled(&hours_ago(1)));
    let (one, two) = tokio::join!(world.deliver(&one, "a"), world.deliver(&two, "b"));
    assert_eq!((&one["result"], &two["result"]), (&json!("finished"), &json!("finished")));
    assert_eq!(world.runs("faq").await.len(), 2);
    assert_eq!(world.kinds().await.len(), 4);
}

#[tokio::test]
async fn a_suite_that_is_renamed_begins_anew_under_its_new_name() {
    let world = two_suites("renamed").await;
    world.round(&hours_ago(3)).await;
    world.put("probes/questions/assay.yaml", "suite: questions\n").await;
    let answer = world.round(&hours_ago(2)).await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["numbers", "questions"]);
    assert_eq!((world.runs("faq").await.len(), world.runs("questions").await.len()), (1, 1));
    let summary = world.only_run("questions").await.summary();
    assert_eq!(summary["status"], "completed");
}

#[tokio::test]
async fn a_time_that_no_schedule_means_is_told_and_the_round_is_run() {
    let world = World::new("odd-times").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    for (at, said) in [("2020-01-06T06:00:00Z", "more than a week ago"), ("2131-01-01T06:00:00Z", "lies ahead")] {
        let answer = world.deliver(&scheduled(at), said).await;
        assert_eq!((&answer["result"], &answer["findings"]), (&json!("finished"), &json!(1)), "{answer}");
        let facts = world.facts("probe_problem").await;
        assert!(facts[0].contains(said) && facts[0].contains("clock"), "{facts:?}");
        // Lambda tries again: nothing is asked and told once more.
        assert_eq!(world.deliver(&scheduled(at), said).await["result"], "done");
        assert!(world.notices().await.is_empty());
        // Runs of one second are one run.
        assay_testing::clock::next_second().await;
    }
    // A schedule of somebody's own that always sends the same time has a round each time.
    let again = world.deliver(&scheduled("2020-01-06T06:00:00Z"), "the next hour").await;
    assert_eq!(again["result"], "finished", "{again}");
    let year = jiff::Timestamp::now().to_string()[..4].to_owned();
    let runs = world.runs("s").await;
    assert!(runs.len() == 3 && runs.iter().all(|run| run.id.starts_with(&year)), "they were run now: {runs:?}");
}

#[tokio::test]
async fn a_placeholder_that_nobody_filled_in_is_now() {
    let world = World::new("placeholder").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    let event = scheduled("<aws.scheduler.scheduled-time>");
    let answer = world.deliver(&event, "request-a").await;
    assert_eq!((&answer["result"], &answer["findings"]), (&json!("finished"), &json!(0)));
    // Lambda tries again under the same id; the next hour is another request.
    assert_eq!(world.deliver(&event, "request-a").await["result"], "done");
    assert_eq!(world.runs("s").await.len(), 1);
    assert!(world.json("monitor/heartbeat.json").await["round"].is_string());
}
