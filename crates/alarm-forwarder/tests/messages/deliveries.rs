//! Events made of messages.

use alarm_forwarder::alert::Alert;
use alarm_forwarder::intake::records;
use serde_json::{Value, json};

/// What a topic delivers.
pub(crate) fn delivered(text: &str, subject: Option<&str>, attributes: Value) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "MessageId": "m-1",
        "TopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:notices", "Subject": subject, "Message": text,
        "Timestamp": "2026-11-20T08:15:42.187Z", "MessageAttributes": attributes}}]})
}

pub(crate) fn only(event: &Value) -> Alert {
    let mut records = records(event, "request-1");
    assert_eq!((records.len(), records[0].alerts.len()), (1, 1), "{event}");
    records.remove(0).alerts.remove(0)
}

pub(crate) fn told(text: &str) -> Alert {
    only(&delivered(text, None, json!({})))
}

/// A topic's alarm with more keys.
pub(crate) fn alarm(more: Value) -> Value {
    let mut alarm = json!({"AlarmName": "a/b", "NewStateValue": "ALARM", "Region": "China (Beijing)"});
    alarm.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    alarm
}
