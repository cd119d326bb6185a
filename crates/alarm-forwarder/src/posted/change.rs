//! The last change of an alarm that a destination was told.

use super::POSTED_FORMAT;
use crate::alert::{Alert, State};
use crate::slack::Posted;
use jiff::Timestamp;
use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `monitor/posted/alarms/<digest>.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The version of the format.
    pub format: u32,
    /// The alarm, for people who look.
    pub subject: String,
    /// The state, as the service writes it.
    pub state: String,
    /// When the state changed.
    pub changed: Timestamp,
    /// Whether it was told in grey, as of an alarm that is muted or suppressed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
    /// The message that tells of it, where it can be edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Posted>,
    /// What that message said at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Value>,
    /// What it says now, or will say in a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Value>,
    /// Whether all of it was done: the message posted or edited, and the reply given.
    pub told: bool,
}

/// A change that is written down, and which version of it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What stands there.
    pub change: Change,
    /// What tells it from later ones.
    pub version: UpdateVersion,
}

impl Change {
    /// The change that an alert tells of; none where it is no alarm, or says no time.
    pub fn of(alert: &Alert) -> Option<Self> {
        let state = alert.state.as_ref()?.name().to_owned();
        let (subject, changed, muted) = (alert.identity.subject.clone(), alert.since?, alert.muted.is_some());
        Some(Self {
            format: POSTED_FORMAT,
            subject,
            state,
            changed,
            muted,
            message: None,
            first: None,
            now: None,
            told: true,
        })
    }

    /// Whether the alarm is still something to look after, so that what comes next belongs to it.
    pub fn is_open(&self) -> bool {
        self.state != State::Ok.name()
    }

    /// Whether it is the same change, told in the same way.
    pub fn is_same(&self, other: &Self) -> bool {
        self.changed == other.changed && self.state == other.state && self.muted == other.muted
    }
}
