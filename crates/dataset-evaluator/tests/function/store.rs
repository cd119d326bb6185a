//! A bucket that refuses or cannot be reached: the event comes again, under a name that tells which of the two it was.

use crate::world::{World, dataset, many, reading};
use assay_testing::clock::until;
use assay_testing::event;
use assay_testing::front::{self, Fate};
use dataset_evaluator::handle;
use futures::StreamExt as _;
use local_stack::stand_in::Behaviour;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How S3 refuses.
fn refusal() -> Fate {
    let answer = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessDenied</Code>\
        <Message>Access Denied</Message><RequestId>1</RequestId></Error>";
    Fate::Refuse(403, "application/xml", answer.into())
}

#[tokio::test]
async fn a_bucket_that_may_not_be_read_is_denied() {
    let world = World::new("denied-read").await;
    let url = front::start(|_, _, _| refusal()).await;
    let event = event::bridged(&world.bucket, "datasets/s/a.jsonl", "e");
    let error = handle(event, &world.evaluator_at(&url), None, "r").await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    let said = error.chain();
    assert!(said.contains("datasets/s/a.jsonl") && said.contains("allow s3:GetObject"), "{said}");
    assert!(!said.contains(assay_testing::services::SECRET), "{said}");
}

#[tokio::test]
async fn a_bucket_that_may_not_be_written_is_denied() {
    let world = World::new("denied-write").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.contains("/runs/") {
        true => refusal(),
        false => Fate::Pass,
    });
    let error = handle(event, &world.evaluator_at(&url.await), None, "r").await.unwrap_err();
    assert_eq!(error.class(), "Denied");
    assert!(error.chain().contains("s3:PutObject"), "{}", error.chain());
    assert!(world.stand_in.calls().is_empty(), "nothing is asked whose answer cannot be kept");
}

#[tokio::test]
async fn a_report_that_cannot_be_written_keeps_nothing_back() {
    let world = World::new("denied-report").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let url = front::start(|method, path, _| match method.as_str() == "PUT" && path.ends_with("/report.html") {
        true => refusal(),
        false => Fate::Pass,
    });
    let answer = handle(event.clone(), &world.evaluator_at(&url.await), None, "r").await.unwrap();
    assert_eq!(answer["objects"][0]["result"], "evaluated");
    let run = world.only_run("s").await;
    assert_eq!(run.stage(), "done");
    assert!(run.objects.contains_key("summary.md") && !run.objects.contains_key("report.html"));
    assert_eq!(world.notices().await.len(), 1);
}

#[tokio::test]
async fn a_run_whose_reports_were_cut_off_has_them_in_the_end_and_one_line_of_history() {
    let world = World::new("cut-off-report").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    // Neither metrics nor notices: the run is not done, and the event comes again.
    let url =
        front::start(|_, path, body| match path.ends_with("PutMetricData") || body.starts_with(b"Action=Publish") {
            true => refusal(),
            false => Fate::Pass,
        });
    handle(event.clone(), &world.evaluator_at(&url.await), None, "one").await.unwrap_err();
    let run = world.only_run("s").await;
    let report = format!("runs/s/{}/report.html", run.id);
    world.put(&report, "cut off").await;
    assert_eq!(world.deliver(&event, "two").await, "evaluated");
    assert!(world.only_run("s").await.objects["report.html"].contains("</html>"));
    let suite = world.objects("suites/s").await;
    assert_eq!(suite["suites/s/history.jsonl"].lines().count(), 1);
}

#[tokio::test]
async fn a_store_that_is_down_is_told_of_after_a_few_attempts() {
    let world = World::new("down").await;
    let (url, attempts) = front::down();
    let event = event::bridged(&world.bucket, "datasets/s/a.jsonl", "e");
    let error = handle(event, &world.evaluator_at(&url), None, "r").await.unwrap_err();
    assert_eq!(error.class(), "StoreUnavailable");
    // The pause between two attempts is three seconds at most, so the error comes before a lease ends.
    let attempts = attempts.load(Ordering::Relaxed);
    assert!((2..=9).contains(&attempts), "{attempts}");
}

#[tokio::test]
async fn a_store_that_stumbles_is_asked_again() {
    let world = World::new("stumbling").await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let requests = AtomicU64::new(0);
    let url = front::start(move |_, path, _| {
        let is_store = path.contains("/datasets/") || path.contains("/runs/");
        match is_store && requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
            true => Fate::Refuse(503, "application/xml", b"<Error><Code>SlowDown</Code></Error>".to_vec()),
            false => Fate::Pass,
        }
    });
    let answer = handle(event, &world.evaluator_at(&url.await), None, "r").await.unwrap();
    assert_eq!(answer["objects"][0]["result"], "evaluated");
    assert_eq!(world.only_run("s").await.summary()["models"][0]["answered"], 2);
    assert_eq!(world.stand_in.totals().calls, 2);
}

#[tokio::test]
async fn answers_survive_a_store_that_fails_in_the_middle() {
    let world = World::holding("failing", 80).await;
    let event = world.drop("datasets/s/a.jsonl", &many(160)).await;
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    let url = front::start(move |method, path, _| {
        let is_part = method.as_str() == "PUT" && path.contains("/records/");
        match is_part && failing.load(Ordering::Relaxed) {
            true => refusal(),
            false => Fate::Pass,
        }
    });
    let evaluator = world.evaluator_at(&url.await);
    let going_on = async {
        world.until_held(84, 4).await;
        until("the answers are written", async || world.only_run("s").await.records().len() == 80).await;
        fails.store(true, Ordering::Relaxed);
        world.stand_in.set_behaviour(Behaviour::default());
    };
    let (ended, ()) = tokio::join!(handle(event.clone(), &evaluator, None, "one"), going_on);
    let error = ended.unwrap_err();
    assert_eq!(error.class(), "Denied");
    let (asked, saved) = (world.stand_in.totals().calls, world.only_run("s").await.records().len() as u64);
    assert_eq!(saved, 80);
    assert_eq!(world.deliver(&event, "two").await, "evaluated");
    assert_eq!(world.stand_in.totals().calls, asked + 160 - saved, "what was saved is not asked again");
    assert_eq!(world.only_run("s").await.summary()["models"][0]["answered"], 160);
}

/// Evaluates with the answer to the write number `lost` gone missing, and delivers again if that asks for it.
async fn with_a_lost_answer(lost: u64) {
    let world = World::new(&format!("lost-answer-{lost}")).await;
    let event = world.drop("datasets/s/a.jsonl", &dataset()).await;
    let writes = AtomicU64::new(0);
    let url = front::start(move |method, path, _| {
        match method.as_str() == "PUT" && path.contains("/runs/") && writes.fetch_add(1, Ordering::Relaxed) == lost {
            true => Fate::LoseAnswer,
            false => Fate::Pass,
        }
    });
    if let Err(error) = handle(event.clone(), &world.evaluator_at(&url.await), None, "r").await {
        // Whether the claim was written is not known, so whoever has it now goes on.
        assert_eq!(error.class(), "ClaimLost", "write {lost}: {}", error.chain());
        // The lease of the lost claim has to end.
        let run = world.only_run("s").await;
        let mut claim = run.json("claim.json");
        claim["lease_until"] = "2026-01-01T00:00:00Z".into();
        world.put(&format!("runs/s/{}/claim.json", run.id), &claim.to_string()).await;
        let again = world.deliver(&event, "r").await;
        assert!(["evaluated", "done"].contains(&again.as_str()), "write {lost}: {again}");
    }
    let run = world.only_run("s").await;
    assert_eq!(run.stage(), "done", "write {lost}");
    assert_eq!(run.summary()["models"][0]["answered"], 2, "write {lost}");
    assert_eq!(world.stand_in.totals().calls, 2, "write {lost}");
    assert_eq!(reading(&world.metrics().await, "RunCompleted", "s").count, 1.0, "write {lost}");
    assert_eq!(world.notices().await.len(), 1, "write {lost}");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_changes_nothing() {
    // The claim, the spec, a part, the claim, the summary, the claim, the summary for people, the claim twice.
    // Three at a time: more overload a slow machine.
    let tries = futures::stream::iter((0..9).map(with_a_lost_answer));
    tries.buffer_unordered(3).collect::<()>().await;
}
