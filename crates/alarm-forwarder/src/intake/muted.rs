//! Changes that nobody was to be told of: a mute rule is in effect, or a composite alarm's suppressor.

use super::json;
use crate::alert::Muted;
use serde_json::Value;

/// What keeps the alarm's actions back, as an event's detail says it.
pub(super) fn read(detail: &Value) -> Option<Muted> {
    let rule = json::pick(detail, "muteDetail").filter(|rule| rule.is_object()).map(|rule| {
        let arn = json::text(rule, "mutedByArn").unwrap_or_default();
        let name = arn.split_once(":alarm-mute-rule:").map_or(arn.as_str(), |(_, name)| name);
        Muted { by: format!("the mute rule {name}").trim_end().to_owned(), until: json::time(rule, "muteWindowEnd") }
    });
    let state = json::pick(detail, "state");
    let suppressed = state.and_then(|state| json::text(state, "actionsSuppressedBy")).map(|by| {
        let suppressor = json::pick(detail, "configuration").and_then(|found| json::text(found, "actionsSuppressor"));
        let suppressor = suppressor.map_or(String::new(), |arn| format!(" {}", super::origin::alarm_name(&arn)));
        Muted { by: format!("the suppressor{suppressor} ({by})"), until: None }
    });
    match (rule, suppressed) {
        (Some(rule), Some(suppressed)) => {
            Some(Muted { by: format!("{} and {}", rule.by, suppressed.by), until: rule.until })
        }
        (rule, suppressed) => rule.or(suppressed),
    }
}
