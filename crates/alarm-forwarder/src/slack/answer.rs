//! What an answer of Slack means, by what is to be done next. Pure.

use super::Posted;
use serde_json::Value;
use std::time::Duration;

/// What is to be done next. Texts are words of Slack's own list, never what a body says at length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing: the message stands. The Web API says where.
    Taken(Option<Posted>),
    /// Wait so long, then ask again.
    Wait(Option<Duration>),
    /// Ask again: Slack, or the way to it, is not well, and has not taken the message.
    Again(String),
    /// Ask once more: Slack may have taken the message, but nobody knows.
    Lost(String),
    /// Say the same without blocks.
    Plainly(String),
    /// Look whether the secret says something else by now.
    ReadSecret(String),
    /// Nothing helps.
    Refused(String),
}

impl Answer {
    /// The answer of a webhook.
    pub(super) fn of_webhook(status: u16, body: &str, retry_after: Option<&str>) -> Self {
        let said = format!("{status} {}", word(body));
        match status {
            200 if body.trim() == "ok" => Self::Taken(None),
            // Something between here and Slack that says yes to everything is not Slack.
            200..=299 => Self::Again(format!("{status}, but not `ok`")),
            300..=399 => Self::Refused(format!("{status}, a redirect, which is not followed")),
            400 | 413 => Self::Plainly(said),
            403 | 404 => Self::ReadSecret(said),
            _ => Self::of_status(status, body, retry_after, said),
        }
    }

    /// The answer of the Web API. What `ok` says counts; an error comes with status 200.
    pub(super) fn of_web_api(status: u16, body: &str, retry_after: Option<&str>) -> Self {
        if (300..=399).contains(&status) {
            return Self::Refused(format!("{status}, a redirect, which is not followed"));
        }
        if status != 200 {
            return Self::of_status(status, body, retry_after, format!("{status} {}", word(body)));
        }
        let Ok(answer) = serde_json::from_str::<Value>(body) else {
            return Self::Again("200, but no JSON".to_owned());
        };
        if answer["ok"] == true {
            let text = |key: &str| answer[key].as_str().map(str::to_owned);
            let posted = text("channel").zip(text("ts")).map(|(channel, ts)| Posted { channel, ts });
            return Self::Taken(posted);
        }
        let error = word(answer["error"].as_str().unwrap_or_default());
        match error.as_str() {
            "ratelimited" | "rate_limited" => Self::Wait(seconds(retry_after, body)),
            "invalid_blocks"
            | "invalid_blocks_format"
            | "invalid_attachments"
            | "msg_blocks_too_long"
            | "msg_too_long"
            | "too_many_attachments"
            | "no_text"
            | "invalid_json"
            | "json_not_object" => Self::Plainly(error),
            "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive"
            | "channel_not_found" | "not_in_channel" | "is_archived" => Self::ReadSecret(error),
            // Of both Slack says that part of the work may have been done before.
            "internal_error" | "fatal_error" => Self::Lost(error),
            "service_unavailable" | "request_timeout" | "team_added_to_org" => Self::Again(error),
            _ => Self::Refused(error),
        }
    }

    fn of_status(status: u16, body: &str, retry_after: Option<&str>, said: String) -> Self {
        match status {
            429 => Self::Wait(seconds(retry_after, body)),
            408 | 500..=599 => Self::Again(said),
            _ => Self::Refused(said),
        }
    }
}

/// How long Slack asks to wait: in the header, and of old webhooks in the body too.
fn seconds(header: Option<&str>, body: &str) -> Option<Duration> {
    let of_body = || serde_json::from_str::<Value>(body).ok().and_then(|body| body["retry_after"].as_f64());
    let seconds = header.and_then(|header| header.trim().parse::<f64>().ok()).or_else(of_body)?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// A word of Slack's list at the beginning of `text`; what is none is not told, as it could be anything.
fn word(text: &str) -> String {
    let text = text.trim();
    let is_word = !text.is_empty() && text.len() <= 60 && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_word { text.to_owned() } else { "(no word of Slack's)".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_has_taken_a_message_only_when_it_says_ok() {
        assert_eq!(Answer::of_webhook(200, "ok\n", None), Answer::Taken(None));
        for (status, body) in [(200, "<html>"), (200, ""), (204, ""), (202, "ok")] {
            assert!(matches!(Answer::of_webhook(status, body, None), Answer::Again(_)), "{status} {body}");
        }
    }

    #[test]
    fn every_refusal_of_a_webhook_has_its_remedy() {
        type Is = fn(&Answer) -> bool;
        let plainly: Is = |answer| matches!(answer, Answer::Plainly(_));
        let secret: Is = |answer| matches!(answer, Answer::ReadSecret(_));
        let refused: Is = |answer| matches!(answer, Answer::Refused(_));
        let again: Is = |answer| matches!(answer, Answer::Again(_));
        for (status, body, is) in [
            (400, "invalid_blocks", plainly),
            (400, "invalid_payload", plainly),
            (413, "", plainly),
            (403, "invalid_token", secret),
            (404, "no_service", secret),
            (404, "channel_not_found", secret),
            (410, "channel_is_archived", refused),
            (302, "", refused),
            (307, "", refused),
            (401, "", refused),
            (500, "rollup_error", again),
            (503, "<html>", again),
            (408, "", again),
        ] {
            assert!(is(&Answer::of_webhook(status, body, None)), "{status} {body}");
        }
    }

    #[test]
    fn waiting_times_are_read_from_header_and_body() {
        let wait = |seconds| Answer::Wait(Some(Duration::from_secs(seconds)));
        let body = r#"{"retry_after":3,"ok":false,"error":"rate_limited"}"#;
        assert_eq!(Answer::of_webhook(429, body, Some("7")), wait(7));
        assert_eq!(Answer::of_webhook(429, body, None), wait(3));
        for header in ["soon", "-1", "NaN", "1e300", ""] {
            assert_eq!(Answer::of_webhook(429, "", Some(header)), Answer::Wait(None), "{header}");
        }
        assert_eq!(Answer::of_web_api(429, "", Some("2")), wait(2));
        assert_eq!(Answer::of_web_api(200, r#"{"ok":false,"error":"ratelimited"}"#, Some("2")), wait(2));
    }

    #[test]
    fn the_web_api_says_what_became_of_a_message() {
        let posted = Posted { channel: "C1".to_owned(), ts: "1.2".to_owned() };
        let said = r#"{"ok":true,"channel":"C1","ts":"1.2"}"#;
        assert_eq!(Answer::of_web_api(200, said, None), Answer::Taken(Some(posted)));
        let error = |name: &str| Answer::of_web_api(200, &format!(r#"{{"ok":false,"error":"{name}"}}"#), None);
        assert!(matches!(error("invalid_blocks"), Answer::Plainly(_)));
        assert!(matches!(error("token_revoked"), Answer::ReadSecret(_)));
        assert!(matches!(error("message_not_found"), Answer::Refused(_)));
        assert!(matches!(error("internal_error"), Answer::Lost(_)));
        assert!(matches!(error("service_unavailable"), Answer::Again(_)));
        assert!(matches!(error("missing_scope"), Answer::Refused(_)));
        assert!(matches!(Answer::of_web_api(200, "<html>", None), Answer::Again(_)));
        assert!(matches!(Answer::of_web_api(200, r#"{"ok":"true"}"#, None), Answer::Refused(_)));
    }

    #[test]
    fn a_body_is_told_only_where_it_is_a_word_of_slack() {
        for body in ["https://hooks.slack.com/services/HIDDEN", "HIDDEN", "{\"a\":\"HIDDEN\"}"] {
            for status in [400, 403, 404, 410, 500] {
                assert!(!format!("{:?}", Answer::of_webhook(status, body, None)).contains("HIDDEN"));
            }
        }
        assert_eq!(Answer::of_webhook(404, "no_service", None), Answer::ReadSecret("404 no_service".to_owned()));
    }
}
