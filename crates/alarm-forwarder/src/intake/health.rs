//! AWS Health events.

use super::message::Message;
use super::{json, origin};
use crate::alert::{Alert, Field, Origin, Place, Tone};
use serde_json::Value;

/// How many affected resources are named.
const MOST_ENTITIES: usize = 10;

/// A health event.
pub(super) fn read(message: &Message, event: &Value, detail: &Value) -> Alert {
    let category = json::text(detail, "eventTypeCategory").unwrap_or_default();
    let is_closed = json::text(detail, "statusCode").is_some_and(|status| status == "closed");
    let tone = match category.as_str() {
        _ if is_closed => Tone::Good,
        "issue" => Tone::Bad,
        "accountNotification" => Tone::Neutral,
        _ => Tone::Warning,
    };
    let service = json::text(detail, "service").unwrap_or_else(|| "AWS".to_owned());
    let what = match category.as_str() {
        _ if is_closed => "is over",
        "issue" => "operational issue",
        "scheduledChange" => "scheduled change",
        "accountNotification" => "notification",
        "investigation" => "under investigation",
        _ => "event",
    };
    let region = json::text(detail, "eventRegion").or_else(|| json::text(event, "region"));
    let place = Place { partition: None, region, account: json::text(event, "account") };
    let arn = json::text(detail, "eventArn");
    let place = origin::completed(
        Place { partition: arn.as_deref().and_then(|arn| origin::place_of(arn).partition), ..Place::default() },
        place,
    );
    let mut fields = Vec::new();
    let began = json::time(detail, "startTime");
    for (name, key) in
        [("Event", "eventTypeCode"), ("Began", "startTime"), ("Ended", "endTime"), ("Status", "statusCode")]
    {
        // When it began is the alert's time, where it can be read.
        if key != "startTime" || began.is_none() {
            fields.extend(json::text(detail, key).map(|value| Field { name: name.to_owned(), value }));
        }
    }
    fields.extend(affected(detail).map(|value| Field { name: "Affected".to_owned(), value }));
    let mut alert = message.alert(Origin::Health, format!("AWS Health: {service} {what}"));
    // The same event by two ways is the same.
    if let Some(id) = json::text(event, "id") {
        alert.identity.subject = id;
    }
    Alert {
        tone,
        description: description(detail),
        since: began.or_else(|| json::time(event, "time")).or(alert.since),
        links: arn.and_then(|arn| origin::health_page(&place, &arn)).into_iter().collect(),
        place,
        fields,
        ..alert
    }
}

/// The first of the affected resources, and how many more there are.
fn affected(detail: &Value) -> Option<String> {
    let entities = json::list(detail, "affectedEntities");
    let named = entities.iter().filter_map(|entity| json::text(entity, "entityValue"));
    let mut affected: Vec<String> = named.take(MOST_ENTITIES).collect();
    if entities.len() > affected.len() {
        affected.push(format!("and {} more", entities.len() - affected.len()));
    }
    (!entities.is_empty()).then(|| affected.join(", "))
}

/// The description in English, else in the first language.
fn description(detail: &Value) -> Option<String> {
    let all = json::list(detail, "eventDescription");
    let english = all.iter().find(|one| json::text(one, "language").is_some_and(|name| name.starts_with("en")));
    english.or(all.first()).and_then(|one| json::text(one, "latestDescription"))
}
