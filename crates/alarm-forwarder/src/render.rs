//! From an alert to what Slack shows, within every limit of Slack.
//!
//! The name stands in a header, everything else in an attachment with the colour of the state: only attachments have
//! colours, and only with blocks beside them is `text` the notification alone. All markup is made here; what people and
//! services wrote is escaped, and Slack is told to look for nothing in it (`verbatim`, `parse`, `link_names`).

mod blocks;
mod buttons;
mod characters;
mod crossing;
mod number;
mod parts;
mod summary;
mod text;

use crate::alert::{Alert, Tone};
pub(crate) use text::local_time;

use blocks::Blocks;
use serde_json::{Value, json};

/// How long a message without blocks becomes, in UTF-16 units. Slack recommends up to 4,000.
const PLAIN: usize = 3900;

/// The message: a header, and blocks in an attachment with the colour of the state; `text` is for notifications. What it is
/// posted to (`channel`, `thread_ts`, `ts`) is added by who posts it.
pub fn message(alert: &Alert) -> Value {
    let mut blocks = Blocks::default();
    let header = blocks.header(&summary::headline(alert));
    let text = summary::notification(alert);
    let buttons = blocks.buttons(&buttons::buttons(alert));
    blocks.section(|text| parts::muted(alert, text));
    blocks.section(|text| parts::description(alert, text));
    blocks.section(|text| parts::crossing(alert, text));
    blocks.section(|text| parts::composite(alert, text));
    blocks.lines(&alert.facts);
    blocks.fields(&parts::fields(alert));
    blocks.section(|text| parts::reason(alert, text));
    blocks.verbatim(alert.body.as_deref().unwrap_or_default());
    let is_cut = blocks.is_cut();
    blocks.context(|text| parts::context(alert, is_cut, text));
    blocks.extend(buttons);
    let mut message = quiet(text.clone());
    message["blocks"] = json!([header]);
    message["attachments"] = json!([{"color": color(alert.tone), "fallback": text, "blocks": blocks.done()}]);
    message
}

/// The same as text without blocks or markup: for when Slack refuses the blocks.
pub fn plain(alert: &Alert) -> Value {
    let mut text = text::Text::new(PLAIN);
    text.written(&summary::headline(alert));
    summary::lines(alert, &mut text);
    let mut message = quiet(text.done());
    message["mrkdwn"] = json!(false);
    message
}

/// A message with a text, in which Slack looks neither for names nor for pages to show.
fn quiet(text: String) -> Value {
    json!({"text": text, "parse": "none", "link_names": false, "unfurl_links": false, "unfurl_media": false})
}

/// The colour of the bar: those that Slack has names for, by their values.
fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "#a30200",
        Tone::Warning => "#daa038",
        Tone::Good => "#2eb886",
        Tone::Neutral => "#8d8d8d",
    }
}
