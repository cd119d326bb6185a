//! Slack's documented limits, written down a second time: UTF-16 units, counted over the finished message.

use serde_json::Value;

fn units(value: &Value) -> usize {
    value.as_str().unwrap_or_default().encode_utf16().count()
}

/// In what `message` breaks a limit or a rule of form.
pub fn violations(message: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut hold = |is_kept: bool, what: String| {
        if !is_kept {
            found.push(what);
        }
    };
    hold(message["text"].as_str().is_some_and(|text| !text.trim().is_empty()), "no text".to_owned());
    hold(units(&message["text"]) <= 4000, format!("text of {}", units(&message["text"])));
    for (key, value) in [("parse", Value::from("none")), ("link_names", false.into()), ("unfurl_links", false.into())] {
        hold(message[key] == value, format!("{key} is {}", message[key]));
    }
    let lists = [&message["blocks"], &message["attachments"][0]["blocks"]];
    let blocks: Vec<&Value> = lists.iter().filter_map(|list| list.as_array()).flatten().collect();
    hold(blocks.len() <= 50, format!("{} blocks", blocks.len()));
    let mut total = 0;
    let mut texts: Vec<(&Value, usize)> = Vec::new();
    for block in blocks {
        match block["type"].as_str().unwrap_or_default() {
            "header" => {
                hold(block["text"]["type"] == "plain_text", "header with markup".to_owned());
                texts.push((&block["text"], 150));
            }
            "section" => {
                let fields = block["fields"].as_array().cloned().unwrap_or_default();
                hold(block.get("text").is_some() || !fields.is_empty(), "empty section".to_owned());
                hold(fields.len() <= 10, format!("{} fields", fields.len()));
                texts.extend(block.get("text").map(|text| (text, 3000)));
                texts.extend(block["fields"].as_array().into_iter().flatten().map(|field| (field, 2000)));
            }
            "context" => texts.extend(block["elements"].as_array().unwrap().iter().map(|text| (text, 3000))),
            "actions" => {
                let buttons = block["elements"].as_array().unwrap();
                hold((1..=25).contains(&buttons.len()), format!("{} buttons", buttons.len()));
                for button in buttons {
                    hold(button["type"] == "button" && button["text"]["type"] == "plain_text", "no button".to_owned());
                    let url = button["url"].as_str().unwrap_or_default();
                    let opens = url.starts_with("https://") || url.starts_with("http://");
                    hold(opens && !url.contains(char::is_whitespace) && url.is_ascii(), format!("address {url}"));
                    hold(url.len() <= 3000, format!("address of {}", url.len()));
                    total += url.len();
                    texts.push((&button["text"], 75));
                }
            }
            other => hold(false, format!("block {other}")),
        }
    }
    for (text, most) in texts {
        let length = units(&text["text"]);
        hold((1..=most).contains(&length), format!("text of {length}, at most {most}"));
        hold(text["type"] != "mrkdwn" || text["verbatim"] == true, "not verbatim".to_owned());
        if text["type"] == "mrkdwn" {
            found_markup(text["text"].as_str().unwrap_or_default(), &mut hold);
        }
        total += length;
    }
    found_markup(message["text"].as_str().unwrap_or_default(), &mut hold);
    hold(total <= 12_000, format!("{total} in all"));
    found
}

/// Only times and addresses may stand in angle brackets, and a `&` only in the three escapes.
fn found_markup(text: &str, hold: &mut impl FnMut(bool, String)) {
    for inside in text.split('<').skip(1) {
        let inside = inside.split('>').next().unwrap_or_default();
        let is_ours = inside.starts_with("!date^") || inside.starts_with("https://") || inside.starts_with("http://");
        hold(is_ours, format!("markup <{inside}>"));
    }
    hold(text.matches('<').count() == text.matches('>').count(), "a bracket that nothing closes".to_owned());
    for after in text.split('&').skip(1) {
        let is_escape = ["amp;", "lt;", "gt;"].iter().any(|escape| after.starts_with(escape));
        hold(is_escape, format!("a bare & before {:?}", after.chars().take(5).collect::<String>()));
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let section = |text: &str| {
        serde_json::json!({"text": "x", "parse": "none", "link_names": false, "unfurl_links": false,
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "verbatim": true, "text": text}}]})
    };
    assert_eq!(violations(&section("fine &amp; <https://x.example>")), Vec::<String>::new());
    for text in ["<!channel>", "<@U1>", "a & b", "&quot;", "", &"x".repeat(3001), "a > b"] {
        assert_eq!(violations(&section(text)).len(), 1, "{text:.10}");
    }
}
