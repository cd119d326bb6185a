//! What the function logs: alarms by name, and nothing of secrets or of what messages say.

use crate::keys::repeated;
use crate::world::{HOOK, SECRET_KEY, World, alarm, class, deliver, deliver_until, first, queue, topic, webhook};
use assay_testing::front::{self, Fate};
use local_stack::captured_log::CapturedLog;
use local_stack::slack::{SlackAnswer, SlackRule, SlackStandIn, TOKEN};
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::Duration;
use tracing::Instrument as _;

/// What all tests of this program log, in the form of the function: a subscriber of one thread misses what another thread was
/// the first to log.
static LOG: LazyLock<CapturedLog> = LazyLock::new(|| {
    let log = CapturedLog::default();
    let subscriber = log.subscriber("warn,assay=trace,alarm_forwarder=trace,function=trace");
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log
});

/// The fields of the lines within a span.
fn within(span: &str) -> Vec<Value> {
    let text = LOG.text();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["span"]["name"] == span).map(|line| line["fields"].clone()).collect()
}

#[tokio::test]
async fn nothing_of_secrets_or_messages_is_logged() {
    LazyLock::force(&LOG);
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
    ];
    let count = answers.len();
    for (number, answer) in answers.into_iter().enumerate() {
        world.rules(first(1, answer));
        world.deliver(&event(number)).await.unwrap_or_default();
    }
    world.rules(first(1, SlackAnswer::Hang));
    let before = world.calls();
    let asked = async || world.calls() > before;
    deliver_until(&event(count), &world.forwarder(), Duration::from_secs(5), asked).await.unwrap_or_default();
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

    let logged = LOG.text();
    for word in ["posted", "not posted", "asked again", "asks to wait", "read again", "written down", "eval-low"] {
        assert!(logged.contains(word), "nothing was captured of `{word}`:\n{logged}");
    }
    for secret in ["confidential", SECRET_KEY, HOOK, TOKEN, "HIDDEN", "/services/"] {
        assert!(!logged.contains(secret), "`{secret}` was logged:\n{logged}");
    }
    // A reader of JSON keeps one of them and loses the other.
    for line in logged.lines() {
        assert_eq!(repeated(line), Vec::<String>::new(), "{line}");
    }
}

#[tokio::test]
async fn what_is_done_is_counted_truly_and_named_as_what_it_is() {
    LazyLock::force(&LOG);
    let secret = json!({"webhook": webhook(HOOK), "token": TOKEN, "routes": [
        {"name": "search-*", "webhook": webhook("T000/B009/search-HIDDEN")},
        {"name": "search-*", "channel": "C0123456789"},
    ]});
    let world = World::with("logs-counts", &secret.to_string()).await;
    world.rules(vec![SlackRule::always(SlackAnswer::no_service()).for_path("search-HIDDEN")]);
    let event = topic(&[alarm("search-down"), json!("some words")]);
    let failed = world.deliver(&event).instrument(tracing::info_span!("counts")).await;
    assert_eq!(class(failed), "SlackDestinationDead");
    let lines = within("counts");
    let line = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    // One of the alarm's two destinations is dead; it and the text were posted.
    let done = json!({"message": "done", "records": 2, "posted": 2, "posted_before": 0, "failed": 1});
    assert_eq!(line("done"), [&done]);
    let posted = line("posted");
    assert_eq!(posted.len(), 2, "{lines:?}");
    let of_text = posted.iter().find(|line| line.get("alarm").is_none()).unwrap();
    assert_eq!(
        **of_text,
        json!({"message": "posted", "id": "00000000-0000-0000-0000-000000000001", "destination": "the webhook `webhook`"})
    );
    let of_alarm = posted.iter().find(|line| line.get("alarm").is_some()).unwrap();
    assert_eq!(
        **of_alarm,
        json!({
            "message": "posted", "alarm": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:search-down", "state": "ALARM",
            "destination": "the channel `C0123456789`",
        })
    );
    let [not_taken] = line("not taken")[..] else { panic!("{lines:?}") };
    assert_eq!(not_taken["destination"], "the webhook `routes[0].webhook`");
}
