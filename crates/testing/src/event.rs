//! Events of objects, made from the files in `events/`, so that their shape is the one that is documented.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// What S3 leaves as it is in the keys of its notifications; a space becomes a `+`.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/').remove(b' ');

/// The text of a file in `events/`.
pub fn file(name: &str) -> Value {
    let path = local_stack::places::workspace().join("events").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// EventBridge's event of an object in a bucket without versions.
pub fn bridged(bucket: &str, key: &str, e_tag: &str) -> Value {
    let mut event = file("eventbridge-object-created.json");
    event["detail"]["bucket"]["name"] = json!(bucket);
    event["detail"]["object"] = json!({"key": key, "size": 1, "etag": e_tag, "sequencer": "00673F1A2B3C4D5E6F"});
    event
}

/// S3's own notification of objects.
pub fn notified(objects: &[(&str, &str, &str)]) -> Value {
    let mut event = file("s3-notification.json");
    let record = event["Records"][0].clone();
    let records = objects.iter().map(|(bucket, key, e_tag)| {
        let mut record = record.clone();
        let encoded = utf8_percent_encode(key, ENCODED).to_string().replace(' ', "+");
        record["s3"]["bucket"]["name"] = json!(bucket);
        record["s3"]["object"] = json!({"key": encoded, "size": 1, "eTag": e_tag, "sequencer": "00673F1A2B3C4D5E6F"});
        record
    });
    event["Records"] = records.collect();
    event
}
