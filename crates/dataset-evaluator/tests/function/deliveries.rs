//! One event that comes more than once: one run, one set of metrics, one notice.

use crate::world::{MODEL, World, dataset, many, reading};
use dataset_evaluator::handle;
use std::time::Duration;

/// Everything was told once, of so many samples.
async fn told_once(world: &World, samples: u64) {
    let metrics = world.metrics().await;
    for (name, subject) in [("SamplesTotal", MODEL), ("SamplesFailed", MODEL), ("RunCompleted", "s")] {
        assert_eq!(reading(&metrics, name, subject).count, 1.0, "{name}");
    }
    assert_eq!(reading(&metrics, "SamplesTotal", MODEL).sum, samples as f64);
    assert_eq!(reading(&metrics, "ResponseLength", MODEL).count, samples as f64);
    assert_eq!(reading(&metrics, "ModelLatency", MODEL).count, samples as f64);
    assert_eq!(world.notices().await.len(), 1);
    assert_eq!(world.stand_in.totals().calls, samples);
    let run = world.only_run("s").await;
    assert_eq!(run.stage(), "done");
    assert_eq!(run.records().len() as u64, samples);
}

#[tokio::test]
async fn a_second_delivery_finds_it_done() {
    let world = World::new("twice").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    assert_eq!(world.deliver(&event, "first").await, "evaluated");
    assert_eq!(world.deliver(&event, "second").await, "done");
    assert_eq!(world.deliver(&event, "first").await, "done");
    told_once(&world, 2).await;
}

#[tokio::test]
async fn deliveries_at_the_same_time_give_one_run() {
    let world = World::slow("at-once", Duration::from_millis(50)).await;
    let event = world.drop("datasets/s/a.jsonl", &many(60)).await;
    let evaluators = [world.evaluator(), world.evaluator(), world.evaluator(), world.evaluator()];
    let deliveries = evaluators.iter().enumerate().map(|(number, evaluator)| {
        let (event, request) = (event.clone(), format!("request-{number}"));
        async move { handle(event, evaluator, None, &request).await }
    });
    let answers = futures::future::join_all(deliveries).await;
    let mut results: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.unwrap()["objects"][0]["result"].as_str().unwrap().to_owned())
        .collect();
    results.sort();
    let evaluated = results.iter().filter(|result| *result == "evaluated").count();
    assert_eq!(evaluated, 1, "{results:?}");
    assert!(results.iter().all(|result| ["busy", "done", "evaluated"].contains(&result.as_str())), "{results:?}");
    told_once(&world, 60).await;
    assert_eq!(world.stand_in.repeated_answers(), 0);
}
