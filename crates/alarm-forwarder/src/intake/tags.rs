//! Tags of alarms and attributes of messages: what they say of severity, team and runbook.

use super::json;
use super::link::address;
use crate::alert::{Alert, Link, LinkKind};
use serde_json::Value;

/// Reads the tags of an alarm's message into `alert`: `AlarmTags` of a topic, `alarmTags` of an event, a map or a list.
pub(super) fn read(alert: &mut Alert, message: &Value) {
    let tags = json::pick(message, "alarmTags").map(json::pairs).unwrap_or_default();
    for (name, value) in tags {
        match last_word(&name).as_str() {
            "severity" => alert.severity = alert.severity.take().or(Some(value.to_lowercase())),
            "team" => alert.team = alert.team.take().or(Some(value.to_lowercase())),
            word if is_runbook(word) && address(&value).is_some() => {
                let url = address(&value).unwrap_or_default();
                alert.links.retain(|link| link.url != url);
                alert.links.push(Link { kind: LinkKind::Runbook, url });
            }
            _ => {
                alert.tags.insert(name, value);
            }
        }
    }
}

/// What the attributes of a message say of severity and team, where its text does not.
pub(super) fn from_attributes(alert: &mut Alert, attributes: &[(String, String)]) {
    let attribute = |word: &str| {
        let found = attributes.iter().find(|(name, _)| last_word(name) == word);
        found.map(|(_, value)| value.to_lowercase())
    };
    alert.severity = alert.severity.take().or_else(|| attribute("severity"));
    alert.team = alert.team.take().or_else(|| attribute("team"));
}

/// The last word of a tag's name in small letters: `assay:Severity` and `org/severity` are `severity`.
fn last_word(name: &str) -> String {
    let last = name.rsplit([':', '/', '.']).next().unwrap_or(name);
    last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn is_runbook(word: &str) -> bool {
    ["runbook", "playbook"]
        .iter()
        .any(|name| word.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "url" | "link" | "uri")))
}
