//! What a round of the schedule leaves: runs, its own note, and the probes' sign of life.

use crate::answers::QUESTIONS;
use crate::{BY_SCHEDULE, STACK, turn};
use end_to_end::stack::{MODEL_IDS, NAMESPACE};
use end_to_end::world::{self, parse};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_has_all_suites_run() {
    let (_turn, fired) = turn().await;
    let summary = parse(&fired.files["summary.json"]);
    assert_eq!((&summary["status"], &summary["suite"]), (&json!("completed"), &json!(BY_SCHEDULE)));
    assert_eq!(summary["dataset"]["key"], format!("probes/{BY_SCHEDULE}/cases.jsonl"));
    assert_eq!(summary["answers"], json!({"asked": 2 * QUESTIONS, "recorded": 0}));
    assert!(fired.files.contains_key("report.html"));

    let note = parse(&world::objects("monitor/heartbeat.json").await["monitor/heartbeat.json"]);
    let round = note["round"].as_str().unwrap();
    let objects = world::objects(&format!("monitor/rounds/{round}/")).await;
    let written = parse(&objects[&format!("monitor/rounds/{round}/round.json")]);
    assert_eq!((&written["sign_of_life"], &written["complete"]), (&json!(true), &json!(true)));
    let outcome = parse(&objects[&format!("monitor/rounds/{round}/outcomes/00000.json")]);
    assert_eq!((&outcome["suite"], &outcome["run"]), (&json!(BY_SCHEDULE), &json!(fired.run)));
    assert_eq!(outcome["result"], "evaluated");

    // A suite with one run has no threshold yet; its scores are drawn all the same.
    assert!(world::alarms().await.keys().all(|name| !name.starts_with(&format!("{STACK}/{BY_SCHEDULE}/"))));
    let scores = world::dashboard(&format!("{STACK}-scores")).await;
    let drawn = scores["widgets"].as_array().unwrap().iter().any(|widget| {
        let lines = widget["properties"]["metrics"].as_array().into_iter().flatten();
        let shown: Vec<&Value> = lines.filter(|line| line[1] == "ExactMatch").collect();
        shown.len() == MODEL_IDS.len() && shown.iter().all(|line| line[0] == NAMESPACE)
    });
    assert!(drawn, "{scores}");
}
