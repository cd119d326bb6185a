//! The week that a digest is about, and the one before it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Seven days of 24 hours, in UTC: a week of that length can be compared with the one before it, whatever clocks do.
const LENGTH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The seven days before a moment: from `since` on, without `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Where it begins.
    pub since: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
}

impl Week {
    /// The seven days before `until`.
    pub fn before(until: Timestamp) -> Self {
        Self { since: until.checked_sub(LENGTH).unwrap_or(Timestamp::MIN), until }
    }

    /// The seven days before this one.
    pub fn previous(self) -> Self {
        Self::before(self.since)
    }

    /// Whether it is in the week.
    pub fn has(self, moment: Timestamp) -> bool {
        self.since <= moment && moment < self.until
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_moment_is_of_one_week() {
        let until: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let week = Week::before(until);
        assert_eq!(week.since.to_string(), "2026-11-16T08:00:00Z");
        assert!(week.has(week.since) && !week.has(until));
        assert!(!week.previous().has(week.since));
        assert_eq!(week.previous().until, week.since);
        assert_eq!(Week::before(Timestamp::MIN).since, Timestamp::MIN);
    }
}
