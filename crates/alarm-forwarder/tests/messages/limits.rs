//! Slack's documented limits, written down a second time: UTF-16 units, counted over the finished message.

use serde_json::Value;

fn units(value: &Value) -> usize {
    value.as_str().unwrap_or_default().encode_utf16().count()
}

/// In what `message` breaks a limit or a rule of form.
pub(crate) fn violations(message: &Value) -> Vec<String> {
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
    let attachments = message["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lists = attachments.iter().map(|attachment| &attachment["blocks"]).chain([&message["blocks"]]);
    let blocks: Vec<&Value> = lists.filter_map(Value::as_array).flatten().collect();
    for fallback in attachments.iter().map(|attachment| &attachment["fallback"]) {
        hold(units(fallback) <= 4000 && fallback == &message["text"], format!("fallback {fallback}"));
    }
    hold(blocks.len() <= 50, format!("{} blocks", blocks.len()));
    let mut total = 0;
    let mut texts: Vec<(&Value, usize)> = Vec::new();
    for block in blocks {
        hold(units(&block["block_id"]) <= 255, format!("block_id {}", block["block_id"]));
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
            "context" => {
                let elements = block["elements"].as_array().unwrap();
                hold((1..=10).contains(&elements.len()), format!("{} elements", elements.len()));
                texts.extend(elements.iter().map(|text| (text, 3000)));
            }
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
        hold(text["type"] == "mrkdwn" || text["type"] == "plain_text", format!("a text of type {}", text["type"]));
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

/// Only times and addresses in their exact forms may stand in angle brackets, and a `&` only in the three escapes; nothing
/// calls everybody.
fn found_markup(text: &str, hold: &mut impl FnMut(bool, String)) {
    let mut outside = String::new();
    for (number, part) in text.split('<').enumerate() {
        let (inside, after) = if number == 0 { ("", part) } else { part.split_once('>').unwrap_or((part, ">")) };
        hold(number == 0 || is_moment(inside) || is_address(inside), format!("markup <{inside}>"));
        hold(!after.contains('>'), format!("a bracket that nothing opens, or closes, near {after:?}"));
        outside.push_str(after);
    }
    for after in text.split('&').skip(1) {
        let is_escape = ["amp;", "lt;", "gt;"].iter().any(|escape| after.starts_with(escape));
        hold(is_escape, format!("a bare & before {:?}", after.chars().take(5).collect::<String>()));
    }
    for word in ["@here", "@channel", "@everyone"] {
        for (at, _) in outside.match_indices(word) {
            let before = outside[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let after = outside[at + word.len()..].chars().next().is_some_and(char::is_alphanumeric);
            hold(before || after, format!("{word} calls everybody"));
        }
    }
}

/// `!date^1795162542^{date_short_pretty} {time_secs}|2026-11-20 08:15:42 UTC`
fn is_moment(inside: &str) -> bool {
    let Some((unix, utc)) =
        inside.strip_prefix("!date^").and_then(|rest| rest.split_once("^{date_short_pretty} {time_secs}|"))
    else {
        return false;
    };
    let utc = utc.strip_suffix(" UTC").map(|utc| format!("{}Z", utc.replace(' ', "T")));
    let utc = utc.and_then(|utc| utc.parse::<jiff::Timestamp>().ok());
    unix.parse::<i64>().is_ok_and(|unix| utc.is_some_and(|utc| utc.as_second() == unix))
}

/// An address without a label: what is read is what is opened.
fn is_address(inside: &str) -> bool {
    (inside.starts_with("https://") || inside.starts_with("http://"))
        && inside.is_ascii()
        && !inside.contains(|c: char| c == '|' || c.is_whitespace() || c.is_control())
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let section = |text: &str| {
        serde_json::json!({"text": "x", "parse": "none", "link_names": false, "unfurl_links": false,
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "verbatim": true, "text": text}}]})
    };
    let moment = "<!date^1795162542^{date_short_pretty} {time_secs}|2026-11-20 08:15:42 UTC>";
    assert_eq!(
        violations(&section(&format!("fine &amp; <https://x.example> a@here.example {moment}"))),
        Vec::<String>::new()
    );
    for text in [
        "<!channel>",
        "<@U1>",
        "<https://x.example|y>",
        "<!date^1^{date}|x>",
        "<!date^1^{date_short_pretty} {time_secs}|2026-11-20 08:15:42 UTC>",
        "a & b",
        "&quot;",
        "",
        &"x".repeat(3001),
        "a > b",
        "<https://x.example",
        "see @here",
    ] {
        assert_eq!(violations(&section(text)).len(), 1, "{text:.10}");
    }
}
