//! Slack's limits on a message, and the forms of its blocks.
//!
//! Slack does not say what it counts; UTF-16 units are the most that any of its clients could mean, so they are counted here.

use serde_json::Value;

/// How many characters all blocks of a message may have. Slack names no number; messages of about 13,200 were refused.
const MESSAGE: usize = 13_000;

/// In what a message breaks Slack's limits; nothing where it keeps them.
#[must_use]
pub fn violations(message: &Value) -> Vec<String> {
    let mut checked = Checked::default();
    let Some(fields) = message.as_object() else { return vec!["the message is no JSON object".to_owned()] };
    let text = message["text"].as_str().unwrap_or_default();
    checked.at_most("text", units(text), 40_000);
    let blocks = message["blocks"].as_array().map_or(&[][..], Vec::as_slice);
    let attachments = message["attachments"].as_array().map_or(&[][..], Vec::as_slice);
    if text.trim().is_empty() && blocks.is_empty() && attachments.is_empty() {
        checked.wrong("text", "no_text");
    }
    for name in ["blocks", "attachments"] {
        if fields.get(name).is_some_and(|value| !value.is_array()) {
            checked.wrong(name, "not a list");
        }
    }
    checked.blocks("blocks", blocks);
    checked.at_most("attachments", attachments.len(), 100);
    for (number, attachment) in attachments.iter().enumerate() {
        let place = format!("attachments[{number}]");
        let blocks = attachment["blocks"].as_array().map_or(&[][..], Vec::as_slice);
        checked.blocks(&format!("{place}.blocks"), blocks);
        checked.at_most(&format!("{place}.footer"), units(attachment["footer"].as_str().unwrap_or_default()), 300);
        if let Some(color) = attachment.get("color")
            && !color.as_str().is_some_and(is_color)
        {
            checked.wrong(&format!("{place}.color"), "not a colour");
        }
    }
    checked.at_most("all blocks", checked.total, MESSAGE);
    checked.found
}

fn is_color(text: &str) -> bool {
    ["good", "warning", "danger"].contains(&text)
        || text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

/// Characters as UTF-16 counts them.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[derive(Default)]
struct Checked {
    found: Vec<String>,
    total: usize,
}

impl Checked {
    fn wrong(&mut self, place: &str, what: &str) {
        self.found.push(format!("{place}: {what}"));
    }

    fn at_most(&mut self, place: &str, count: usize, most: usize) {
        if count > most {
            self.wrong(place, &format!("{count}, at most {most}"));
        }
    }

    fn blocks(&mut self, place: &str, blocks: &[Value]) {
        self.at_most(place, blocks.len(), 50);
        for (number, block) in blocks.iter().enumerate() {
            self.block(&format!("{place}[{number}]"), block);
        }
    }

    fn block(&mut self, place: &str, block: &Value) {
        self.at_most(&format!("{place}.block_id"), units(block["block_id"].as_str().unwrap_or_default()), 255);
        match block["type"].as_str().unwrap_or_default() {
            "header" => {
                if block["text"]["type"] != "plain_text" {
                    self.wrong(place, "the text of a header is plain_text");
                }
                self.text(&format!("{place}.text"), &block["text"], 150);
            }
            "section" => {
                let fields = block["fields"].as_array().map_or(&[][..], Vec::as_slice);
                if block["text"].is_null() && fields.is_empty() {
                    self.wrong(place, "a section has text or fields");
                }
                if !block["text"].is_null() {
                    self.text(&format!("{place}.text"), &block["text"], 3_000);
                }
                self.at_most(&format!("{place}.fields"), fields.len(), 10);
                for (number, field) in fields.iter().enumerate() {
                    self.text(&format!("{place}.fields[{number}]"), field, 2_000);
                }
            }
            "context" => {
                let elements = self.elements(place, block, 10);
                for (number, element) in elements.iter().enumerate() {
                    self.text(&format!("{place}.elements[{number}]"), element, 3_000);
                }
            }
            "actions" => {
                let elements = self.elements(place, block, 25);
                for (number, element) in elements.iter().enumerate() {
                    self.button(&format!("{place}.elements[{number}]"), element);
                }
            }
            "divider" => {}
            other => self.wrong(place, &format!("`{other}` is no block that is known here")),
        }
    }

    fn elements(&mut self, place: &str, block: &Value, most: usize) -> Vec<Value> {
        let elements = block["elements"].as_array().cloned().unwrap_or_default();
        if elements.is_empty() {
            self.wrong(place, "no elements");
        }
        self.at_most(&format!("{place}.elements"), elements.len(), most);
        elements
    }

    fn text(&mut self, place: &str, text: &Value, most: usize) {
        if !["plain_text", "mrkdwn"].iter().any(|kind| text["type"] == *kind) {
            self.wrong(place, "neither plain_text nor mrkdwn");
        }
        let said = text["text"].as_str().unwrap_or_default();
        if said.is_empty() {
            self.wrong(place, "an empty text");
        }
        self.total += units(said);
        self.at_most(place, units(said), most);
    }

    fn button(&mut self, place: &str, button: &Value) {
        if button["type"] != "button" {
            self.wrong(place, "not a button");
        }
        if button["text"]["type"] != "plain_text" {
            self.wrong(place, "the text of a button is plain_text");
        }
        self.text(&format!("{place}.text"), &button["text"], 75);
        let url = button["url"].as_str();
        self.at_most(&format!("{place}.url"), units(url.unwrap_or_default()), 3_000);
        if url.is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            self.wrong(place, "the address of a button is no http address");
        }
        self.at_most(&format!("{place}.action_id"), units(button["action_id"].as_str().unwrap_or_default()), 255);
    }
}
