//! Everything else: text, JSON, and events that nobody here knows. It is shown as it came.

use super::message::Message;
use super::{json as reading, link, origin};
use crate::alert::{Alert, Field, Origin, Place};
use serde_json::Value;

/// How many resources of an event are named.
const MOST_RESOURCES: usize = 5;

/// A text. Its first line is the title where it has no subject.
pub(super) fn text(message: &Message, text: &str) -> Alert {
    let text = text.trim_start_matches('\u{feff}').trim();
    // What looks like JSON and is none is shown in a fixed width; a text reads better as text.
    let is_code = text.starts_with(['{', '[']);
    let first = text.lines().next().map(str::trim).filter(|line| !line.is_empty());
    let title = match first {
        _ if message.subject.is_some() => message.subject.clone().unwrap_or_default(),
        Some(_) if is_code => "A message in JSON that cannot be read".to_owned(),
        Some(first) => first.to_owned(),
        None => "An empty message".to_owned(),
    };
    let shown = (text != title).then(|| text.to_owned()).filter(|text| !text.is_empty());
    let (description, body) = if is_code { (None, shown) } else { (shown, None) };
    Alert { links: link::pages(text), description, body, ..message.alert(Origin::Text, title) }
}

/// Any JSON.
pub(super) fn json(message: &Message, value: &Value) -> Alert {
    let named = ["title", "subject", "summary"]
        .into_iter()
        .find_map(|key| reading::pick(value, key).filter(|found| found.is_string()).and_then(reading::as_text));
    let title = message.subject.clone().or(named).unwrap_or_else(|| "A message in JSON".to_owned());
    Alert { body: Some(pretty(value)), ..message.alert(Origin::Json, title) }
}

/// An event of the event bus: its detail as JSON, and where it comes from.
pub(super) fn event(message: &Message, event: &Value, kind: &str, detail: &Value) -> Alert {
    let mut alert = message.alert(Origin::Event, kind.to_owned());
    if let Some(id) = reading::text(event, "id") {
        alert.identity.subject = id;
    }
    let resources = reading::list(event, "resources");
    let mut named: Vec<String> = resources.iter().filter_map(reading::as_text).take(MOST_RESOURCES).collect();
    if resources.len() > named.len() {
        named.push(format!("and {} more", resources.len() - named.len()));
    }
    let values = [("Source", reading::text(event, "source")), ("Resources", Some(named.join("\n")))];
    let values = values.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    alert.fields = values.map(|(name, value)| Field { name: name.to_owned(), value }).collect();
    alert.place = Place {
        partition: None,
        region: reading::text(event, "region").filter(|region| origin::is_region(region)),
        account: reading::text(event, "account"),
    };
    alert.since = reading::time(event, "time").or(alert.since);
    alert.body = Some(pretty(detail));
    alert
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
