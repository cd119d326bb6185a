//! The world around the deployed functions: what is dropped and delivered, and what they wrote, counted and told.
//!
//! Everything goes through boto3, as a user's own tools would; what it should be is left to the tests.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::stack::{NAMESPACE, deployed};

/// The runs of a suite: what each wrote, by name below its folder.
pub type Runs = BTreeMap<String, BTreeMap<String, String>>;

/// Runs a script against the stack and gives back what it printed.
///
/// # Panics
/// If it fails.
pub async fn python(script: &str, arguments: &[&str]) -> String {
    deployed().python(script, arguments).await.unwrap_or_else(|error| panic!("{error:#}"))
}

/// The bucket.
///
/// # Panics
/// If the stack has none.
pub fn bucket() -> &'static str {
    deployed().bucket().unwrap_or_else(|error| panic!("{error:#}"))
}

/// The deployed name of a function, by its logical id.
///
/// # Panics
/// If the stack has no such function.
pub fn function(logical_id: &str) -> &'static str {
    deployed().function(logical_id).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Makes a queue that hears of new objects whose keys match a pattern; its URL.
pub async fn listen(name: &str, wildcard: &str) -> String {
    python(include_str!("world/listen.py"), &[bucket(), name, wildcard]).await.trim().to_owned()
}

/// Puts objects, in their order.
pub async fn put(objects: &[(String, &str)]) {
    python(include_str!("world/drop.py"), &[bucket(), &json!(objects).to_string()]).await;
}

/// The messages that lie in queues; each comes once.
pub async fn received(queues: &[&str]) -> Vec<Value> {
    let printed = python(include_str!("world/receive.py"), queues).await;
    match parse(&printed) {
        Value::Array(messages) => messages,
        other => panic!("not a list: {other}"),
    }
}

/// Waits for a message, and returns all that lie in the queues then: the emulator sends some after it has answered.
///
/// # Panics
/// If none comes.
pub async fn received_some(queues: &[&str]) -> Vec<Value> {
    // An empty queue takes a second.
    for _ in 0..600 {
        let messages = received(queues).await;
        if !messages.is_empty() {
            return messages;
        }
    }
    panic!("no message comes to {queues:?}")
}

/// The objects below a prefix.
pub async fn objects(prefix: &str) -> BTreeMap<String, String> {
    texts(&python(include_str!("world/objects.py"), &[bucket(), prefix]).await)
}

/// What a suite's runs wrote, once there are `count` of them and all are done.
///
/// # Panics
/// If there are others, or they are not done in time.
pub async fn runs(suite: &str, count: usize) -> Runs {
    let printed = python(include_str!("world/runs.py"), &[bucket(), suite, &count.to_string()]).await;
    let mut runs = Runs::new();
    for (key, text) in texts(&printed) {
        let below = key.strip_prefix(&format!("runs/{suite}/")).and_then(|below| below.split_once('/'));
        let Some((run, name)) = below else { panic!("a run's object at {key}") };
        runs.entry(run.to_owned()).or_default().insert(name.to_owned(), text);
    }
    let log = deployed().emulator().log().display();
    let names: Vec<&String> = runs.keys().collect();
    assert_eq!(runs.len(), count, "runs of {suite}: {names:?}; what the functions printed is in {log}");
    for (run, files) in &runs {
        let claim = parse(&files["claim.json"]);
        assert_eq!(claim["stage"], "done", "{suite}/{run} is not done; what the functions printed is in {log}");
    }
    runs
}

/// Subscribes a new queue to the notices of a suite; its URL.
///
/// # Panics
/// If the stack has no topic.
pub async fn subscribe(suite: &str) -> String {
    let topic = deployed().notice_topic_arn().unwrap_or_else(|error| panic!("{error:#}"));
    python(include_str!("world/subscribe.py"), &[topic, suite]).await.trim().to_owned()
}

/// Subscribes a new queue to everything that the topic is told, alarms among it; its URL.
///
/// # Panics
/// If the stack has no topic.
pub async fn subscribe_to_all(name: &str) -> String {
    let topic = deployed().notice_topic_arn().unwrap_or_else(|error| panic!("{error:#}"));
    python(include_str!("world/subscribe_to_all.py"), &[topic, name]).await.trim().to_owned()
}

/// The notices, and the messages of alarms, that lie in a queue; each comes once. That an alarm is well at the first look at
/// it is left out: of the functions' own alarms this comes at any time.
pub async fn notices(queue: &str) -> Vec<Value> {
    let envelopes = received(&[queue]).await;
    let messages = envelopes.iter().map(|envelope| parse(envelope["Message"].as_str().unwrap_or_default()));
    let is_first_look = |it: &Value| it["NewStateValue"] == "OK" && it["OldStateValue"] == "INSUFFICIENT_DATA";
    messages.filter(|message| !is_first_look(message)).collect()
}

/// The metrics of a suite.
pub async fn metrics(suite: &str) -> Vec<Value> {
    match parse(&python(include_str!("world/metrics.py"), &[NAMESPACE, suite]).await) {
        Value::Array(metrics) => metrics,
        other => panic!("not a list: {other}"),
    }
}

/// Every alarm, by name.
///
/// # Panics
/// If they are not described as a list.
pub async fn alarms() -> BTreeMap<String, Value> {
    let Value::Object(alarms) = parse(&python(include_str!("world/alarms.py"), &[]).await) else {
        panic!("alarms are not described by name")
    };
    alarms.into_iter().collect()
}

/// The body of a dashboard; nothing where there is none of this name.
pub async fn dashboard(name: &str) -> Value {
    parse(&python(include_str!("world/dashboard.py"), &[name]).await)
}

/// Delivers an event and waits for the answer.
///
/// # Panics
/// If the function fails.
pub async fn deliver(logical_id: &str, event: &Value) -> Value {
    let arguments = [function(logical_id), "RequestResponse", &event.to_string()];
    let printed = parse(&python(include_str!("world/deliver.py"), &arguments).await);
    assert_eq!(printed["error"], Value::Null, "{printed}");
    parse(printed["answer"].as_str().unwrap_or_default())
}

/// Delivers an event as EventBridge does, with Lambda's own retries behind it.
pub async fn deliver_asynchronously(logical_id: &str, event: &Value) {
    python(include_str!("world/deliver.py"), &[function(logical_id), "Event", &event.to_string()]).await;
}

/// A text as JSON.
///
/// # Panics
/// If it is none.
pub fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Asserts that a number is as expected, but for rounding.
///
/// # Panics
/// If it is not.
#[track_caller]
pub fn assert_close(found: &Value, expected: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: no number but {found}"));
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} instead of {expected}");
}

/// The mean of values; of none it is no number.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn texts(printed: &str) -> BTreeMap<String, String> {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}
