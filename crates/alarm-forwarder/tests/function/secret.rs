//! The secret: read by name, kept, read again when Slack does not take it, and never shown.

use crate::services;
use crate::world::{HOOK, World, alarm, always, class, deliver, first, topic, webhook};
use alarm_forwarder::secret::SecretName;
use assay_testing::clock::Clock;
use assay_testing::emulator;
use assay_testing::front::{self, Fate};
use local_stack::slack::{SlackAnswer, SlackRule};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// A front that counts how often the secret is asked for, and fails it while told to.
async fn counted() -> (String, Arc<AtomicUsize>, Arc<AtomicBool>) {
    let (reads, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (counter, failing) = (Arc::clone(&reads), Arc::clone(&fails));
    let url = front::start(move |_, _, body| {
        if !String::from_utf8_lossy(body).contains("SecretId") {
            return Fate::Pass;
        }
        counter.fetch_add(1, Ordering::Relaxed);
        let error = br#"{"__type":"InternalServiceError","message":"HIDDEN"}"#.to_vec();
        match failing.load(Ordering::Relaxed) {
            true => Fate::Refuse(500, "application/x-amz-json-1.1", error),
            false => Fate::Pass,
        }
    });
    (url.await, reads, fails)
}

#[tokio::test]
async fn a_secret_is_read_once_for_many_deliveries() {
    let world = World::new("secret-kept").await;
    let (url, reads, _) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    for name in ["a", "b", "c"] {
        deliver(&topic(&[alarm(name)]), &forwarder, None).await.unwrap();
    }
    assert_eq!((world.posted().len(), reads.load(Ordering::Relaxed)), (3, 1));
}

/// Lets time pass, for everybody who asks tokio.
async fn pass(clock: &Clock, seconds: u64) {
    clock.set(Instant::now() + Duration::from_secs(seconds), SECONDS).await;
}

/// Longer than all pauses of a client between its attempts.
const SECONDS: Duration = Duration::from_secs(9);

#[tokio::test]
async fn a_secret_is_kept_for_five_minutes_and_longer_where_nobody_can_be_asked() {
    let clock = Clock::limited_to(SECONDS);
    let world = World::new("secret-time").await;
    let (url, reads, fails) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    for (seconds, expected) in [(0, 1), (270, 1), (31, 2), (270, 2)] {
        pass(&clock, seconds).await;
        deliver(&topic(&[alarm(&format!("{seconds} {expected}"))]), &forwarder, None).await.unwrap();
        assert_eq!(reads.load(Ordering::Relaxed), expected, "after {seconds} s more");
    }
    fails.store(true, Ordering::Relaxed);
    pass(&clock, 301).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    assert!(reads.load(Ordering::Relaxed) > 2, "it was asked for");
    assert_eq!(world.posted().len(), 5);
}

#[tokio::test]
async fn a_changed_webhook_is_found_without_a_new_deployment() {
    let world = World::new("secret-rotated").await;
    let (url, reads, _) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    for (status, hook) in [(404, "T000/B001/new-HIDDEN"), (403, "T000/B002/newer-HIDDEN")] {
        world.put_secret(&webhook(hook)).await;
        let old = SlackRule::always(SlackAnswer::status(status, "no_service"));
        let new = SlackRule::always(SlackAnswer::Ok).for_path(hook);
        world.rules(vec![new, old]);
        deliver(&topic(&[alarm(hook), alarm(&format!("{hook} 2"))]), &forwarder, None).await.unwrap();
        assert_eq!(world.slack.messages_in(&format!("/services/{hook}")).len(), 2);
    }
    assert_eq!(reads.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn the_secret_is_read_again_once_however_many_alarms_meet_a_dead_webhook() {
    let world = World::new("secret-dead").await;
    let (url, reads, _) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    world.rules(always(SlackAnswer::no_service()));
    let event = topic(&[alarm("a"), alarm("b"), alarm("c")]);
    assert_eq!(class(deliver(&event, &forwarder, None).await), "SlackDestinationDead");
    assert_eq!((reads.load(Ordering::Relaxed), world.calls()), (2, 3));
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_again_is_an_error_and_the_old_one_still_works() {
    let _clock = Clock::limited_to(SECONDS);
    let world = World::new("secret-gone").await;
    let (url, _, fails) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    fails.store(true, Ordering::Relaxed);
    world.rules(first(1, SlackAnswer::no_service()));
    assert_eq!(class(deliver(&topic(&[alarm("b")]), &forwarder, None).await), "SecretUnavailable");
    deliver(&topic(&[alarm("b")]), &forwarder, None).await.unwrap();
    assert_eq!(world.posted().len(), 2);
}

#[tokio::test]
async fn a_parameter_is_read_and_decrypted() {
    let mut world = World::new("parameter").await;
    let name = "/assay/forwarder/slack";
    services::put_parameter(&world.config, name, &webhook(HOOK)).await;
    world.settings.secret = SecretName::read(name).unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    world.settings.secret = SecretName::read("ssm:none").unwrap();
    let missing = world.deliver(&topic(&[alarm("b")])).await.unwrap_err();
    let said = missing.chain();
    assert!(said.contains("SlackSecret") && said.contains("ASSAY_SLACK_SECRET"), "{said}");
    assert_eq!(class(Err(missing)), "SecretMissing");
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn a_secret_is_found_by_its_arn() {
    let mut world = World::new("secret-arn").await;
    let arn = services::put_secret(&world.config, "forwarder-by-arn", &webhook(HOOK)).await;
    assert!(arn.starts_with("arn:aws:secretsmanager:"), "{arn}");
    world.settings.secret = SecretName::read(&arn).unwrap();
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn a_secret_that_may_not_be_read_names_the_action() {
    let world = World::new("secret-denied").await;
    let url = front::start(|_, _, body| match String::from_utf8_lossy(body).contains("SecretId") {
        true => {
            let error = br#"{"__type":"AccessDeniedException","message":"no"}"#.to_vec();
            Fate::Refuse(400, "application/x-amz-json-1.1", error)
        }
        false => Fate::Pass,
    });
    let forwarder = world.forwarder_at(&url.await).await;
    let error = deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap_err();
    assert!(error.chain().contains("allow secretsmanager:GetSecretValue"), "{error}");
    assert_eq!((class(Err(error)), world.calls()), ("Denied", 0));
}

#[tokio::test]
async fn nothing_is_sent_to_where_slack_is_not() {
    let world = World::new("secret-elsewhere").await;
    for text in [
        "https://hooks.slack.com.evil.example/services/T/B/HIDDEN".to_owned(),
        "https://hooks.slack.com@evil.example/services/T/B/HIDDEN".to_owned(),
        "http://hooks.slack.com/services/T/B/HIDDEN".to_owned(),
        format!("{}/services/T/B/HIDDEN", world.slack.url()),
        json!({ "webhook": format!("{}/services/HIDDEN", emulator::url()) }).to_string(),
        "HIDDEN".to_owned(),
        json!({"webhook": webhook(HOOK), "rotues": []}).to_string(),
    ] {
        world.put_secret(&text).await;
        assert_eq!(class(world.deliver(&topic(&[alarm("a")])).await), "SecretUnusable", "{text}");
    }
    assert_eq!(world.calls(), 0);
    // Nothing that could not be posted counts as posted.
    world.put_secret(&webhook(HOOK)).await;
    world.deliver(&topic(&[alarm("a")])).await.unwrap();
    assert_eq!(world.posted().len(), 1);
}

#[tokio::test]
async fn a_secret_that_nobody_answers_for_ends_in_time() {
    let world = World::new("secret-hang").await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let forwarder = world.forwarder_at(&format!("http://{}", silent.local_addr().unwrap())).await;
    let time = Duration::from_secs(4);
    let _clock = Clock::limited_to(time - Duration::from_millis(100));
    let ends = Instant::now() + time;
    let failed = deliver(&topic(&[alarm("a"), alarm("b")]), &forwarder, Some(time)).await;
    assert_eq!(class(failed), "SecretUnavailable");
    assert!(Instant::now() < ends, "it took more time than there was");
}

#[tokio::test]
async fn while_nobody_can_be_asked_a_batch_asks_once() {
    let clock = Clock::limited_to(SECONDS);
    let world = World::new("secret-down").await;
    let (url, reads, fails) = counted().await;
    let forwarder = world.forwarder_at(&url).await;
    deliver(&topic(&[alarm("a")]), &forwarder, None).await.unwrap();
    fails.store(true, Ordering::Relaxed);
    pass(&clock, 301).await;
    deliver(&topic(&[alarm("b"), alarm("c"), alarm("d")]), &forwarder, None).await.unwrap();
    // The SDK asks three times for an answer.
    assert_eq!((world.posted().len(), reads.load(Ordering::Relaxed)), (4, 1 + 3));
}
