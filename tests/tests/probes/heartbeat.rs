//! The hourly watch: how long ago probes were run, and how long models live.

use crate::{RUNNER, STACK, turn};
use end_to_end::stack::{MODEL_IDS, deployed};
use end_to_end::world::{self, parse};
use local_stack::stand_in::{Behaviour, ModelLife};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The metrics of a name, by the value of their only dimension: the latest value of each.
async fn latest(name: &str) -> BTreeMap<String, f64> {
    let printed = world::python(include_str!("latest.py"), &[end_to_end::stack::NAMESPACE, name]).await;
    serde_json::from_str(&printed).unwrap()
}

fn alarm(kind: &str) -> String {
    format!("{STACK}-models/{}/{kind}", MODEL_IDS[0])
}

/// The stack's own alarm with this logical id.
async fn state_of(logical_id: &str) -> Value {
    let alarms = world::alarms().await;
    let beginning = format!("{STACK}-{logical_id}-");
    alarms.iter().find(|(name, _)| name.starts_with(&beginning)).unwrap().1["StateValue"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watch_tells_how_long_ago_probes_were_run_and_whose_life_ends() {
    let (_turn, _) = turn().await;
    let everything = world::subscribe_to_all("watch").await;
    // The first model is a profile; the one behind it has the same name without its beginning.
    let (_, behind) = MODEL_IDS[0].split_once('.').unwrap();
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 30);
    let lives = BTreeMap::from([(behind.to_owned(), ModelLife::legacy_until(end))]);
    deployed().stand_in().set_behaviour(Behaviour { lives, ..Behaviour::default() });

    let answer = world::deliver(RUNNER, &json!({"assay": "watch"})).await;
    assert_eq!((&answer["watch"], &answer["models"]), (&json!("done"), &json!(3)), "{answer}");
    let hours = latest("HoursSinceProbes").await;
    assert_eq!(hours.keys().collect::<Vec<_>>(), [STACK]);
    // The schedule fired within this test.
    assert!((0.0..1.0).contains(&hours[STACK]), "{hours:?}");
    assert_eq!(state_of("ProbesOverdueAlarm").await, "OK");

    let mut models =
        BTreeMap::from(MODEL_IDS.map(|model| (model.to_owned(), f64::from(u8::from(model == MODEL_IDS[0])))));
    // The default of EvidenceModelIds is looked at, too.
    models.insert("amazon.titan-embed-text-v2:0".to_owned(), 0.0);
    assert_eq!(latest("ModelLegacy").await, models);
    assert!(latest("ModelMissing").await.values().all(|missing| *missing == 0.0));
    let days = latest("DaysToEndOfLife").await;
    assert_eq!(days.keys().collect::<Vec<_>>(), [MODEL_IDS[0]], "nobody has announced another end");
    assert!((29.9..=30.0).contains(&days[MODEL_IDS[0]]), "{days:?}");
    assert_eq!(world::alarms().await[&alarm("end-of-life")]["StateValue"], "ALARM");

    let told = world::notices(&everything).await;
    let lives: Vec<&Value> = told.iter().filter(|notice| notice["kind"] == "model_lifecycle").collect();
    let [life] = lives[..] else { panic!("{told:?}") };
    assert!(crate::facts(life)[0].contains(MODEL_IDS[0]) && crate::facts(life)[0].contains("in 30 days"), "{life}");
    let alarmed: Vec<&Value> = told.iter().filter(|message| message["NewStateValue"] == "ALARM").collect();
    assert_eq!(alarmed.len(), 1, "{told:?}");
    assert_eq!(alarmed[0]["AlarmName"], alarm("end-of-life"));

    // The next hour has nothing new to tell.
    world::deliver(RUNNER, &json!({"assay": "watch"})).await;
    assert_eq!(world::notices(&everything).await, Vec::<Value>::new());
    let known = parse(&world::objects("monitor/lifecycle.json").await["monitor/lifecycle.json"]);
    assert!(known.to_string().contains(MODEL_IDS[0]), "{known}");
    deployed().stand_in().set_behaviour(Behaviour::default());
}
