//! Alarms at thresholds from a suite's history: put before the suite is run, told where they change, gone with the suite.

use crate::rounds::two_suites;
use crate::world::{MODEL, World, dataset, hours_ago, results, scheduled};
use assay_core::spec::stamp;
use assay_testing::front::{self, Fate};
use aws_sdk_cloudwatch::types::{ComparisonOperator, MetricAlarm};
use probe_runner::handle;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every alarm of the stack, by what its name says after the stack's.
pub(crate) async fn alarms(world: &World) -> BTreeMap<String, MetricAlarm> {
    let client = aws_sdk_cloudwatch::Client::new(&world.config);
    let prefix = format!("{}/", world.settings.stack);
    let found = client.describe_alarms().alarm_name_prefix(&prefix).send().await.unwrap();
    let named = |alarm: &MetricAlarm| (alarm.alarm_name().unwrap()[prefix.len()..].to_owned(), alarm.clone());
    found.metric_alarms().iter().map(named).collect()
}

/// Writes a history of runs with these means of `relevance`, an hour after each other, the last two days ago.
pub(crate) async fn write_history(world: &World, suite: &str, means: &[f64]) {
    let line = |(number, mean): (usize, &f64)| {
        let at: jiff::Timestamp = hours_ago(48 + (means.len() - number) as i64).parse().unwrap();
        let means = json!({"relevance": {"n": 2, "mean": mean}});
        let models = json!([{"model": MODEL, "samples": 2, "failed": 0, "means": means}]);
        json!({"format": 1, "run": format!("{}-{number:08}", stamp(at)), "finished_at": at, "status": "completed",
            "samples": 2, "models": models})
        .to_string()
            + "\n"
    };
    let text: String = means.iter().enumerate().map(line).collect();
    world.put(&format!("suites/{suite}/history.jsonl"), &text).await;
}

/// A world with a suite `s` that is scored by relevance, and this history.
async fn with_history(name: &str, means: &[f64]) -> World {
    let world = World::new(name).await;
    world.put("probes/s/assay.yaml", "application: Support\nscorers: [relevance]\n").await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    write_history(&world, "s", means).await;
    world
}

fn name() -> String {
    format!("s/{MODEL}/relevance")
}

#[tokio::test]
async fn a_suite_with_a_history_gets_alarms_before_it_is_run() {
    // The median is 0.64, the distances from it are 0.04, 0.02, 0, 0.02 and 0.04, so their median is 0.02; 0.64 - 5 * 0.02.
    let world = with_history("alarms-added", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    let answer = world.round(&hours_ago(1)).await;
    assert_eq!((&answer["result"], &answer["findings"]), (&json!("finished"), &json!(0)));
    let found = alarms(&world).await;
    let alarm = &found[&name()];
    assert!(found.len() == 1 && (alarm.threshold().unwrap() - 0.54).abs() < 1e-9, "{found:?}");
    assert_eq!(alarm.comparison_operator(), Some(&ComparisonOperator::LessThanThreshold));
    let dimensions: BTreeMap<_, _> =
        alarm.dimensions().iter().map(|found| (found.name().unwrap(), found.value().unwrap())).collect();
    assert_eq!(dimensions, [("ModelId", MODEL), ("Application", "Support"), ("Suite", "s")].into());
    assert_eq!((alarm.namespace(), alarm.metric_name()), (Some(world.settings.namespace.as_str()), Some("Relevance")));
    assert_eq!(alarm.alarm_actions(), [world.settings.notice_topic.clone().unwrap()]);
    let facts = world.facts("alarms_changed").await;
    assert_eq!(facts, [format!("added {}/{}: the threshold is 0.54", world.settings.stack, name())]);
    // The run itself came after: its answers score 0.625 on average, which is another median once they count.
    assert_eq!(world.only_run("s").await.summary()["models"][0]["scores"]["relevance"]["mean"], 0.625);
    let history = &world.objects("suites/s").await["suites/s/history.jsonl"];
    assert_eq!(history.lines().count(), 6);
}

#[tokio::test]
async fn too_short_a_history_asks_for_no_alarm() {
    let world = with_history("alarms-none", &[0.60, 0.62, 0.64]).await;
    world.round(&hours_ago(1)).await;
    // Four runs are one too few; the round's own would have been the fifth had it counted.
    world.round(&hours_ago(0)).await;
    assert!(alarms(&world).await.is_empty());
    assert_eq!(world.kinds().await, ["run_finished", "run_finished"]);
}

#[tokio::test]
async fn a_threshold_that_is_loosened_is_told_and_what_a_person_switched_off_stays_off() {
    let world = with_history("alarms-loosened", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.deliver(&json!({"assay": "probes", "suites": ["s"]}), "one").await;
    let client = aws_sdk_cloudwatch::Client::new(&world.config);
    let full = format!("{}/{}", world.settings.stack, name());
    client.disable_alarm_actions().alarm_names(&full).send().await.unwrap();
    world.notices().await;
    // The median is 0.5, the median distance 0.05: 0.25 is less watchful than 0.54.
    write_history(&world, "s", &[0.40, 0.45, 0.50, 0.55, 0.60]).await;
    world.deliver(&json!({"assay": "probes", "suites": ["s"]}), "two").await;
    let facts = world.facts("alarms_changed").await;
    assert_eq!(facts, [format!("loosened {full}: the threshold was 0.54 and is 0.25")]);
    let alarm = alarms(&world).await.remove(&name()).unwrap();
    assert_eq!((alarm.threshold(), alarm.actions_enabled()), (Some(0.25), Some(false)));
    // Nearer to what is usual again: nothing that people have to know.
    write_history(&world, "s", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.deliver(&json!({"assay": "probes", "suites": ["s"]}), "three").await;
    assert_eq!(alarms(&world).await[&name()].threshold(), Some(0.54));
    assert_eq!(world.kinds().await, ["run_finished"]);
}

#[tokio::test]
async fn a_change_that_could_not_be_told_is_told_by_the_next_round() {
    let world = with_history("alarms-untold", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    let url = front::refusing_notices("alarms_changed").await;
    let runner = world.runner_at(&url).await;
    let answer = Box::pin(handle(scheduled(&hours_ago(2)), &runner, None, "r")).await.unwrap();
    assert_eq!((&answer["result"], &answer["findings"]), (&json!("finished"), &json!(1)));
    assert_eq!(alarms(&world).await.len(), 1);
    assert_eq!(world.kinds().await, ["probe_problem", "run_finished"]);
    // The alarm stands; what is told is what was done then.
    world.round(&hours_ago(1)).await;
    let facts = world.facts("alarms_changed").await;
    assert!(facts.iter().any(|fact| fact.starts_with("added ") && fact.ends_with(" 0.54")), "{facts:?}");
    world.round(&hours_ago(0)).await;
    assert!(!world.kinds().await.contains(&"alarms_changed".to_owned()), "it is told once");
}

#[tokio::test]
async fn alarms_go_when_their_suite_does_and_not_before_that_is_known() {
    let world = with_history("alarms-gone", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.round(&hours_ago(5)).await;
    // One of somebody else, who has put it with the tool for a suite that is no probe.
    let client = aws_sdk_cloudwatch::Client::new(&world.config);
    let other = format!("{}/other/m/f1", world.settings.stack);
    let put = client.put_metric_alarm().alarm_name(&other).namespace("n").metric_name("F1").threshold(0.1);
    let put = put.comparison_operator(ComparisonOperator::LessThanThreshold).evaluation_periods(1).period(60);
    put.statistic(aws_sdk_cloudwatch::types::Statistic::Average).send().await.unwrap();
    world.notices().await;
    let has_both = async || alarms(&world).await.into_keys().collect::<Vec<_>>() == ["other/m/f1".to_owned(), name()];
    assert!(has_both().await);

    // A spec that breaks gives the suite no other name for as long, and a key that spoils the listing hides it.
    world.put("probes/s/assay.yaml", "suite: t\nrepeats: 0\n").await;
    world.round(&hours_ago(4)).await;
    assert!(has_both().await);
    let watched = alarms(&world).await.remove(&name()).unwrap();
    assert!(watched.dimensions().iter().any(|found| found.value() == Some("Support")), "{watched:?}");
    assert!(!world.kinds().await.contains(&"alarms_changed".to_owned()));
    world.remove("probes/s/a.jsonl").await;
    world.remove("probes/s/assay.yaml").await;
    world.put_anywhere("probes/odd//a.jsonl", "").await;
    world.round(&hours_ago(3)).await;
    assert!(has_both().await);
    // Nor does a round over others alone tell that it is gone.
    world.put("probes/u/a.jsonl", &dataset()).await;
    world.deliver(&json!({"assay": "probes", "suites": ["u"]}), "u").await;
    assert!(has_both().await);
    let deleted = assay_testing::services::http().delete(format!(
        "{}/{}/probes/odd//a.jsonl",
        assay_testing::emulator::url(),
        world.bucket
    ));
    assert!(deleted.send().await.unwrap().status().is_success());
    world.notices().await;

    world.round(&hours_ago(2)).await;
    assert_eq!(alarms(&world).await.into_keys().collect::<Vec<_>>(), ["other/m/f1"]);
    let facts = world.facts("alarms_changed").await;
    let removed = |fact: &String| fact.starts_with(&format!("removed {}/s/", world.settings.stack));
    assert!(!facts.is_empty() && facts.iter().all(removed), "{facts:?}");
    world.round(&hours_ago(1)).await;
    assert_eq!(world.kinds().await, ["run_finished"], "it is told once");
}

#[tokio::test]
async fn a_suite_that_is_renamed_takes_no_alarm_with_it() {
    let world = with_history("alarms-renamed", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.round(&hours_ago(3)).await;
    world.put("probes/s/assay.yaml", "suite: t\nscorers: [relevance]\n").await;
    let answer = world.round(&hours_ago(2)).await;
    assert_eq!(results(&answer).into_keys().collect::<Vec<_>>(), ["t"]);
    assert!(alarms(&world).await.is_empty(), "those of `s` are removed, and `t` has no history yet");
}

#[tokio::test]
async fn what_keeps_alarms_from_being_put_is_told_and_keeps_no_suite_from_being_asked() {
    let world = two_suites("alarms-denied").await;
    write_history(&world, "faq", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    let url = front::start(|_, path, _| match path.ends_with("/DescribeAlarms") {
        true => {
            // {"__type": "AccessDenied", "message": "no"} as CBOR.
            let body = b"\xa2\x66__type\x6cAccessDenied\x67message\x62no".to_vec();
            Fate::Refuse(403, "application/cbor", body)
        }
        false => Fate::Pass,
    });
    let runner = world.runner_at(&url.await).await;
    let answer = Box::pin(handle(scheduled(&hours_ago(1)), &runner, None, "r")).await.unwrap();
    assert_eq!((&answer["result"], results(&answer).len()), (&json!("finished"), 2));
    let facts = world.facts("probe_problem").await;
    assert!(facts.iter().any(|fact| fact.starts_with("suite faq:")), "{facts:?}");
    assert!(facts.iter().all(|fact| fact.contains("allow cloudwatch:DescribeAlarms")), "{facts:?}");
    assert_eq!(world.only_run("faq").await.summary()["status"], "completed");
}

#[tokio::test]
async fn the_dashboard_of_scores_has_every_suite_with_baseline_and_threshold() {
    let world = with_history("scores", &[0.60, 0.62, 0.64, 0.66, 0.68]).await;
    world.put("probes/t/assay.yaml", "scorers: [response_length]\n").await;
    world.put("probes/t/a.jsonl", &dataset()).await;
    let history = world.objects("suites/s").await["suites/s/history.jsonl"].clone();
    let third: Value = serde_json::from_str(history.lines().nth(2).unwrap()).unwrap();
    let run = third["run"].as_str().unwrap();
    let baseline = json!({"format": 1, "suite": "s", "run": run, "place": format!("runs/s/{run}"),
        "set_at": "2026-11-01T00:00:00Z"});
    world.put("suites/s/baseline.json", &baseline.to_string()).await;
    world.round(&hours_ago(1)).await;
    let client = aws_sdk_cloudwatch::Client::new(&world.config);
    let name = format!("{}-scores", world.settings.stack);
    let found = client.get_dashboard().dashboard_name(&name).send().await.unwrap();
    let body: Value = serde_json::from_str(found.dashboard_body().unwrap()).unwrap();
    let widgets = body["widgets"].as_array().unwrap();
    let titled = |title: &str| widgets.iter().find(|widget| widget["properties"]["title"] == title);
    let relevance = titled("s: relevance").unwrap_or_else(|| panic!("{body}"));
    let across = relevance["properties"]["annotations"]["horizontal"].as_array().unwrap();
    let values: Vec<f64> = across.iter().map(|line| line["value"].as_f64().unwrap()).collect();
    assert_eq!(values, [0.64, 0.54], "the baseline's mean, and the alarm's threshold");
    assert!(titled("t: response_length").is_some(), "{body}");
}

#[tokio::test]
async fn a_run_that_is_worse_than_usual_alarms() {
    // Usual is 0.9 and varies by 0.01, so the threshold is 0.85; the answers score 0.625.
    let world = with_history("alarms-worse", &[0.88, 0.89, 0.90, 0.91, 0.92]).await;
    world.round(&hours_ago(1)).await;
    assay_testing::clock::until("it alarms", async || {
        let alarm = alarms(&world).await.remove(&name()).unwrap();
        assert_eq!(alarm.threshold(), Some(0.85));
        alarm.state_value() == Some(&aws_sdk_cloudwatch::types::StateValue::Alarm)
    })
    .await;
}
