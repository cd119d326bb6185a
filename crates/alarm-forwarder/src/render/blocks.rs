//! Blocks within Slack's limits. Each knows how much room it has, and how much the message has left.

use super::text::{Text, escaped_units, units, unmarked};
use serde_json::{Value, json};

/// All texts and addresses of a message together, in UTF-16 units. Slack documents no limit; messages of 13,200 were refused.
const MESSAGE: usize = 11_000;
/// The addresses of buttons, of these.
const ADDRESSES: usize = 4_500;
/// A section, a field, a header, a button's text, a context. Slack's limits are 3,000, 2,000, 150, 75 and 3,000.
const SECTION: usize = 2_900;
const FIELD: usize = 600;
const HEADER: usize = 150;
const BUTTON: usize = 70;
const CONTEXT: usize = 400;
/// How many fields a section may have, and how many sections of fields are made.
const FIELDS: (usize, usize) = (10, 2);
/// How many buttons there are; with more, none is found.
const BUTTONS: usize = 5;
/// How many sections the lines become.
const LINES: usize = 3;
/// With less room than this nothing is begun.
const SMALLEST: usize = 100;

/// Blocks, and the room that is left.
#[derive(Debug)]
pub(super) struct Blocks {
    blocks: Vec<Value>,
    left: usize,
    is_cut: bool,
}

impl Default for Blocks {
    fn default() -> Self {
        // The context comes last, and always has room.
        Self { blocks: Vec::new(), left: MESSAGE - CONTEXT, is_cut: false }
    }
}

impl Blocks {
    /// A header. It stands for itself, so it is given back.
    pub(super) fn header(&mut self, title: &str) -> Value {
        let title = unmarked(title, HEADER);
        self.left -= units(&title);
        json!({"type": "header", "text": {"type": "plain_text", "text": title, "emoji": true}})
    }

    /// Buttons that open pages: label and address. They come last, and are counted first. None where there are none.
    pub(super) fn buttons(&mut self, links: &[(String, String)]) -> Option<Value> {
        let (mut room, mut buttons) = (ADDRESSES, Vec::new());
        for (label, url) in links {
            let label = unmarked(label, BUTTON);
            let size = units(url) + units(&label);
            if buttons.len() == BUTTONS || size > room {
                self.is_cut = true;
                continue;
            }
            room -= size;
            self.left -= size;
            buttons.push(json!({"type": "button", "text": {"type": "plain_text", "text": label}, "url": url}));
        }
        (!buttons.is_empty()).then(|| json!({"type": "actions", "elements": buttons}))
    }

    /// A section that `write` fills; none where nothing is written.
    pub(super) fn section(&mut self, write: impl FnOnce(&mut Text)) {
        if let Some(text) = self.text(SECTION, write) {
            self.blocks.push(json!({"type": "section", "text": text}));
        }
    }

    /// Named values, two beside each other.
    pub(super) fn fields(&mut self, fields: &[(String, FieldValue)]) {
        let mut made = Vec::new();
        for (name, value) in fields {
            if made.len() == FIELDS.0 * FIELDS.1 {
                self.is_cut = true;
                break;
            }
            made.extend(self.text(FIELD, |text| {
                text.markup("*").written(&unmarked(&name.replace('*', ""), 60)).markup("*\n");
                match value {
                    FieldValue::Written(value) => text.linked(value),
                    FieldValue::Moment(at) => text.moment(*at),
                };
            }));
        }
        for fields in made.chunks(FIELDS.0) {
            self.blocks.push(json!({"type": "section", "fields": fields}));
        }
    }

    /// A line for each thing, in as few sections as hold them; what has no room is counted.
    pub(super) fn lines(&mut self, lines: &[String]) {
        let mut rest = lines;
        for number in 0..LINES {
            let mut taken = 0;
            let is_last = number + 1 == LINES;
            let all = rest;
            self.section(|text| {
                for line in all {
                    let shown = escaped_units(line) + 10;
                    // A line goes into the next section where it has no room here, unless none would have.
                    if taken > 0 && text.room() < shown.min(1500) + if is_last { 40 } else { 0 } {
                        break;
                    }
                    text.markup(if taken > 0 { "\n• " } else { "• " }).linked(line);
                    taken += 1;
                    if text.is_full() {
                        break;
                    }
                }
                if is_last && taken < all.len() {
                    text.markup(&format!("\n_and {} more_", all.len() - taken));
                }
            });
            rest = &rest[taken.min(rest.len())..];
            if rest.is_empty() {
                return;
            }
        }
        self.is_cut = true;
    }

    /// Text as it came, in a fixed width.
    pub(super) fn verbatim(&mut self, body: &str) {
        let most = SECTION.min(self.left);
        if body.trim().is_empty() || most < SMALLEST {
            self.is_cut |= !body.trim().is_empty();
            return;
        }
        // What would end the block before its end.
        let body = body.replace("```", "'''");
        let mut inner = Text::new(most - "```\n\n```".len() - 1);
        inner.fixed(&body);
        self.is_cut |= inner.is_full();
        if !inner.is_blank() {
            let inner = inner.done();
            self.section(|text| {
                text.markup(&format!("```\n{inner}\n```"));
            });
        }
    }

    /// The last line, which always has room.
    pub(super) fn context(&mut self, write: impl FnOnce(&mut Text)) {
        self.left += CONTEXT;
        if let Some(text) = self.text(CONTEXT, write) {
            self.blocks.push(json!({"type": "context", "elements": [text]}));
        }
    }

    /// A block that is made already.
    pub(super) fn extend(&mut self, block: Option<Value>) {
        self.blocks.extend(block);
    }

    /// Whether anything was left out or cut.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The blocks.
    pub(super) fn done(self) -> Vec<Value> {
        self.blocks
    }

    /// A text object of at most `most` units, and no more than there is room for.
    fn text(&mut self, most: usize, write: impl FnOnce(&mut Text)) -> Option<Value> {
        let most = most.min(self.left);
        let mut text = Text::new(most);
        write(&mut text);
        if text.is_blank() {
            return None;
        }
        self.is_cut |= text.is_full();
        if most < SMALLEST {
            self.is_cut = true;
            return None;
        }
        let text = text.done();
        self.left -= units(&text);
        Some(json!({"type": "mrkdwn", "text": text, "verbatim": true}))
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FieldValue {
    /// What somebody wrote.
    Written(String),
    /// A moment.
    Moment(jiff::Timestamp),
}
