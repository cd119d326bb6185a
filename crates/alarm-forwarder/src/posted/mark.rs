//! The mark of one message to one destination: somebody is posting it, or it is posted.

use super::POSTED_FORMAT;
use jiff::{SignedDuration, Timestamp};
use object_store::UpdateVersion;
use object_store::path::Path;
use serde::{Deserialize, Serialize};

/// Lambda's longest invocation.
const LONGEST_LEASE: SignedDuration = SignedDuration::from_mins(15);

/// What came of asking to post a message.
#[derive(Debug)]
pub enum Begun {
    /// Nobody else posts it.
    Ours(Mark),
    /// It is posted.
    Done,
    /// Somebody is posting it, who may live as long as this.
    Busy(Timestamp),
}

/// The right to post a message.
#[derive(Debug)]
pub struct Mark {
    pub(super) path: Path,
    /// The version that was written; none while the bucket cannot be reached.
    pub(super) version: Option<UpdateVersion>,
    /// Whether an earlier attempt has begun it and did not say how it ended.
    pub(super) was_begun: bool,
}

impl Mark {
    /// Whether an earlier attempt may have posted it, which died before it could say so.
    pub fn was_begun(&self) -> bool {
        self.was_begun
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Somebody is posting it.
    Posting,
    /// Somebody tried, and it was not taken.
    GivenBack,
    /// It is posted.
    Posted,
}

/// `monitor/posted/messages/<digest>.json`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MarkFile {
    pub(super) format: u32,
    pub(super) stage: Stage,
    /// Who, for people who look.
    pub(super) holder: String,
    /// What, for people who look.
    pub(super) subject: String,
    /// When this was written.
    pub(super) at: Timestamp,
    /// Until when whoever posts it may live.
    pub(super) lease_until: Timestamp,
}

impl MarkFile {
    /// What is written at the beginning of posting.
    pub(super) fn posting(holder: &str, subject: &str, now: Timestamp, lease_until: Timestamp) -> Self {
        let (holder, subject) = (holder.to_owned(), subject.to_owned());
        Self { format: POSTED_FORMAT, stage: Stage::Posting, holder, subject, at: now, lease_until }
    }

    /// Whether somebody may be posting it. A lease longer than any is that of a wrong clock, by which a message would wait
    /// for as long.
    pub(super) fn is_held(&self, now: Timestamp) -> bool {
        let left = self.lease_until.duration_since(now);
        self.stage == Stage::Posting && left.is_positive() && left <= LONGEST_LEASE
    }
}
