//! A function that ends between two steps: the next delivery goes on there.

use crate::suites::{automatic, dataset};
use crate::world::World;
use assay_testing::front::{self, Fate};
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn refusal() -> Fate {
    let answer = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    Fate::Refuse(403, "application/xml", answer.into())
}

/// Ends a delivery at the first request for which `is_last`, and delivers again with everything as it should be.
async fn cut_off_at(name: &str, is_last: impl Fn(&str, &str, &[u8]) -> bool + Send + Sync + 'static) {
    let world = World::new(name).await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let reached = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&reached);
    let url = front::start(move |method, path, body| match is_last(method.as_str(), path, body) {
        true => {
            counted.fetch_add(1, Ordering::Relaxed);
            refusal()
        }
        false => Fate::Pass,
    });
    let event = world.event(&outputs[0]);
    let error = world.deliver_to(&world.parser_at(&url.await).await, &event).await.unwrap_err();
    assert!(reached.load(Ordering::Relaxed) > 0, "{name}: {}", error.chain());
    // Whoever cannot write may be unable to give its claim back.
    end_lease(&world).await;
    assert_eq!(world.parse(&outputs[0]).await, "collected", "{name}");
    let run = world.assert_told_once("faq").await;
    assert_eq!(run.records().len(), 2, "{name}");
    let history = world.lines("suites/faq/history.jsonl").await;
    assert_eq!(history.len(), 1, "{name}");
}

/// Ends the lease of the run's claim.
async fn end_lease(world: &World) {
    let run = world.only_run("faq").await;
    if let Some(claim) = run.objects.get("claim.json") {
        let mut claim: Value = serde_json::from_str(claim).unwrap();
        claim["lease_until"] = json!("2026-01-01T00:00:00Z");
        world.put(&format!("runs/faq/{}/claim.json", run.id), claim.to_string()).await;
    }
}

#[tokio::test]
async fn before_records_are_written() {
    cut_off_at("no-records", |method, path, _| method == "PUT" && path.contains("/records/")).await;
}

#[tokio::test]
async fn before_it_is_noted_that_output_was_read() {
    cut_off_at("no-read", |method, path, body| {
        method == "PUT" && path.contains("/jobs/") && String::from_utf8_lossy(body).contains("\"read\"")
    })
    .await;
}

#[tokio::test]
async fn before_the_end_of_the_job_is_noted() {
    cut_off_at("no-end", |method, path, _| method == "PUT" && path.contains("/jobs/")).await;
}

#[tokio::test]
async fn before_the_summary_is_written() {
    cut_off_at("no-summary", |method, path, _| method == "PUT" && path.ends_with("/summary.json")).await;
}

#[tokio::test]
async fn before_the_claim_tells_of_the_summary() {
    cut_off_at("no-stage", |method, path, body| {
        method == "PUT" && path.ends_with("/claim.json") && String::from_utf8_lossy(body).contains("summarised")
    })
    .await;
}

#[tokio::test]
async fn before_metrics_are_published() {
    cut_off_at("no-metrics", |_, path, body| {
        path.ends_with("PutMetricData") || String::from_utf8_lossy(body).contains("Action=PutMetricData")
    })
    .await;
}

#[tokio::test]
async fn before_people_are_told() {
    cut_off_at("no-notice", |_, _, body| body.starts_with(b"Action=Publish")).await;
}

#[tokio::test]
async fn before_it_is_noted_that_the_run_is_done() {
    let world = World::new("no-settled").await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let url = front::start(|method, path, body| {
        let body = String::from_utf8_lossy(body);
        match method.as_str() == "PUT" && path.contains("/jobs/") && body.contains("\"settled\"") {
            true => refusal(),
            false => Fate::Pass,
        }
    });
    let event = world.event(&outputs[0]);
    world.deliver_to(&world.parser_at(&url.await).await, &event).await.unwrap_err();
    assert!(world.notes().await.values().all(|note| note.get("settled").is_none()));
    assert_eq!(world.sweep().await, (0, 0));
    world.assert_told_once("faq").await;
}

/// Delivers with the answer to the write number `lost` gone missing, and again if that asks for it.
async fn with_a_lost_answer(lost: u64) {
    let world = World::new(&format!("lost-answer-{lost}")).await;
    let outputs = world.finish("faq", &automatic(), &dataset()).await;
    let writes = AtomicU64::new(0);
    let url = front::start(move |method, path, _| {
        let is_own = path.contains("/runs/") || path.contains("/jobs/");
        match method.as_str() == "PUT" && is_own && writes.fetch_add(1, Ordering::Relaxed) == lost {
            true => Fate::LoseAnswer,
            false => Fate::Pass,
        }
    });
    let event = world.event(&outputs[0]);
    if let Err(error) = world.deliver_to(&world.parser_at(&url.await).await, &event).await {
        // Whether the claim was written is not known, so whoever has it now goes on.
        assert_eq!(error.class(), "ClaimLost", "write {lost}: {}", error.chain());
        end_lease(&world).await;
        let again = world.parse(&outputs[0]).await;
        assert!(["collected", "done"].contains(&again.as_str()), "write {lost}: {again}");
    }
    let run = world.assert_told_once("faq").await;
    assert_eq!(run.records().len(), 2, "write {lost}");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_changes_nothing() {
    // The claim, the end and what was read in the note, the records, the summary, stages of the claim, the reports.
    // Three at a time: more overload a slow machine.
    let tries = futures::stream::iter((0..16).map(with_a_lost_answer));
    tries.buffer_unordered(3).collect::<()>().await;
}
