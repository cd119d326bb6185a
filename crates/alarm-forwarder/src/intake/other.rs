//! Everything else: text, JSON, and events that nobody here knows. It is shown as it came.

use super::gist::gist;
use super::message::Message;
use super::{json as reading, link, origin};
use crate::alert::{Alert, Field, Origin};
use serde_json::Value;

/// The longest first line that is a title and nothing more, in characters.
const LONGEST_TITLE: usize = 100;
/// How much of what JSON says in short is a title, in characters.
const LONGEST_GIST: usize = 110;
/// How many resources of an event are named.
const MOST_RESOURCES: usize = 5;

/// A text. Its first line is the title where it has no subject; a first line that is too long for one comes again below.
pub(super) fn text(message: &Message, text: &str) -> Alert {
    let untrimmed = text.trim_start_matches('\u{feff}').trim_end();
    let text = untrimmed.trim_start();
    // The first line keeps its indent.
    let blank = &untrimmed[..untrimmed.len() - text.len()];
    let whole = &untrimmed[blank.rfind('\n').map_or(0, |end| end + 1)..];
    let is_json = looks_like_json(text);
    let is_code = is_json || looks_preformatted(whole);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim();
    let (title, shown) = match &message.subject {
        Some(subject) if subject == text => (subject.clone(), ""),
        Some(subject) => (subject.clone(), whole),
        None if is_json => ("A message in JSON that cannot be read".to_owned(), text),
        None if first.is_empty() => ("An empty message".to_owned(), ""),
        None if first.chars().count() > LONGEST_TITLE => (first.to_owned(), text),
        None => (first.to_owned(), rest.trim_matches('\n')),
    };
    let shown = Some(shown.to_owned()).filter(|shown| !shown.trim().is_empty());
    let (description, body) = if is_code { (None, shown) } else { (shown, None) };
    let gist = body.as_deref().filter(|_| !is_json).and_then(told_by);
    Alert { links: link::pages(text), description, gist, body, ..message.alert(Origin::Text, title) }
}

/// Whether a text that is no JSON was meant to be: it is shown in a fixed width then. `[PROD] disk full` was not.
fn looks_like_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|character| !character.is_whitespace());
    match marks.next() {
        Some('{') => matches!(marks.next(), None | Some('"' | '}')),
        Some('[') => matches!(marks.next(), None | Some('"' | '{' | '[' | ']')),
        _ => false,
    }
}

/// Whether a text has a form of its own, which a fixed width keeps: a traceback, or several lines of which one is indented.
fn looks_preformatted(text: &str) -> bool {
    let is_indented = |line: &str| line.starts_with([' ', '\t']) && !line.trim().is_empty();
    text.contains('\n') && (text.contains("Traceback (most recent call last)") || text.lines().any(is_indented))
}

/// What tells of a preformatted text: the exception at the end of a traceback, which begins with where it came from; of others
/// their beginning.
fn told_by(text: &str) -> Option<String> {
    let is_frame = |line: &str| line.starts_with([' ', '\t']) || line.trim().is_empty();
    let traceback = text.contains("Traceback") || text.trim_start().starts_with("File \"");
    let exception = text.lines().rev().find(|line| !is_frame(line)).filter(|_| traceback);
    exception.map(str::to_owned).or_else(|| Some(text.trim().to_owned()))
}

/// Any JSON. Where it names no title, its first values are one.
pub(super) fn json(message: &Message, value: &Value) -> Alert {
    let named = ["title", "subject", "summary"]
        .into_iter()
        .find_map(|key| reading::pick(value, key).filter(|found| found.is_string()).and_then(reading::as_text));
    let named = message.subject.clone().or(named);
    let gist = gist(value, named.as_deref());
    // A header shows as much beside its sign.
    let short = || gist.clone().map(|gist| assay_problem::clip(gist, LONGEST_GIST));
    let title = named.or_else(short).unwrap_or_else(|| "A message in JSON".to_owned());
    Alert { gist, body: Some(pretty(value)), ..message.alert(Origin::Json, title) }
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
    alert.place = origin::place_of_event(event);
    alert.since = reading::time(event, "time").or(alert.since);
    alert.gist = gist(detail, None);
    alert.body = Some(pretty(detail));
    alert
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
