//! What became of e-mails that Amazon SES sent: bounces, complaints and the like. Addresses of people are not told, only
//! their domains.

use super::message::Message;
use super::{json, origin};
use crate::alert::{Alert, Field, Origin, Tone};
use serde_json::Value;
use std::collections::BTreeMap;

/// What kind of notification it is; none for what SES did not send.
pub(super) fn kind(value: &Value) -> Option<String> {
    let mail = json::pick(value, "mail").filter(|mail| mail.is_object());
    let kind = json::text(value, "notificationType").or_else(|| json::text(value, "eventType"));
    mail.and(kind)
}

/// A notification of SES.
pub(super) fn read(message: &Message, value: &Value, kind: &str) -> Alert {
    let mail = json::pick(value, "mail").unwrap_or(value);
    // `Bounce` has its details under `bounce`, `Delivery` under `delivery`.
    let detail = kind.get(..1).map(|first| first.to_lowercase() + kind.get(1..).unwrap_or_default());
    let detail = detail.and_then(|key| json::pick(value, &key)).unwrap_or(value);
    let recipients = json::list(
        detail,
        match kind {
            "Bounce" => "bouncedRecipients",
            "Complaint" => "complainedRecipients",
            _ => "delayedRecipients",
        },
    );
    let addresses: Vec<String> = match recipients {
        [] => json::list(mail, "destination").iter().filter_map(json::as_text).collect(),
        found => {
            found.iter().filter_map(|one| json::text(one, "emailAddress").or_else(|| json::as_text(one))).collect()
        }
    };
    let statuses: Vec<String> = recipients.iter().filter_map(|one| json::text(one, "status")).collect();
    let types =
        [json::text(detail, "bounceType"), json::text(detail, "bounceSubType"), json::text(detail, "delayType")];
    let types: Vec<String> = types.into_iter().flatten().collect();
    let mut fields = Vec::new();
    let mut field = |name: &str, value: Option<String>| {
        fields.extend(value.filter(|value| !value.is_empty()).map(|value| Field { name: name.to_owned(), value }));
    };
    field("Type", Some(types.join(", ")));
    field("Recipients", Some(domains(&addresses)));
    field("Status", Some(statuses.into_iter().take(5).collect::<Vec<_>>().join(", ")));
    field("Complaint", json::text(detail, "complaintFeedbackType"));
    field("Reason", json::text(detail, "reason"));
    field("Sent by", json::text(mail, "source"));
    field("Message", json::text(mail, "messageId"));
    let place = json::text(mail, "sourceArn").map(|arn| origin::place_of(&arn)).unwrap_or_default();
    Alert {
        tone: match kind {
            "Bounce" | "Complaint" | "Reject" | "Rendering Failure" => Tone::Bad,
            "Delivery" | "Send" => Tone::Good,
            "Open" | "Click" | "Subscription" => Tone::Neutral,
            _ => Tone::Warning,
        },
        since: json::time(detail, "timestamp").or_else(|| json::time(mail, "timestamp")).or(message.sent),
        place: origin::completed(
            place,
            crate::alert::Place { account: json::text(mail, "sendingAccountId"), ..Default::default() },
        ),
        fields,
        ..message.alert(Origin::Email, format!("Amazon SES: {kind}"))
    }
}

/// A notification of SES that came by the event bus.
pub(super) fn from_event(message: &Message, event: &Value, detail: &Value, kind: &str) -> Alert {
    let mut alert = read(message, detail, kind);
    if let Some(id) = json::text(event, "id") {
        alert.identity.subject = id;
    }
    alert.place = origin::completed(alert.place, origin::place_of_event(event));
    alert.since = alert.since.or_else(|| json::time(event, "time"));
    alert
}

/// How many recipients at which domains.
fn domains(addresses: &[String]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for address in addresses {
        let domain = address.rsplit_once('@').map_or("an unknown domain", |(_, domain)| domain);
        *counts.entry(domain.trim_end_matches('>')).or_default() += 1;
    }
    let told: Vec<String> = counts.iter().take(10).map(|(domain, count)| format!("{count} at {domain}")).collect();
    told.join(", ")
}
