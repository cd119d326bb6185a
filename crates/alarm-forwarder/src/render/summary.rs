//! An alert in a line for a header or a notification, and as lines without markup.

use super::blocks::FieldValue;
use super::text::{Text, unmarked, utc};
use super::{buttons, crossing, parts};
use crate::alert::{Alert, State, Tone};
use crate::intake::link::addresses;

/// How much of an alert's name, and of what follows it, a notification shows, in UTF-16 units.
const NOTIFICATION: (usize, usize) = (260, 200);
/// How many alarms or attributes a notification names.
const NAMED: usize = 3;
/// How much of each part a message without blocks shows.
const PART: usize = 1200;

/// State and name, with a sign that is seen before anything is read.
pub(super) fn headline(alert: &Alert) -> String {
    let sign = match (alert.tone, &alert.muted) {
        (_, Some(_)) => "🔕",
        (Tone::Bad, _) => "🔴",
        (Tone::Warning, _) => "🟡",
        (Tone::Good, _) => "🟢",
        (Tone::Neutral, _) => "🔵",
    };
    format!("{sign} {}", name(alert))
}

/// State and name.
fn name(alert: &Alert) -> String {
    let title = unmarked(&alert.title, 1000);
    let title = if title.trim().is_empty() { "A message without a title".to_owned() } else { title };
    match &alert.state {
        Some(State::InsufficientData) => format!("INSUFFICIENT DATA: {title}"),
        Some(state) => format!("{}: {title}", unmarked(state.name(), 40)),
        None => title,
    }
}

/// What a phone shows: state, name, and the shortest that tells what happened.
pub(super) fn notification(alert: &Alert) -> String {
    let why = why(alert).filter(|why| *why != alert.title);
    let mut text = Text::new(2000);
    text.markup(if alert.muted.is_some() { "Muted: " } else { "" });
    // A title that is the beginning of what JSON says gives way to it.
    let begin = alert.title.trim_end_matches('…');
    let is_whole = |gist: &&String| alert.state.is_none() && !begin.is_empty() && gist.starts_with(begin);
    if let Some(gist) = alert.gist.as_ref().filter(is_whole) {
        text.written(&unmarked(gist, NOTIFICATION.0));
        return text.done();
    }
    text.written(&unmarked(&name(alert), NOTIFICATION.0));
    if let Some(why) = &why {
        text.markup(" - ").written(&unmarked(why, NOTIFICATION.1));
    }
    if let Some(purpose) = purpose(alert).filter(|purpose| !why.is_some_and(|why| why.starts_with(purpose))) {
        text.markup(" - ").written(&unmarked(purpose, NOTIFICATION.1));
    }
    text.done()
}

/// The first sentence of the description of an alarm that went off: its name may say little, as those that CloudFormation
/// makes. None where it names a page.
fn purpose(alert: &Alert) -> Option<&str> {
    let description = alert.description.as_deref().filter(|_| alert.state == Some(State::Alarm))?.trim();
    let line = description.lines().next()?;
    let end = line.find(". ").unwrap_or(line.len());
    let sentence = line[..end].trim_end_matches('.').trim();
    (!sentence.is_empty() && addresses(sentence).is_empty()).then_some(sentence)
}

/// What crossed what, or which alarms changed, or the beginning of the best reason there is; of one time series which one.
fn why(alert: &Alert) -> Option<String> {
    let first = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let why = alert
        .measurement
        .as_ref()
        .and_then(|measurement| crossing::gist(measurement, alert.state.as_ref()))
        .or_else(|| children(alert))
        .or_else(|| first(&alert.reason))
        .or_else(|| first(&alert.description).filter(|_| parts::heading(alert).is_none()))
        .or_else(|| first(&alert.gist))
        .or_else(|| alert.facts.first().cloned());
    let series = alert.contributor.as_ref().map(|contributor| {
        let named = contributor.attributes.iter().take(NAMED).map(|(name, value)| format!("{name} {value}"));
        let named: Vec<String> = named.collect();
        if named.is_empty() { contributor.id.clone() } else { named.join(", ") }
    });
    match (series, why) {
        (Some(series), Some(why)) => Some(format!("{series}: {why}")),
        (series, why) => series.or(why),
    }
}

/// The alarms that made a composite alarm change: `a is ALARM, b is OK and 3 more`.
fn children(alert: &Alert) -> Option<String> {
    let children = &alert.composite.as_ref()?.children;
    let named = children.iter().take(NAMED).map(|child| match &child.state {
        Some(state) => format!("{} is {}", child.name, state.name()),
        None => child.name.clone(),
    });
    let named: Vec<String> = named.collect();
    let more = children.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("{}{more}", named.join(", ")))
}

/// Everything that matters as lines without markup, the most important first.
pub(super) fn lines(alert: &Alert, text: &mut Text) {
    let mut line = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            let colon = if name.is_empty() { "" } else { ": " };
            text.written(&format!("\n{name}{colon}{}", shortened(value.trim())));
        }
    };
    if let Some(muted) = &alert.muted {
        let until = muted.until.map(|until| format!(" until {}", utc(until))).unwrap_or_default();
        line("Muted by", &format!("{}{until}", muted.by));
    }
    line(parts::heading(alert).unwrap_or_default(), alert.description.as_deref().unwrap_or_default());
    for said in alert.measurement.iter().flat_map(|measured| crossing::plain(measured, alert.state.as_ref())) {
        line("", &said);
    }
    line("Triggered by", &children(alert).unwrap_or_default());
    line("Reason", alert.reason.as_deref().unwrap_or_default());
    for fact in &alert.facts {
        line("", &format!("- {fact}"));
    }
    for (name, value) in parts::fields(alert) {
        match value {
            FieldValue::Written(value) => line(&name, &value),
            FieldValue::Moment(at) => line(&name, &utc(at)),
        }
    }
    for (label, url) in buttons::buttons(alert).iter().take(3) {
        line(label, url);
    }
    line("", alert.body.as_deref().unwrap_or_default());
}

/// A part without its end where it is too long, on as many lines as it has.
fn shortened(value: &str) -> String {
    assay_problem::clip(value.to_owned(), PART)
}
