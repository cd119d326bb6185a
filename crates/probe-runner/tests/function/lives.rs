//! The life of models: metrics every hour, and what is news is told once.

use crate::world::{World, dataset, reading};
use assay_testing::front;
use jiff::{SignedDuration, Timestamp};
use local_stack::stand_in::{Behaviour, ModelLife};
use probe_runner::handle;
use serde_json::json;

const LITE: &str = "us.amazon.nova-lite-v1:0";
const PRO: &str = "amazon.nova-pro-v1:0";

fn in_days(days: i64) -> Timestamp {
    // An hour more, so that the test has until then.
    Timestamp::now() + SignedDuration::from_hours(24 * days + 1)
}

fn lives(world: &World, lives: &[(&str, ModelLife)]) {
    let lives = lives.iter().map(|(model, life)| ((*model).to_owned(), life.clone())).collect();
    world.stand_in.set_behaviour(Behaviour { lives, ..Behaviour::default() });
}

/// A world whose stack names one model, and whose probes another.
async fn world(name: &str) -> World {
    let mut world = World::new(name).await;
    world.settings.model_ids = vec![LITE.to_owned()];
    world.put("probes/s/assay.yaml", &format!("models: [{{id: '{PRO}'}}]\n")).await;
    world.put("probes/s/a.jsonl", &dataset()).await;
    world
}

#[tokio::test]
async fn each_step_towards_the_end_is_told_once() {
    let world = world("lives").await;
    assert_eq!(world.watch().await["models"], 2, "that of the stack and that of the probes");
    assert!(world.notices().await.is_empty());
    lives(&world, &[("amazon.nova-lite-v1:0", ModelLife::legacy_until(in_days(45)))]);
    world.watch().await;
    world.watch().await;
    let facts = world.facts("model_lifecycle").await;
    assert!(facts.len() == 1 && facts[0].starts_with(&format!("{LITE} ends on ")), "{facts:?}");
    assert!(facts[0].contains("in 45 days") && facts[0].contains("name another model"), "{facts:?}");
    let metrics = world.metrics().await;
    let days = reading(&metrics, "DaysToEndOfLife", LITE);
    // Two watches: 45 days and about an hour, each.
    assert!(days.count == 2.0 && (90.0..90.2).contains(&days.sum), "{days:?}");
    assert_eq!((reading(&metrics, "ModelLegacy", LITE).sum, reading(&metrics, "ModelLegacy", PRO).sum), (2.0, 0.0));
    assert!(!metrics.contains_key(&("DaysToEndOfLife".to_owned(), PRO.to_owned())));

    lives(&world, &[(PRO, ModelLife::missing()), ("amazon.nova-lite-v1:0", ModelLife::legacy_until(in_days(45)))]);
    world.watch().await;
    let facts = world.facts("model_lifecycle").await;
    assert!(facts.len() == 1 && facts[0].starts_with(&format!("{PRO} is not known to the service")), "{facts:?}");
    assert_eq!(reading(&world.metrics().await, "ModelMissing", PRO).sum, 1.0);
    assert!(world.stand_in.violations().is_empty(), "{:?}", world.stand_in.violations());
}

#[tokio::test]
async fn every_configured_model_is_looked_at_and_those_of_jobs_too() {
    let mut world = world("lives-all").await;
    world.settings.model_arns = vec!["arn:aws:bedrock:us-east-1::foundation-model/amazon.arn-v1:0".to_owned()];
    world.settings.evidence_model_ids = vec!["amazon.titan-embed-text-v2:0".to_owned()];
    let job = "{name: j, kind: judge, models: [{id: amazon.job-v1:0}], evaluator: amazon.evaluator-v1:0, metrics: [Correctness]}";
    world.put("probes/s/assay.yaml", &format!("models: [{{id: '{PRO}'}}]\njobs: [{job}]\n")).await;
    assert_eq!(world.watch().await["models"], 6);
    let metrics = world.metrics().await;
    for model in ["amazon.titan-embed-text-v2:0", "amazon.job-v1:0", "amazon.evaluator-v1:0"] {
        assert_eq!(reading(&metrics, "ModelMissing", model).count, 1.0);
    }
}

#[tokio::test]
async fn what_may_not_be_looked_at_is_no_news_and_no_number() {
    let world = world("lives-denied").await;
    lives(&world, &[(PRO, ModelLife::denied()), ("amazon.nova-lite-v1:0", ModelLife::denied())]);
    assert_eq!(world.watch().await["models"], 2);
    assert!(world.notices().await.is_empty());
    let metrics = world.metrics().await;
    assert_eq!(metrics.keys().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["HoursSinceProbes"]);
}

#[tokio::test]
async fn news_that_could_not_be_told_is_told_by_the_next_watch() {
    let world = world("lives-untold").await;
    lives(&world, &[(PRO, ModelLife::missing())]);
    let url = front::refusing_notices("model_lifecycle").await;
    let runner = world.runner_at(&url).await;
    let error = Box::pin(handle(json!({"assay": "watch"}), &runner, None, "w")).await.unwrap_err();
    assert_eq!(error.class(), "NotAnnounced");
    assert_eq!(reading(&world.metrics().await, "HoursSinceProbes", "").count, 1.0, "it keeps nothing else back");
    world.watch().await;
    assert_eq!(world.facts("model_lifecycle").await.len(), 1);
}
