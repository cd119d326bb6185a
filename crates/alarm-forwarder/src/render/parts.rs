//! The parts of a message: what each section says of an alert.

use super::blocks::FieldValue;
use super::crossing;
use super::text::{Text, units, unmarked, utc};
use crate::alert::{Alert, Origin, State};

/// How many alarms of a composite alarm are named.
const MOST_CHILDREN: usize = 10;
/// How long a title a header shows in any case, beside its sign and the state, in units.
const HEADER_SHOWS: usize = 120;
/// The longest name of an alarm in a list, in units.
const LONGEST_NAME: usize = 255;

/// That nobody was to be told, and why.
pub(super) fn muted(alert: &Alert, text: &mut Text) {
    let Some(muted) = &alert.muted else { return };
    text.markup("*Muted* by ").written(&unmarked(&muted.by, LONGEST_NAME * 2));
    if let Some(until) = muted.until {
        text.markup(" until ").moment(until);
    }
}

/// What stands above the description of an alarm that has not gone off: it tells of the alarm, and not of the present.
pub(super) fn heading(alert: &Alert) -> Option<&'static str> {
    alert.state.as_ref().is_some_and(|state| *state != State::Alarm).then_some("About this alarm")
}

/// What somebody wrote about it. A name that the header has no room for comes first.
pub(super) fn description(alert: &Alert, text: &mut Text) {
    let description = alert.description.as_deref().unwrap_or_default().trim();
    if units(&alert.title) > HEADER_SHOWS && !description.starts_with(&alert.title) {
        text.linked(&unmarked(&alert.title, 600)).markup(if description.is_empty() { "" } else { "\n" });
    }
    if let Some(heading) = heading(alert).filter(|_| !description.is_empty()) {
        text.markup(&format!("*{heading}*\n"));
    }
    text.linked(description);
}

/// What crossed what.
pub(super) fn crossing(alert: &Alert, text: &mut Text) {
    if let Some(measurement) = &alert.measurement {
        crossing::write(text, measurement, alert.state.as_ref());
    }
}

/// The alarms that made a composite alarm change, and its rule.
pub(super) fn composite(alert: &Alert, text: &mut Text) {
    let Some(composite) = &alert.composite else { return };
    for (number, child) in composite.children.iter().take(MOST_CHILDREN).enumerate() {
        text.markup(if number == 0 { "*Triggered by*\n• " } else { "\n• " }).code(&child.name, LONGEST_NAME);
        if let Some(state) = &child.state {
            text.markup(" is ").written(&unmarked(state.name(), 60));
        }
        if let Some(since) = child.since {
            text.markup(" since ").moment(since);
        }
    }
    if composite.children.len() > MOST_CHILDREN {
        text.markup(&format!("\nand {} more", composite.children.len() - MOST_CHILDREN));
    }
    if let Some(rule) = &composite.rule {
        text.markup(if composite.children.is_empty() { "Rule " } else { "\nRule " }).code(rule, 1500);
    }
}

/// Why the state changed, in the service's words.
pub(super) fn reason(alert: &Alert, text: &mut Text) {
    if let Some(reason) = alert.reason.as_deref().filter(|reason| !reason.trim().is_empty()) {
        text.markup("*Reason*\n").linked(reason.trim());
    }
}

/// Named values: when, where, whose; then those of the message.
pub(super) fn fields(alert: &Alert) -> Vec<(String, FieldValue)> {
    let written = |name: &str, value: String| (name.to_owned(), FieldValue::Written(value));
    let mut fields = Vec::new();
    if let Some(since) = alert.since {
        let name = if alert.state.is_some() { "Since" } else { "Time" };
        fields.push((name.to_owned(), FieldValue::Moment(since)));
    }
    if let (Some(state), Some(previous)) = (&alert.state, &alert.previous) {
        fields.push(written("State", format!("{}, was {}", state.name(), previous.name())));
    }
    if let Some(contributor) = &alert.contributor {
        fields.push(written("Time series", contributor.id.clone()));
        fields.extend(contributor.attributes.iter().map(|(name, value)| written(name, value.clone())));
    }
    let place = &alert.place;
    fields.extend(place.account.clone().map(|account| written("Account", account)));
    fields.extend(place.region.clone().map(|region| written("Region", region)));
    fields.extend(alert.severity.clone().map(|severity| written("Severity", severity)));
    fields.extend(alert.team.clone().map(|team| written("Team", team)));
    fields.extend(alert.fields.iter().map(|field| written(&field.name, field.value.clone())));
    fields.extend(alert.tags.iter().map(|(name, value)| written(name, value.clone())));
    fields
}

/// Where it comes from, and when in UTC.
pub(super) fn context(alert: &Alert, is_cut: bool, text: &mut Text) {
    text.markup(source(alert.origin));
    if let Some(since) = alert.since {
        text.markup(&format!(" · {}", utc(since)));
    }
    if is_cut {
        text.markup(" · Shortened: not everything has room in a message");
    }
}

/// What brought it, for people.
fn source(origin: Origin) -> &'static str {
    match origin {
        Origin::MetricAlarm => "CloudWatch alarm",
        Origin::CompositeAlarm => "CloudWatch composite alarm",
        Origin::AlarmContributor => "CloudWatch alarm, one of its time series",
        Origin::Notice => "Assay",
        Origin::Budget => "AWS Budgets",
        Origin::Health => "AWS Health",
        Origin::Email => "Amazon SES",
        Origin::ChatNotification => "Custom notification",
        Origin::Event => "EventBridge",
        Origin::Json | Origin::Text => "Message",
    }
}
