//! Assay's own notices.

use super::json;
use super::link::address;
use super::message::{Message, digest};
use crate::alert::{Alert, Field, Identity, Link, LinkKind, Origin, Tone};
use assay_notice::NoticeKind;
use serde_json::Value;

/// Whether `value` is a notice, of this version or a later one.
pub(super) fn is_notice(value: &Value) -> bool {
    value.get("assay_notice").is_some_and(Value::is_u64) && json::text(value, "kind").is_some()
}

/// A notice. A kind that this version does not know is told all the same.
pub(super) fn read(message: &Message, value: &Value) -> Alert {
    let name = json::text(value, "kind").unwrap_or_default();
    let kind = serde_json::from_value::<NoticeKind>(Value::String(name.clone())).ok();
    let (tone, severity) = kind.map_or((Tone::Neutral, "info"), seriousness);
    let title = json::text(value, "title").or_else(|| message.subject.clone()).unwrap_or_else(|| name.clone());
    let field = |(name, key): (&str, &str)| Some(Field { name: name.to_owned(), value: json::text(value, key)? });
    let link = json::text(value, "link").and_then(|link| address(&link));
    // Who is killed between telling a run and noting it tells it again, in the same words under another id.
    let subject = match json::text(value, "run") {
        Some(run) => format!("assay:{run}:{}", digest(&value.to_string())),
        None => message.id.clone(),
    };
    Alert {
        identity: Identity { subject, ..Identity::default() },
        tone,
        severity: Some(severity.to_owned()),
        fields: [
            ("Suite", "suite"),
            ("Application", "application"),
            ("Run", "run"),
            ("Report", "report"),
            ("Summary", "summary"),
        ]
        .into_iter()
        // Where a button leads to the report, its key stands there.
        .filter(|(_, key)| *key != "report" || link.is_none())
        .filter_map(field)
        .collect(),
        facts: json::pick(value, "facts").map(facts).unwrap_or_default(),
        links: link.map(|url| Link { kind: LinkKind::Report, url }).into_iter().collect(),
        ..message.alert(Origin::Notice, title)
    }
}

/// Facts, whatever form a later version gives them: a list, named values, or a text with a line for each.
fn facts(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Null => None,
        Value::Object(_) | Value::Array(_) => Some(value.to_string()),
        _ => json::as_text(value),
    };
    match value {
        Value::Array(list) => list.iter().filter_map(one).collect(),
        Value::Object(named) => {
            named.iter().filter_map(|(name, value)| Some(format!("{name}: {}", one(value)?))).collect()
        }
        other => {
            let text = one(other).unwrap_or_default();
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
    }
}

/// How a kind looks, and how severe it is for routes.
fn seriousness(kind: NoticeKind) -> (Tone, &'static str) {
    match kind {
        NoticeKind::RunFailed | NoticeKind::GateFailed | NoticeKind::Regression | NoticeKind::JobFailed => {
            (Tone::Bad, "high")
        }
        NoticeKind::RunIncomplete
        | NoticeKind::JobStopped
        | NoticeKind::JobStuck
        | NoticeKind::JobUnreadable
        | NoticeKind::ProbeProblem
        | NoticeKind::ModelLifecycle => (Tone::Warning, "medium"),
        NoticeKind::RunFinished => (Tone::Good, "info"),
        NoticeKind::AlarmsChanged | NoticeKind::WeeklyDigest => (Tone::Neutral, "info"),
    }
}
