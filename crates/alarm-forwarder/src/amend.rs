//! What delivery adds to a message that is ready: that it came late, or what it said before. Pure.

use crate::posted::Change;
use crate::render::local_time;
use serde_json::{Value, json};

/// The colour of what is over.
const OVER: &str = "#9e9e9e";
/// How many characters a message may have in all for an earlier one to be kept below it. Slack refuses messages of about
/// 13,200.
const ROOM: usize = 11_000;

/// The message, with a line that says that the alarm has changed again since.
pub(crate) fn late(message: &Value, newer: &Change) -> Value {
    let Some(attachments) = message["attachments"].as_array() else { return late_plain(message, newer) };
    let mut attachments = attachments.clone();
    attachments.push(json!({"color": OVER, "blocks": [{
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": note(newer)}],
    }]}));
    let mut message = message.clone();
    message["attachments"] = attachments.into();
    message
}

/// The same for a message without blocks.
pub(crate) fn late_plain(message: &Value, newer: &Change) -> Value {
    let mut message = message.clone();
    let text = message["text"].as_str().unwrap_or_default();
    message["text"] = format!("{text}\n{}", note(newer)).into();
    message
}

fn note(newer: &Change) -> String {
    // The state is a word of the service's; whatever else it might be has no marks that Slack reads.
    let state: String = newer.state.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(30).collect();
    let since = local_time(newer.changed, newer.changed.to_string());
    format!("This came late: the alarm is {state} since {since}.")
}

/// What a message says once it is edited: the new state, and below it, in grey, what it said at first, as far as both are
/// short enough.
pub(crate) fn edited(message: &Value, first: Option<&Value>) -> Value {
    let attachments = |message: &Value| message["attachments"].as_array().cloned().unwrap_or_default();
    let (mut all, earlier) = (attachments(message), first.map(attachments).unwrap_or_default());
    if all.is_empty() || earlier.is_empty() {
        return message.clone();
    }
    all.extend(earlier.into_iter().map(|mut attachment| {
        attachment["color"] = OVER.into();
        attachment
    }));
    let blocks: usize = all.iter().filter_map(|attachment| attachment["blocks"].as_array()).map(Vec::len).sum();
    let all = Value::from(all);
    // JSON is longer than what it says, so what is short enough in JSON is short enough.
    // One block more stands above the attachments.
    if blocks > 49 || all.to_string().encode_utf16().count() > ROOM {
        return message.clone();
    }
    let mut message = message.clone();
    message["attachments"] = all;
    message
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use local_stack::slack::violations;

    fn message(text: &str, color: &str) -> Value {
        let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": text}});
        json!({"text": "t", "attachments": [{"color": color, "blocks": [section]}]})
    }

    fn change(state: &str) -> Change {
        let changed = "2026-11-20T08:15:42Z".parse().unwrap();
        let subject = String::new();
        Change {
            format: 1,
            subject,
            state: state.to_owned(),
            changed,
            muted: false,
            message: None,
            first: None,
            now: None,
            told: true,
        }
    }

    #[test]
    fn a_late_message_says_so_in_its_own_words() {
        // 2026-11-20T08:15:42Z is 1,795,162,542 s after 1970: 20,777 days and 29,742 s.
        let expected = "the alarm is OK since <!date^1795162542^";
        let late = late(&message("m", "danger"), &change("OK"));
        assert_eq!(late["attachments"].as_array().unwrap().len(), 2);
        let said = late["attachments"][1]["blocks"][0]["elements"][0]["text"].as_str().unwrap();
        assert!(said.contains(expected), "{said}");
        assert_eq!(violations(&late), Vec::<String>::new());
        let plain = late_plain(&json!({"text": "t"}), &change("<!channel>"));
        assert!(plain["text"].as_str().unwrap().starts_with("t\nThis came late: the alarm is channel since"));
    }

    #[test]
    fn a_time_that_slack_cannot_show_is_told_in_utc() {
        let before = Change { changed: "1969-12-31T23:59:59.5Z".parse().unwrap(), ..change("OK") };
        let said = late_plain(&json!({"text": "t"}), &before);
        assert_eq!(said["text"], "t\nThis came late: the alarm is OK since 1969-12-31T23:59:59.5Z.");
    }

    #[test]
    fn what_a_message_said_at_first_is_kept_in_grey() {
        let edited = edited(&message("well", "good"), Some(&message("bad", "danger")));
        let colors: Vec<&str> =
            edited["attachments"].as_array().unwrap().iter().map(|part| part["color"].as_str().unwrap()).collect();
        assert_eq!(colors, ["good", OVER]);
        assert_eq!(edited["attachments"][1]["blocks"][0]["text"]["text"], "bad");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let long = message(&"x".repeat(2_900), "good");
        let mut longer = message("", "danger");
        let section = long["attachments"][0]["blocks"][0].clone();
        longer["attachments"][0]["blocks"] = vec![section; 3].into();
        assert_eq!(edited(&long, Some(&longer)), long);
        assert_eq!(violations(&edited(&long, Some(&long))), Vec::<String>::new());
        assert_eq!(edited(&long, None), long);
        let plain = json!({"text": "t"});
        assert_eq!(edited(&plain, Some(&long)), plain);
    }
}
