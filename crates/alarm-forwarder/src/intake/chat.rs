//! Custom notifications for chat applications, in the form that Amazon Q Developer in chat applications reads, so that whoever
//! sends them need not change anything.

use super::message::Message;
use super::{json, link};
use crate::alert::{Alert, Field, Origin, Tone};
use serde_json::Value;

/// Whether `value` is a custom notification.
pub(super) fn is_custom(value: &Value) -> bool {
    json::text(value, "source").is_some_and(|source| source == "custom")
        && json::path(value, &["content", "description"]).is_some_and(Value::is_string)
}

/// A custom notification: its title, description, next steps and keywords, and what is known around it.
pub(super) fn read(message: &Message, value: &Value) -> Alert {
    let content = json::pick(value, "content").unwrap_or(value);
    let metadata = json::pick(value, "metadata").unwrap_or(&Value::Null);
    let description = json::text(content, "description");
    let titles = [json::text(content, "title"), json::text(metadata, "summary"), message.subject.clone()];
    let title = titles.into_iter().flatten().next().unwrap_or_else(|| "Notification".to_owned());
    let joined = |list: &[Value]| list.iter().filter_map(json::as_text).collect::<Vec<_>>().join(", ");
    let mut fields = Vec::new();
    let summary = json::text(metadata, "summary").filter(|summary| *summary != title);
    let lists = [
        ("Summary", summary.unwrap_or_default()),
        ("Kind", json::text(metadata, "eventType").unwrap_or_default()),
        ("Keywords", joined(json::list(content, "keywords"))),
        ("Resources", joined(json::list(metadata, "relatedResources"))),
    ];
    let context = json::pick(metadata, "additionalContext").map(json::pairs).unwrap_or_default();
    let lists = lists.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(context);
    fields.extend(lists.filter(|(_, value)| !value.is_empty()).map(|(name, value)| Field { name, value }));
    Alert {
        tone: Tone::Neutral,
        links: description.as_deref().map(link::pages).unwrap_or_default(),
        description,
        fields,
        facts: json::list(content, "nextSteps").iter().filter_map(json::as_text).collect(),
        ..message.alert(Origin::ChatNotification, title)
    }
}
