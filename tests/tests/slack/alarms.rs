//! Alarms of the deployed template.

use crate::{EVERYTHING, LATENCY, assert_no_violation, assert_says, buttons, messages, output, quiet, slack};
use end_to_end::stack::{MODEL_IDS, NAMESPACE};
use end_to_end::world;
use serde_json::{Value, json};
use std::time::Duration;

const RED: &str = "#a30200";
const GREEN: &str = "#2eb886";

/// The stack's own alarm with this logical id: its name and what it is.
async fn alarm(logical_id: &str) -> (String, Value) {
    let beginning = format!("assay-{logical_id}-");
    world::alarms().await.into_iter().find(|(name, _)| name.starts_with(&beginning)).unwrap()
}

async fn set_state(name: &str, state: &str) {
    world::python(include_str!("set_state.py"), &[name, state, "somebody tries it"]).await;
}

fn colour(payload: &Value) -> &str {
    payload["attachments"][0]["color"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_crosses_a_threshold_and_comes_back_is_told_once_each() {
    slack();
    let (name, alarm) = alarm("ProbesOverdueAlarm").await;
    let threshold = alarm["Threshold"].as_f64().unwrap();
    let put = async |value: f64, seconds_ago: u64| {
        let dimensions = alarm["Dimensions"].to_string();
        let (value, seconds_ago) = (value.to_string(), seconds_ago.to_string());
        let arguments = [NAMESPACE, "HoursSinceProbes", &dimensions, &value, &seconds_ago];
        world::python(include_str!("put_metric.py"), &arguments).await;
    };
    // It leaves what the alarm looks at within half a minute.
    let looked_at = alarm["Period"].as_u64().unwrap() * alarm["EvaluationPeriods"].as_u64().unwrap();
    put(threshold + 12.5, looked_at - 30).await;
    let [message] = &messages(EVERYTHING, &name, 1).await[..] else { panic!() };
    assert_eq!(colour(&message.payload), RED);
    let (limit, value) = (threshold.to_string(), (threshold + 12.5).to_string());
    assert_says(
        &message.payload,
        &["ALARM", &name, "Probes stopped", "HoursSinceProbes", NAMESPACE, &limit, &value, "us-east-1", "000000000000"],
    );
    let console =
        format!("https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/{name}");
    assert_eq!(buttons(&message.payload)[0], console);
    // The same again is no change of the state.
    put(threshold + 12.5, looked_at - 30).await;
    messages(EVERYTHING, &name, 1).await;

    crate::until("the alarm to end", async || {
        put(0.5, 0).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        crate::alarms::alarm("ProbesOverdueAlarm").await.1["StateValue"] == "OK"
    })
    .await;
    let [_, ended] = &messages(EVERYTHING, &name, 2).await[..] else { panic!() };
    assert_eq!(colour(&ended.payload), GREEN);
    assert_says(&ended.payload, &["OK", &name, "HoursSinceProbes"]);
    assert_no_violation();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_that_is_set_by_hand_is_one_message_of_the_bot_with_a_thread() {
    slack();
    let name = format!("assay-models/{}/latency", MODEL_IDS[0]);
    set_state(&name, "ALARM").await;
    let [message] = &messages(LATENCY, &name, 1).await[..] else { panic!() };
    assert_eq!((colour(&message.payload), &message.thread_ts), (RED, &None));
    assert_says(&message.payload, &["ALARM", &name, "somebody tries it", "90th percentile"]);
    // Its name has characters that an address cannot have.
    let [console, ..] = &buttons(&message.payload)[..] else { panic!() };
    assert!(console.contains("alarm/assay-models%2Fus.example.first-v1%3A0%2Flatency"), "{console}");

    set_state(&name, "OK").await;
    let [edited, reply] = &messages(LATENCY, &name, 2).await[..] else { panic!() };
    assert_eq!((&edited.ts, &edited.thread_ts, edited.earlier.len()), (&message.ts, &None, 1));
    assert_eq!(reply.thread_ts.as_ref(), Some(&message.ts));
    for payload in [&edited.payload, &reply.payload] {
        assert_eq!(colour(payload), GREEN);
        assert_says(payload, &["OK", &name]);
    }
    assert_no_violation();
}

#[tokio::test(flavor = "multi_thread")]
async fn that_messages_do_not_get_to_slack_is_told_by_another_way() {
    slack();
    let arguments = [output("ForwarderFailureTopicArn"), "failures"];
    let queue = world::python(include_str!("../../src/world/subscribe_to_all.py"), &arguments).await;
    for logical_id in
        ["AlarmForwarderErrorsAlarm", "LateNoticesAlarm", "UnforwardedNoticesAlarm", "NoticesToForwardAlarm"]
    {
        let (name, _) = alarm(logical_id).await;
        set_state(&name, "ALARM").await;
        let told = world::notices(queue.trim()).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["AlarmName"], &told[0]["NewStateValue"]), (&json!(name), &json!("ALARM")));
        quiet().await;
        assert!(!json!(slack().messages()).to_string().contains(&name));
    }
}
