//! An alert in a line for a header or a notification, and as lines without markup.

use super::parts;
use super::text::{Text, unmarked, utc};
use crate::alert::{Alert, State, Tone};

/// How much of an alert's name, and of what follows it, a notification shows, in UTF-16 units.
const NOTIFICATION: (usize, usize) = (260, 200);
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

/// What a phone shows: state, name, and the beginning of the best reason there is.
pub(super) fn notification(alert: &Alert) -> String {
    let first = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let why = first(&alert.reason)
        .or_else(|| first(&alert.description))
        .or_else(|| alert.facts.first().cloned())
        .filter(|why| *why != alert.title);
    let mut text = Text::new(2000);
    text.written(&unmarked(&name(alert), NOTIFICATION.0));
    if let Some(why) = why {
        text.markup(" - ").written(&unmarked(&why, NOTIFICATION.1));
    }
    text.done()
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
        line("Muted by", &muted.by);
    }
    line("", alert.description.as_deref().unwrap_or_default());
    line("Reason", alert.reason.as_deref().unwrap_or_default());
    line("Since", &alert.since.map(utc).unwrap_or_default());
    line("Account", alert.place.account.as_deref().unwrap_or_default());
    line("Region", alert.place.region.as_deref().unwrap_or_default());
    for (label, url) in parts::buttons(alert).iter().take(3) {
        line(label, url);
    }
    for field in &alert.fields {
        line(&field.name, &field.value);
    }
    for fact in &alert.facts {
        line("", &format!("- {fact}"));
    }
    line("", alert.body.as_deref().unwrap_or_default());
}

/// A part without its end where it is too long, on as many lines as it has.
fn shortened(value: &str) -> String {
    assay_core::problem::clip(value.to_owned(), PART)
}
