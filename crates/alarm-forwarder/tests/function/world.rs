//! The world of one test: a bucket, a secret, a stand-in for Slack, and the function between them.

use crate::services;
use alarm_forwarder::secret::SecretName;
use alarm_forwarder::slack::Endpoint;
use alarm_forwarder::{Forwarder, ForwarderSettings, handle};
use assay_lambda::FunctionError;
use assay_store::s3;
use assay_testing::clock::{Clock, until};
use assay_testing::emulator;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use futures::TryStreamExt as _;
use local_stack::slack::{Message, SlackAnswer, SlackRule, SlackStandIn, TOKEN};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The secret key of every request to AWS; it may appear nowhere.
pub(crate) const SECRET_KEY: &str = "fake/HIDDEN+key/that+is+never+written";
/// What follows `/services/` in the webhook; it may appear nowhere.
pub(crate) const HOOK: &str = "T000/B000/hook-HIDDEN";

pub(crate) struct World {
    pub config: SdkConfig,
    pub settings: ForwarderSettings,
    pub store: Arc<dyn ObjectStore>,
    pub slack: SlackStandIn,
}

impl World {
    /// A world whose secret is one webhook.
    pub(crate) async fn new(name: &str) -> Self {
        Self::with(name, &webhook(HOOK)).await
    }

    /// A world whose secret has a bot's token and a channel.
    pub(crate) async fn bot(name: &str) -> Self {
        Self::with(name, &json!({"token": TOKEN, "channel": "#alarms"}).to_string()).await
    }

    /// A world with this secret.
    pub(crate) async fn with(name: &str, secret: &str) -> Self {
        let bucket = format!("forwarder-{name}");
        services::make_bucket(&bucket).await;
        let config = config(&emulator::url()).await;
        services::put_secret(&config, &bucket, secret).await;
        let slack = SlackStandIn::start(None).unwrap();
        let settings = ForwarderSettings {
            secret: SecretName::read(&bucket).unwrap(),
            endpoint: Some(Endpoint::read(&slack.url()).unwrap()),
            bucket: bucket.clone(),
        };
        Self { store: s3(&bucket, &config).unwrap(), config, settings, slack }
    }

    /// Gives the secret another text.
    pub(crate) async fn put_secret(&self, text: &str) {
        services::put_secret(&self.config, self.settings.secret.name(), text).await;
    }

    /// The function as a cold start makes it.
    pub(crate) fn forwarder(&self) -> Forwarder {
        Forwarder::new(&self.settings, &self.config).unwrap()
    }

    /// The same with another way to AWS.
    pub(crate) async fn forwarder_at(&self, endpoint: &str) -> Forwarder {
        Forwarder::new(&self.settings, &config(endpoint).await).unwrap()
    }

    /// Delivers an event to a cold start that has all the time it needs.
    pub(crate) async fn deliver(&self, event: &Value) -> Result<Value, FunctionError> {
        deliver(event, &self.forwarder(), None).await
    }

    /// Has Slack answer so from now on.
    pub(crate) fn rules(&self, rules: Vec<SlackRule>) {
        self.slack.set_rules(rules);
    }

    /// Has Slack take everything.
    pub(crate) fn heal(&self) {
        self.rules(Vec::new());
    }

    /// The messages that stand in the webhook's channel.
    pub(crate) fn posted(&self) -> Vec<Message> {
        self.slack.messages_in(&format!("/services/{HOOK}"))
    }

    /// Returns how many messages are recorded as posted.
    pub(crate) async fn written(&self) -> usize {
        self.objects("monitor/posted/messages").await.values().filter(|mark| mark["stage"] == "posted").count()
    }

    /// How many calls came to Slack. None of them may have broken a limit.
    pub(crate) fn calls(&self) -> usize {
        let calls = self.slack.calls();
        for call in &calls {
            assert!(call.violations.is_empty(), "{:?} in {}", call.violations, call.body);
        }
        calls.len()
    }

    /// Every object below a prefix.
    pub(crate) async fn objects(&self, prefix: &str) -> BTreeMap<String, Value> {
        let listed: Vec<_> = self.store.list(Some(&Path::from(prefix))).try_collect().await.unwrap();
        let mut objects = BTreeMap::new();
        for found in listed {
            let bytes = self.store.get(&found.location).await.unwrap().bytes().await.unwrap();
            objects.insert(found.location.to_string(), serde_json::from_slice(&bytes).unwrap_or_default());
        }
        objects
    }

    pub(crate) async fn remove(&self, key: &str) {
        self.store.delete(&Path::parse(key).unwrap()).await.unwrap();
    }

    pub(crate) async fn put(&self, key: &str, text: &str) {
        self.store.put(&Path::parse(key).unwrap(), text.to_owned().into()).await.unwrap();
    }
}

/// Shorter than the time after which a bucket without an answer counts as down, and longer than all pauses of a client
/// between its attempts: a slow machine reaches no time limit.
const LITTLE: Duration = Duration::from_millis(2_900);
/// Longer than any test takes.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

/// Delivers an event as Lambda does, in an invocation that ends after `time`, if it ends. Unless the test has its own clock,
/// so little time passes that no time limit is reached.
pub(crate) async fn deliver(
    event: &Value,
    forwarder: &Forwarder,
    time: Option<Duration>,
) -> Result<Value, FunctionError> {
    let _clock = Clock::unless_there_is_one(LITTLE);
    let deadline = time.map(|time| Instant::now() + time);
    Box::pin(handle(event.clone(), forwarder, deadline, "request")).await
}

/// Delivers an event in an invocation of length `time`, and lets the time for posting end once `holds` returns true. Asserts
/// that the invocation ends in the time that is left.
pub(crate) async fn deliver_until(
    event: &Value,
    forwarder: &Forwarder,
    time: Duration,
    holds: impl AsyncFnMut() -> bool,
) -> Result<Value, FunctionError> {
    let clock = Clock::limited_to(LITTLE);
    let begun = Instant::now();
    let ending = async {
        until("the time for posting may be over", holds).await;
        // The last quarter is reserved for recording what was posted.
        clock.set(begun + time * 3 / 4, LITTLE.min(time / 5)).await;
    };
    let (delivered, ()) = tokio::join!(deliver(event, forwarder, Some(time)), ending);
    assert!(Instant::now() < begun + time, "it took more time than there was");
    delivered
}

/// The class of the error that has to have come of a delivery. It may show nothing of a secret.
pub(crate) fn class(result: Result<Value, FunctionError>) -> &'static str {
    let error = result.expect_err("an error");
    for said in [error.chain(), format!("{error:?}"), format!("{error:#?}")] {
        assert!(!said.contains("HIDDEN") && !said.contains("xoxb-"), "{said}");
    }
    error.class()
}

/// The address of a webhook.
pub(crate) fn webhook(hook: &str) -> String {
    format!("https://hooks.slack.com/services/{hook}")
}

/// The SDK's settings with one endpoint for everything.
pub(crate) async fn config(endpoint: &str) -> SdkConfig {
    let text = format!(
        "[default]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = {SECRET_KEY}\n\
         endpoint_url = {endpoint}\n"
    );
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    aws_config::defaults(BehaviorVersion::latest()).profile_files(files).load().await
}

/// The message of an alarm that went from one state to another.
pub(crate) fn change(name: &str, from: &str, to: &str, at: &str) -> Value {
    json!({
        "AlarmName": name,
        "AlarmDescription": format!("what {name} means"),
        "AWSAccountId": "123456789012",
        "NewStateValue": to,
        "OldStateValue": from,
        "NewStateReason": format!("Threshold Crossed: 1 datapoint [0.61 (20/11/26 08:10:00)] decides that it is {to}."),
        "StateChangeTime": at,
        "Region": "US East (N. Virginia)",
        "AlarmArn": format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"),
        "Trigger": {
            "MetricName": "Faithfulness", "Namespace": "Custom/Bedrock", "StatisticType": "Statistic",
            "Statistic": "AVERAGE", "Unit": null, "Dimensions": [{"value": "support", "name": "Suite"}], "Period": 300,
            "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "ComparisonOperator": "LessThanThreshold",
            "Threshold": 0.8, "TreatMissingData": "missing",
        },
    })
}

/// An alarm that goes off.
pub(crate) fn alarm(name: &str) -> Value {
    change(name, "OK", "ALARM", "2026-11-20T08:15:42.123+0000")
}

/// The same change as the event bus tells it while the alarm's actions are suppressed.
pub(crate) fn suppressed(name: &str) -> Value {
    json!({
        "version": "0", "id": "e1", "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "account": "123456789012", "time": "2026-11-20T08:15:42Z", "region": "us-east-1",
        "resources": [format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}")],
        "detail": {
            "alarmName": name,
            "state": {
                "value": "ALARM", "reason": "r", "timestamp": "2026-11-20T08:15:42.123+0000",
                "actionsSuppressedBy": "Alarm", "actionsSuppressedReason": "a deployment",
            },
            "previousState": {"value": "OK", "timestamp": "2026-11-20T08:00:00.000+0000"},
        },
    })
}

/// The same, well again twenty minutes later.
pub(crate) fn well(name: &str) -> Value {
    change(name, "ALARM", "OK", "2026-11-20T08:35:42.123+0000")
}

/// Messages as a topic hands them to a function.
pub(crate) fn topic(messages: &[Value]) -> Value {
    let record = |(number, message): (usize, &Value)| {
        json!({
            "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": "arn:aws:sns:us-east-1:123456789012:t:s",
            "Sns": envelope(number, message),
        })
    };
    json!({"Records": messages.iter().enumerate().map(record).collect::<Vec<_>>()})
}

/// The same by way of a queue: the messages' ids are `m0`, `m1` and so on.
pub(crate) fn queue(messages: &[Value]) -> Value {
    let record = |(number, message): (usize, &Value)| {
        json!({
            "messageId": format!("m{number}"), "receiptHandle": "r", "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q", "awsRegion": "us-east-1",
            "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {},
            "body": envelope(number, message).to_string(),
        })
    };
    json!({"Records": messages.iter().enumerate().map(record).collect::<Vec<_>>()})
}

fn envelope(number: usize, message: &Value) -> Value {
    let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
    json!({
        "Type": "Notification", "MessageId": format!("00000000-0000-0000-0000-{number:012}"), "Subject": null,
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": message,
        "Timestamp": "2026-11-20T08:15:42.300Z", "MessageAttributes": {},
    })
}

/// To every call from now on.
pub(crate) fn always(answer: SlackAnswer) -> Vec<SlackRule> {
    vec![SlackRule::always(answer)]
}

/// To so many calls from now on.
pub(crate) fn first(times: u64, answer: SlackAnswer) -> Vec<SlackRule> {
    vec![SlackRule::always(answer).times(times)]
}
