//! What the function logs: alarms by name, and nothing of secrets or of what messages say.

use crate::front::{self, Fate};
use crate::world::{HOOK, SECRET_KEY, World, alarm, deliver, first, queue, topic, webhook};
use local_stack::slack::{SlackAnswer, SlackStandIn, TOKEN};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_of_secrets_or_messages_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("warn,assay=trace,alarm_forwarder=trace"))
        .with_writer(move || writer.clone())
        .finish();
    // Of all tests of this program: a subscriber of one thread misses what another thread was the first to log.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut world = World::new("logs").await;
    let event = |number: usize| {
        let mut secretive = alarm(&format!("eval-low-{number}"));
        secretive["AlarmDescription"] = json!("confidential description");
        queue(&[secretive, json!("confidential text"), json!({"confidential": "json"})])
    };
    let answers = [
        SlackAnswer::status(500, "https://hooks.slack.com/services/HIDDEN"),
        SlackAnswer::rate_limited(600),
        SlackAnswer::no_service(),
        SlackAnswer::status(410, "a confidential answer"),
        SlackAnswer::Reset,
        SlackAnswer::Redirect { location: webhook(HOOK) },
        SlackAnswer::InvalidBlocks,
        SlackAnswer::Hang,
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        world.rules(first(1, answer));
        deliver(&event(number), &world.forwarder(), Some(Duration::from_secs(5))).await.unwrap_or_default();
    }
    world.heal();
    world.deliver(&event(0)).await.unwrap();
    // A store that refuses, a Slack that is not there, secrets that are none.
    let url = front::start(|method, _, _| match method.as_str() == "PUT" {
        true => Fate::Refuse(403, "application/xml", b"<Error><Code>AccessDenied</Code>HIDDEN</Error>".to_vec()),
        false => Fate::Pass,
    });
    deliver(&topic(&[alarm("denied")]), &world.forwarder_at(&url.await).await, None).await.unwrap();
    world.slack = SlackStandIn::start(None).unwrap();
    assert!(world.deliver(&topic(&[alarm("unreached")])).await.is_err());
    for text in [format!("{{\"token\": \"{TOKEN}\", \"channel\": 7, \"HIDDEN\": 1}}"), "HIDDEN".to_owned()] {
        world.put_secret(&text).await;
        assert!(world.deliver(&topic(&[alarm("nowhere")])).await.is_err());
    }

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for word in ["posted", "not posted", "asked again", "asks to wait", "read again", "written down", "eval-low"] {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    for secret in ["confidential", SECRET_KEY, HOOK, TOKEN, "HIDDEN", "/services/"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
}
