//! What the stand-in knows: its rules, the calls that came, and what stands in the channels.

use serde::Serialize;
use serde_json::Value;

use super::channels::Channels;
use super::script::{SlackAnswer, SlackRule};

/// One call that came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlackCall {
    /// The path: `/services/...` of a webhook, `/api/chat.postMessage` or `/api/chat.update` of the Web API.
    pub path: String,
    /// The body; null where it was no JSON.
    pub body: Value,
    /// What came in `Authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    /// Which limits of Slack it breaks.
    pub violations: Vec<String>,
    /// The status that was answered; none where there was no answer.
    pub status: Option<u16>,
    /// The body that was answered.
    pub answer: String,
}

#[derive(Debug, Default)]
pub(super) struct State {
    rules: Vec<SlackRule>,
    pub(super) calls: Vec<SlackCall>,
    pub(super) channels: Channels,
}

impl State {
    pub(super) fn set_rules(&mut self, rules: Vec<SlackRule>) {
        self.rules = rules;
    }

    /// The answer to this call; counts it on the rule that decides.
    pub(super) fn next_answer(&mut self, path: &str, body: &str) -> SlackAnswer {
        let Some(rule) = self.rules.iter_mut().find(|rule| rule.fits(path, body)) else { return SlackAnswer::Ok };
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
        }
        rule.answer.clone()
    }
}
