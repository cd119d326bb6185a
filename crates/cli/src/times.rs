//! Times as people type them: so long ago, or a moment.

use crate::exit::UsageError;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// A length of time: `90s`, `24h`, `7d`, `2w`. A day has 24 hours.
///
/// # Errors
/// When it is none, or not longer than nothing.
pub(crate) fn length(option: &str, text: &str) -> Result<SignedDuration, UsageError> {
    let wrong = || UsageError(format!("{option} `{text}` is no length of time; write 90s, 24h or 7d"));
    let span: Span = text.trim().parse().map_err(|_| wrong())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    if length.is_positive() { Ok(length) } else { Err(wrong()) }
}

/// A moment: a length of time before `now`, or a timestamp; without a zone it is in UTC.
///
/// # Errors
/// When it is neither.
pub(crate) fn moment(option: &str, text: &str, now: Timestamp) -> Result<Timestamp, UsageError> {
    let trimmed = text.trim();
    if let Ok(at) = trimmed.parse::<Timestamp>() {
        return Ok(at);
    }
    let civil = trimmed.parse::<DateTime>().or_else(|_| trimmed.parse::<Date>().map(DateTime::from));
    if let Ok(at) = civil.and_then(|civil| civil.to_zoned(TimeZone::UTC)) {
        return Ok(at.timestamp());
    }
    let wrong = || {
        UsageError(format!(
            "{option} `{text}` is no time; write so long ago (24h, 7d) or a time (2026-11-24T06:00:00Z)"
        ))
    };
    let length = length(option, text).map_err(|_| wrong())?;
    now.checked_sub(length).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("24h", "2026-11-23T12:00:00Z"),
            ("1h30m", "2026-11-24T10:30:00Z"),
            ("7d", "2026-11-17T12:00:00Z"),
            ("2w", "2026-11-10T12:00:00Z"),
            ("2026-11-24T06:00:00Z", "2026-11-24T06:00:00Z"),
            ("2026-11-24T06:00:00+02:00", "2026-11-24T04:00:00Z"),
            ("2026-11-24T06:00", "2026-11-24T06:00:00Z"),
            ("2026-11-24", "2026-11-24T00:00:00Z"),
        ] {
            assert_eq!(moment("--since", text, now).unwrap(), expected.parse().unwrap(), "{text}");
        }
        for text in ["", "yesterday", "24", "-24h", "0h", "1mo", "2026-13-01", "99999999999h"] {
            let told = moment("--since", text, now).unwrap_err().to_string();
            assert!(told.starts_with(&format!("--since `{text}` is no time; write")), "{told}");
        }
        assert_eq!(length("--timeout", "90s").unwrap(), SignedDuration::from_secs(90));
    }
}
