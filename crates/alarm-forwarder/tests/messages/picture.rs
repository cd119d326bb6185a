//! The picture in the documents says what is posted, word by word; only times are in a reader's zone there.

use super::samples::alert;
use alarm_forwarder::render::message;
use serde_json::Value;

/// Words with one space between them, without what is escaped.
fn words(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader sees of a line of Slack's markup; none of a line with a time.
fn seen(line: &str) -> Option<String> {
    let marks = ['*', '`'];
    (!line.contains("<!date^")).then(|| words(&line.replace(marks, "").replace("<http", "http").replace('>', "")))
}

#[test]
fn the_picture_says_what_is_posted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images/slack-alarm.svg");
    let picture = std::fs::read_to_string(path).unwrap();
    // Lines of one text stand in elements of their own, and so do words in another colour within a line.
    let picture = picture.replace("<tspan", "<").replace("</tspan>", "").replace("</text>", "</text> ");
    let picture: String = picture.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    let picture = words(&picture);
    for number in ["01", "02"] {
        let message = message(&alert(number));
        let mut said = Vec::new();
        texts(&message["blocks"], &mut said);
        texts(&message["attachments"], &mut said);
        assert!(said.len() >= 10, "{said:?}");
        for line in said.iter().flat_map(|text| text.lines()).filter_map(seen) {
            // The sign of the header is drawn.
            let line = line.trim_start_matches(['🔴', '🟢', ' ']);
            assert!(picture.contains(line), "{number}: {line} is not in the picture: {picture}");
        }
    }
}

/// Every text that is shown.
fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            all.extend(object.get("text").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|inner| texts(inner, all));
        }
        Value::Array(list) => list.iter().for_each(|inner| texts(inner, all)),
        _ => {}
    }
}
