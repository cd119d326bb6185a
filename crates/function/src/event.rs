//! Events to dropped objects: EventBridge's `Object Created` and S3's own notifications.

use assay_core::run::dropped::Dropped;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use aws_lambda_events::event::s3::S3Event;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

/// An event that is none of those the function is made for.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Neither of the known shapes.
    #[error("neither an EventBridge event of S3 nor an S3 notification; see events/ for the shapes")]
    Unknown,
    /// A known shape with something missing or mistyped.
    #[error("the {shape} cannot be read: {reason}")]
    Broken {
        /// Which shape.
        shape: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A key that is not UTF-8 once decoded.
    #[error("the key `{0}` is not UTF-8 once decoded")]
    Key(String),
}

impl Classified for EventError {
    fn classify(&self) -> ErrorClass {
        ErrorKind::User.named("UnknownEvent")
    }
}

/// EventBridge's `detail` of an event of S3, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Detail {
    bucket: Bucket,
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Object {
    key: String,
    etag: Option<String>,
    version_id: Option<String>,
}

/// The objects that `event` says were dropped. S3's test event names none.
///
/// # Errors
/// When the event is of no known shape, or cannot be read.
pub fn dropped_objects(event: &Value) -> Result<Vec<Dropped>, EventError> {
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    if event.get("detail-type").is_some() {
        return bridged(event);
    }
    if event.get("Records").is_some() {
        return notified(event);
    }
    Err(EventError::Unknown)
}

fn bridged(event: &Value) -> Result<Vec<Dropped>, EventError> {
    let broken =
        |error: serde_json::Error| EventError::Broken { shape: "EventBridge event", reason: error.to_string() };
    let event: EventBridgeEvent<Value> = Deserialize::deserialize(event).map_err(broken)?;
    if event.source != "aws.s3" || event.detail_type != "Object Created" {
        return Err(EventError::Unknown);
    }
    let detail: Detail = serde_json::from_value(event.detail).map_err(broken)?;
    // EventBridge tells the key as it is: decoding it would corrupt a `+` or a `%`.
    Ok(vec![Dropped {
        bucket: detail.bucket.name,
        key: detail.object.key,
        version: detail.object.version_id,
        e_tag: detail.object.etag,
        written: event.time.and_then(|time| seconds(time.timestamp())),
    }])
}

fn notified(event: &Value) -> Result<Vec<Dropped>, EventError> {
    let event: S3Event = Deserialize::deserialize(event)
        .map_err(|error| EventError::Broken { shape: "S3 notification", reason: error.to_string() })?;
    let mut dropped = Vec::with_capacity(event.records.len());
    for record in event.records {
        // A notification may be set up for deletions too; they drop nothing.
        if record.event_name.as_deref().is_some_and(|name| !name.starts_with("ObjectCreated")) {
            continue;
        }
        let missing =
            |what: &str| EventError::Broken { shape: "S3 notification", reason: format!("a record has no {what}") };
        let encoded = record.s3.object.key.ok_or_else(|| missing("object key"))?;
        dropped.push(Dropped {
            bucket: record.s3.bucket.name.ok_or_else(|| missing("bucket name"))?,
            key: decoded(&encoded)?,
            version: record.s3.object.version_id,
            e_tag: record.s3.object.e_tag,
            written: seconds(record.event_time.timestamp()),
        });
    }
    Ok(dropped)
}

/// A key of a notification: form encoding, in which a space is a `+`.
fn decoded(key: &str) -> Result<String, EventError> {
    let spaced = key.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| EventError::Key(key.to_owned()))?;
    Ok(decoded.into_owned())
}

fn seconds(seconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(seconds).ok()
}
