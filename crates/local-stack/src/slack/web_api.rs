//! `chat.postMessage` and `chat.update`.

use serde_json::{Value, json};

use super::answer::Answer;
use super::channels::{Channels, id_of};
use super::token::TOKEN;

/// What a call of the Web API is answered, once its message keeps the limits.
pub(super) fn call(method: &str, authorization: Option<&str>, body: Value, channels: &mut Channels) -> Answer {
    match authorization.map(|header| header.strip_prefix("Bearer ")) {
        None => return Answer::error("not_authed", &[]),
        Some(Some(token)) if token == TOKEN => {}
        Some(_) => return Answer::error("invalid_auth", &[]),
    }
    let channel = body["channel"].as_str().unwrap_or_default().to_owned();
    if channel.is_empty() {
        return Answer::error("channel_not_found", &[]);
    }
    match method {
        "chat.postMessage" => post(&channel, body, channels),
        "chat.update" => update(&channel, body, channels),
        _ => Answer::error("unknown_method", &[]),
    }
}

fn post(channel: &str, body: Value, channels: &mut Channels) -> Answer {
    let id = id_of(channel);
    if let Some(parent) = body["thread_ts"].as_str()
        && !channels.has(&id, parent)
    {
        return Answer::error("thread_not_found", &[]);
    }
    let ts = channels.post(id.clone(), channel.to_owned(), body.clone());
    Answer::json(&json!({"ok": true, "channel": id, "ts": ts, "message": {"text": body["text"], "ts": ts}}))
}

fn update(channel: &str, body: Value, channels: &mut Channels) -> Answer {
    // It takes ids alone; a name is no channel to it.
    if id_of(channel) != channel {
        return Answer::error("channel_not_found", &[]);
    }
    let ts = body["ts"].as_str().unwrap_or_default().to_owned();
    if !channels.edit(channel, &ts, body.clone()) {
        return Answer::error("message_not_found", &[]);
    }
    Answer::json(&json!({"ok": true, "channel": channel, "ts": ts, "text": body["text"]}))
}
