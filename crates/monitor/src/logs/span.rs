//! The time that is looked at. Pure.

use jiff::{SignedDuration, Timestamp};

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    since: Timestamp,
    until: Timestamp,
}

/// A time that cannot be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It begins after now.
    #[error("{0} is in the future")]
    Future(Timestamp),
    /// It ends before it begins.
    #[error("it begins at {0} and ends at {1}, which is not later")]
    Empty(Timestamp, Timestamp),
    /// Before 1970, which the service does not take.
    #[error("{0} is before 1970")]
    Early(Timestamp),
}

impl Span {
    /// From `since` to `until`, or to `now` where that is not given.
    ///
    /// # Errors
    /// When it begins in the future or before 1970, or does not end after its beginning.
    pub fn new(since: Timestamp, until: Option<Timestamp>, now: Timestamp) -> Result<Self, SpanError> {
        if since > now {
            return Err(SpanError::Future(since));
        }
        if since.as_second() < 0 {
            return Err(SpanError::Early(since));
        }
        let until = until.unwrap_or(now);
        if until <= since && (until, since) != (now, now) {
            return Err(SpanError::Empty(since, until));
        }
        Ok(Self { since, until })
    }

    /// The time of this length that ends at `now`.
    pub fn last(length: SignedDuration, now: Timestamp) -> Self {
        let since = now.checked_sub(length.abs()).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH);
        Self { since: since.min(now), until: now }
    }

    /// The beginning.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// The end.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Both in whole seconds, as the service takes them: it includes both, so a begun second counts.
    pub(super) fn seconds(&self) -> (i64, i64) {
        let until = self.until.as_second() + i64::from(self.until.subsec_nanosecond() > 0);
        (self.since.as_second().max(0), until.max(0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_not_empty_and_not_in_the_future() {
        let now = at("2026-11-24T12:00:00Z");
        let earlier = at("2026-11-23T12:00:00.25Z");
        let span = Span::new(earlier, None, now).unwrap();
        assert_eq!((span.since(), span.until()), (earlier, now));
        // `date -d 2026-11-23T12:00:00Z +%s` says 1795435200, a day is 86,400 seconds.
        assert_eq!(span.seconds(), (1_795_435_200, 1_795_521_600));
        let half = Span::new(earlier, Some(at("2026-11-24T11:59:59.5Z")), now).unwrap();
        assert_eq!(half.seconds().1, 1_795_521_600, "a begun second counts");
        assert_eq!(
            Span::new(at("2026-11-25T00:00:00Z"), None, now),
            Err(SpanError::Future(at("2026-11-25T00:00:00Z")))
        );
        assert_eq!(Span::new(earlier, Some(earlier), now), Err(SpanError::Empty(earlier, earlier)));
        assert_eq!(Span::new(at("1969-01-01T00:00:00Z"), None, now), Err(SpanError::Early(at("1969-01-01T00:00:00Z"))));
        assert_eq!(Span::last(SignedDuration::from_hours(24), now).since(), at("2026-11-23T12:00:00Z"));
        assert_eq!(Span::last(SignedDuration::MAX, now).since(), Timestamp::UNIX_EPOCH);
    }
}
