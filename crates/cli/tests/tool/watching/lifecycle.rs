//! `assay monitor lifecycle`: models that were typed and those of specs, and what has to be done about them.

use super::{World, document};
use jiff::{SignedDuration, Timestamp};
use local_stack::insights::LogsScript;
use local_stack::stand_in::{Behaviour, Fault, FaultRule, ModelLife};
use serde_json::json;
use std::collections::BTreeMap;

const LITE: &str = "us.amazon.nova-lite-v1:0";

/// A model that ends in so many days and one hour, so that the day does not change while the test runs.
fn ending(days: i64) -> ModelLife {
    ModelLife::legacy_until(Timestamp::now() + SignedDuration::from_hours(24 * days + 1))
}

fn world(lives: &[(&str, ModelLife)]) -> World {
    let lives = lives.iter().map(|(model, life)| ((*model).to_owned(), life.clone())).collect::<BTreeMap<_, _>>();
    World::new(Behaviour { lives, ..Behaviour::default() }, LogsScript::default())
}

#[test]
fn lives_are_told_and_those_that_need_somebody_give_exit_code_3() {
    let world = world(&[
        ("amazon.nova-lite-v1:0", ending(100)),
        ("amazon.old-v1:0", ending(59)),
        ("amazon.gone-v1:0", ModelLife::missing()),
    ]);
    let lifecycle = |models: &[&str]| {
        let models = models.iter().flat_map(|model| ["--model", model]);
        world.run(&["monitor", "lifecycle", "--format", "json"].into_iter().chain(models).collect::<Vec<_>>())
    };
    let told = document(&lifecycle(&[LITE, "amazon.nova-pro-v1:0"]).exits(0));
    assert_eq!(
        (&told[0]["model"], &told[0]["foundation_model"], &told[0]["state"]),
        (&json!(LITE), &json!("amazon.nova-lite-v1:0"), &json!("legacy"))
    );
    assert_eq!(told[0]["days_left"].as_f64().unwrap().floor(), 100.0);
    assert_eq!((&told[1]["state"], &told[1]["days_left"]), (&json!("active"), &json!(null)));
    let told = document(&lifecycle(&["amazon.old-v1:0"]).exits(3));
    assert_eq!(told[0]["days_left"].as_f64().unwrap().floor(), 59.0);
    let told = document(&lifecycle(&[LITE, "us.amazon.gone-v1:0"]).exits(3));
    assert_eq!(told[1]["state"], "missing");
    let printed =
        world.run(&["monitor", "lifecycle", "--model", "amazon.gone-v1:0", "--model", "amazon.old-v1:0"]).exits(3);
    assert!(
        printed.out.contains("MISSING") && printed.out.contains("59") && printed.out.contains("Legacy"),
        "{}",
        printed.out
    );
}

#[test]
fn what_could_not_be_looked_at_is_not_called_missing() {
    let world = world(&[("amazon.shut-v1:0", ModelLife::denied())]);
    let denied = world.run(&["monitor", "lifecycle", "--model", "amazon.shut-v1:0"]).exits(2);
    assert!(denied.out.contains("denied") && denied.out.contains("bedrock:GetFoundationModel"), "{}", denied.out);
    world.bedrock.set_behaviour(Behaviour::default().with(FaultRule::always(Fault::Unavailable)));
    let down = world.run(&["monitor", "lifecycle", "--model", LITE]).exits(4);
    assert!(down.out.contains("unavailable") && !down.out.contains("MISSING"), "{}", down.out);
}

#[test]
fn models_of_specs_are_looked_at_too() {
    let world = world(&[("amazon.nova-lite-v1:0", ending(30))]);
    world.run(&["monitor", "lifecycle"]).exits(2);
    world.tool.write("bucket/notes.txt", "");
    world.run(&["monitor", "lifecycle", "--in", "bucket"]).exits(2).says("no spec below `probes/` and `datasets/`");
    let spec =
        |models: &[&str]| json!({"models": models.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()}).to_string();
    world.tool.write("bucket/probes/faq/assay.yaml", spec(&[LITE]));
    let judge = json!({"model": "amazon.nova-pro-v1:0", "rubrics": [{"name": "help", "text": "Is it helpful?"}]});
    world.tool.write("bucket/datasets/a/b/assay.yaml", json!({"judge": judge}).to_string());
    let arguments = ["monitor", "lifecycle", "--in", "bucket", "--model", LITE, "--format", "json"];
    let told = document(&world.run(&arguments).exits(3));
    let models: Vec<&str> = told.as_array().unwrap().iter().map(|life| life["model"].as_str().unwrap()).collect();
    assert_eq!(models, [LITE, "amazon.nova-pro-v1:0"]);
    world.bedrock.set_behaviour(Behaviour::default());
    world.tool.write("bucket/datasets/c/assay.yaml", "modles: []\n");
    let ended = world.run(&arguments).exits(4).says("datasets/c/assay.yaml");
    assert_eq!(document(&ended).as_array().unwrap().len(), 2, "a broken spec keeps no other from being looked at");
}
