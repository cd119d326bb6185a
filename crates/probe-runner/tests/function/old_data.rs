//! Rounds of probes that version 0.1.0 has run. An upgrade has to continue them.
//!
//! The test restores the old bucket and the alarms of its suites.

use crate::alarms::alarms;
use crate::world::{MODEL, World, hours_ago, results};
use assay_core::spec::stamp;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic};
use local_stack::stand_in::{Answers, Missing, Recordings};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The suite that has a baseline and alarms.
const SUITE: &str = "buoys";

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/0.1.0/round")
}

/// Returns all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the objects of the old bucket, by key.
fn old_objects() -> BTreeMap<String, String> {
    let folder = data().join("bucket");
    let object = |path: PathBuf| {
        let key = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        (key, std::fs::read_to_string(path).unwrap())
    };
    files(&folder).into_iter().map(object).collect()
}

/// Returns the alarms that the old version has created.
fn old_alarms() -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(data().join("alarms.json")).unwrap()).unwrap()
}

/// Creates an alarm from its description.
async fn put(world: &World, alarm: &Value) {
    let text = |name: &str| alarm[name].as_str().unwrap_or_else(|| panic!("no {name} in {alarm}"));
    let whole = |name: &str| i32::try_from(alarm[name].as_i64().unwrap()).unwrap();
    let dimensions = alarm["Dimensions"].as_object().unwrap().iter();
    let dimensions =
        dimensions.map(|(name, value)| Dimension::builder().name(name).value(value.as_str().unwrap()).build());
    let actions = alarm["AlarmActions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned());
    aws_sdk_cloudwatch::Client::new(&world.config)
        .put_metric_alarm()
        .alarm_name(text("AlarmName"))
        .alarm_description(text("AlarmDescription"))
        .namespace(text("Namespace"))
        .metric_name(text("MetricName"))
        .set_dimensions(Some(dimensions.collect()))
        .threshold(alarm["Threshold"].as_f64().unwrap())
        .comparison_operator(ComparisonOperator::from(text("ComparisonOperator")))
        .statistic(Statistic::from(text("Statistic")))
        .period(whole("Period"))
        .evaluation_periods(whole("EvaluationPeriods"))
        .datapoints_to_alarm(whole("DatapointsToAlarm"))
        .treat_missing_data(text("TreatMissingData"))
        .set_alarm_actions(Some(actions.collect()))
        .send()
        .await
        .unwrap();
}

/// A world whose model gives a wrong response to each question about buoys.
async fn world() -> World {
    let mut recordings = Recordings::default();
    for number in 1..=12 {
        recordings.add(MODEL, format!("Which buoy is number {number}?"), "nothing");
    }
    World::with("old-data", Answers::Recorded { recordings: Arc::new(recordings), missing: Missing::Deterministic })
        .await
}

/// The EventBridge event with this id, as the old version received it.
fn event(id: &str, detail: Value) -> Value {
    json!({"id": id, "source": "assay", "detail-type": "Probes Requested", "detail": detail})
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// Computes a threshold as documented: the median less five median absolute deviations, but at least 1 % of the range, rounded
/// to four digits.
fn threshold(values: Vec<f64>) -> f64 {
    let median_of_all = median(values.clone());
    let deviation = median(values.iter().map(|value| (value - median_of_all).abs()).collect());
    let threshold = median_of_all - (5.0 * deviation).max(0.01);
    format!("{threshold:.3e}").parse().unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The ids of the old runs cover the name of the bucket, so only one test can use it: this one, step by step.
#[tokio::test]
async fn the_rounds_of_an_old_bucket_are_continued() {
    let world = world().await;
    let old = old_objects();
    for (key, text) in &old {
        world.put(key, text).await;
    }
    for alarm in old_alarms() {
        put(&world, &alarm).await;
    }
    finished_rounds_stay_finished(&world, &old).await;
    an_interrupted_round_is_continued(&world, &old).await;
    the_next_round_is_compared_with_the_old_baseline(&world, &old).await;
}

async fn finished_rounds_stay_finished(world: &World, old: &BTreeMap<String, String>) {
    let of_suite = json!({"suites": [SUITE]});
    for (id, detail) in [("old-event-6", json!({})), ("old-event-2", of_suite.clone()), ("old-event-5", of_suite)] {
        let result = world.deliver(&event(id, detail), "again").await;
        assert_eq!(result["result"], "done", "{result}");
    }
    assert_eq!(world.asked(), 0);
    assert!(world.notices().await.is_empty() && world.metrics().await.is_empty());
    assert!(world.objects("").await == *old, "no object changes");
}

async fn an_interrupted_round_is_continued(world: &World, old: &BTreeMap<String, String>) {
    let unfinished =
        |key: &&String| key.ends_with("/round.json") && !old.contains_key(&key.replace("/round.json", "/end.json"));
    let rounds: Vec<&String> = old.keys().filter(unfinished).collect();
    assert_eq!(rounds.len(), 1, "{rounds:?}");
    let mut round: Value = serde_json::from_str(&old[rounds[0]]).unwrap();
    let recorded: usize = old
        .iter()
        .filter(|(key, _)| key.starts_with("runs/slow/") && key.contains("/records/"))
        .map(|(_, text)| text.lines().count())
        .sum();
    let samples = old["probes/slow/cases.jsonl"].lines().count();
    assert!(recorded > 0 && recorded < samples, "{recorded} of {samples}");
    // The function gives up rounds that began three days ago.
    round["begun_at"] = json!(hours_ago(1));
    world.put(rounds[0], &round.to_string()).await;

    // The watch reads the old heartbeat.
    let heartbeat: Value = serde_json::from_str(&old["monitor/heartbeat.json"]).unwrap();
    let beat: jiff::Timestamp = heartbeat["at"].as_str().unwrap().parse().unwrap();
    let hours = || jiff::Timestamp::now().duration_since(beat).as_secs_f64() / 3600.0;
    let earliest = hours();
    let result = world.watch().await;
    let reported = result["hours_since_probes"].as_f64().unwrap();
    assert!((earliest..=hours()).contains(&reported), "{reported}, not {earliest}");
    assert_eq!(result["rounds"].as_array().unwrap().len(), 1, "{result}");
    assert_eq!((&result["rounds"][0]["round"], &result["rounds"][0]["result"]), (&round["id"], &json!("finished")));
    assert_eq!(world.asked(), samples - recorded, "no recorded call is repeated");
    let run = world.only_run("slow").await;
    assert!(old.contains_key(&format!("runs/slow/{}/spec.json", run.id)), "the old run is continued");
    let time: jiff::Timestamp = round["time"].as_str().unwrap().parse().unwrap();
    assert!(run.id.starts_with(&stamp(time)), "{}", run.id);
    assert_eq!((run.stage(), run.summary()["models"][0]["answered"].clone()), ("done".to_owned(), json!(samples)));
    assert_eq!(world.kinds().await, ["run_finished"]);
}

async fn the_next_round_is_compared_with_the_old_baseline(world: &World, old: &BTreeMap<String, String>) {
    let before = world.asked();
    let at = hours_ago(1);
    let result = world.round(&at).await;
    assert_eq!((&result["result"], results(&result).len()), (&json!("finished"), 3), "{result}");
    let datasets = ["questions", "numbers", "slow"].map(|folder| format!("probes/{folder}/cases.jsonl"));
    assert_eq!(world.asked() - before, datasets.iter().map(|key| old[key].lines().count()).sum::<usize>());

    let baseline: Value = serde_json::from_str(&old[&format!("suites/{SUITE}/baseline.json")]).unwrap();
    let runs = world.runs(SUITE).await;
    let new = runs.iter().find(|run| run.id.starts_with(&stamp(at.parse().unwrap()))).unwrap();
    assert_eq!(runs.len(), 7);
    let model = &new.summary()["models"][0];
    assert_eq!((&model["regressed"], &model["scores"]["relevance"]["mean"]), (&json!(true), &json!(0.0)));
    let notices = world.notices().await;
    // The topic may also receive the alarm itself: the new scores are below its threshold.
    let mut kinds: Vec<&str> = notices.iter().filter_map(|notice| notice["kind"].as_str()).collect();
    kinds.sort();
    // No alarm is added, loosened or removed, so there is no notice of changed alarms.
    assert_eq!(kinds, ["regression", "run_finished", "run_finished"], "{notices:?}");
    let regression = notices.iter().find(|notice| notice["kind"] == "regression").unwrap();
    assert_eq!((&regression["suite"], &regression["run"]), (&json!(SUITE), &json!(new.id)));
    let of_baseline = runs.iter().find(|run| baseline["run"] == run.id).unwrap().records();
    assert!(
        of_baseline.iter().all(|record| record["scores"]["relevance"]["value"] == 1.0),
        "all responses of the baseline are right"
    );

    // The old lines of the history are unchanged, and the new one follows them.
    let key = format!("suites/{SUITE}/history.jsonl");
    let history = world.objects(&format!("suites/{SUITE}")).await[&key].clone();
    assert!(history.starts_with(&old[&key]), "{history}");
    assert_eq!(lines(&history).last().unwrap()["run"], json!(new.id));
    assert_eq!(lines(&history).len(), 7);

    // The alarms are those of the old version, with thresholds from the six old runs.
    let lines = lines(&old[&key]);
    let found = alarms(world).await;
    let names = |prefix: &str| -> Vec<String> {
        let names = old_alarms().into_iter().map(|alarm| alarm["AlarmName"].as_str().unwrap().to_owned());
        names.map(|name| name.strip_prefix(prefix).unwrap().to_owned()).collect()
    };
    assert_eq!(found.keys().cloned().collect::<Vec<_>>(), names(&format!("{}/", world.settings.stack)));
    for (name, alarm) in &found {
        let measure = name.rsplit('/').next().unwrap();
        let values = lines.iter().map(|line| match measure {
            "pass_rate" => line["models"][0]["pass_rate"].as_f64().unwrap(),
            scorer => line["models"][0]["means"][scorer]["mean"].as_f64().unwrap(),
        });
        assert_eq!(alarm.threshold(), Some(threshold(values.collect())), "{name}");
    }
}
