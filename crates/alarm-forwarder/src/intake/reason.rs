//! What CloudWatch's sentence about a change says in numbers, for messages that say it nowhere else.

use crate::alert::{Comparison, Measured};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The numbers of a reason.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Said {
    /// The values, the earliest first.
    pub(super) values: Vec<Measured>,
    /// The threshold.
    pub(super) threshold: Option<f64>,
    /// The band of expected values.
    pub(super) band: Option<(f64, f64)>,
    /// When the alarm goes off, as far as the sentence tells.
    pub(super) comparison: Option<Comparison>,
    /// How many data points have to cross, and out of how many.
    pub(super) datapoints: Option<(u64, u64)>,
}

/// Reads a reason such as `Threshold Crossed: 2 out of the last 3 datapoints [0.61 (20/11/26 08:10:00), 0.58 (20/11/26
/// 08:05:00)] were less than the threshold (0.8) (minimum 2 datapoints for OK -> ALARM transition).` A text of another
/// form says nothing.
pub(super) fn read(reason: &str) -> Said {
    if !reason.trim_start().starts_with("Threshold") {
        return Said::default();
    }
    let lower = first_number(after(reason, "lower thresholds ["));
    let upper = first_number(after(reason, "upper thresholds ["));
    let before_band = reason.split(" thresholds [").next().unwrap_or(reason);
    let mut values = after(before_band, "[").and_then(|rest| rest.split(']').next()).map(list).unwrap_or_default();
    // The sentence has the newest first; where all have times, they say so themselves.
    values.reverse();
    if values.iter().all(|measured| measured.at.is_some()) {
        values.sort_by_key(|measured| measured.at);
    }
    Said {
        values,
        threshold: first_number(after(reason, "the threshold (")),
        band: lower.zip(upper),
        comparison: comparison(reason),
        datapoints: datapoints(reason),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

fn first_number(text: Option<&str>) -> Option<f64> {
    number(text?.split([',', ')', ']', ' ']).next()?)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// `0.61 (20/11/26 08:10:00), 0.58 (20/11/26 08:05:00)`
fn list(text: &str) -> Vec<Measured> {
    let mut values = Vec::new();
    for part in text.split(", ") {
        let (value, rest) = part.split_once(" (").unwrap_or((part, ""));
        let Some(value) = number(value) else { continue };
        let time = DateTime::strptime("%d/%m/%y %H:%M:%S", rest.trim_end_matches(')'));
        let at: Option<Timestamp> =
            time.ok().and_then(|time| time.to_zoned(TimeZone::UTC).ok()).map(|at| at.timestamp());
        values.push(Measured { at, value });
    }
    values
}

fn comparison(reason: &str) -> Option<Comparison> {
    let says = |words: &str| reason.contains(words);
    let (below, above) = (says("less than the lower threshold"), says("greater than the upper threshold"));
    match (below, above) {
        (true, true) => return Some(Comparison::OutsideBand),
        (true, false) => return Some(Comparison::BelowBand),
        (false, true) => return Some(Comparison::AboveBand),
        (false, false) => {}
    }
    for (words, comparison) in [
        ("less than or equal to the threshold", Comparison::LessOrEqual),
        ("less than the threshold", Comparison::Less),
        ("greater than or equal to the threshold", Comparison::GreaterOrEqual),
        ("greater than the threshold", Comparison::Greater),
    ] {
        if says(words) {
            return Some(comparison);
        }
    }
    None
}

/// `2 out of the last 3 datapoints ... (minimum 2 datapoints for OK -> ALARM transition)`: the minimum is how many have to
/// cross where the alarm goes off, and not where it ends.
fn datapoints(reason: &str) -> Option<(u64, u64)> {
    let whole = |text: Option<&str>| text?.split(' ').next()?.parse::<u64>().ok();
    let last = whole(after(reason, "out of the last "))?;
    let needed = whole(after(reason, "(minimum "))?;
    reason.contains("-> ALARM transition").then_some((needed, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crossed_threshold_is_read() {
        let said = read(
            "Threshold Crossed: 2 out of the last 3 datapoints [0.61 (20/11/26 08:10:00), 0.58 (20/11/26 08:05:00)] were \
             less than the threshold (0.8) (minimum 2 datapoints for OK -> ALARM transition).",
        );
        let at = |time: &str| format!("2026-11-20T08:{time}:00Z").parse().ok();
        let values = vec![Measured { at: at("05"), value: 0.58 }, Measured { at: at("10"), value: 0.61 }];
        let comparison = Some(Comparison::Less);
        assert_eq!(said, Said { values, threshold: Some(0.8), band: None, comparison, datapoints: Some((2, 3)) });
    }

    #[test]
    fn times_tell_the_order() {
        let said =
            read("Threshold Crossed: 2 datapoints [0.58 (20/11/26 08:05:00), 0.61 (20/11/26 08:10:00)] were less.");
        assert_eq!(said.values.last().map(|last| last.value), Some(0.61));
        let said = read("Threshold Crossed: 2 datapoints [0.61, 0.58] were less than the threshold (0.8).");
        assert_eq!(said.values.last().map(|last| last.value), Some(0.61));
    }

    #[test]
    fn a_left_band_is_read() {
        let said = read(
            "Thresholds Crossed: 1 out of the last 1 datapoints [41.7 (20/11/26 07:00:00)] was less than the lower \
             thresholds [3.1186402] or greater than the upper thresholds [18.44210771] (minimum 1 datapoint for OK -> \
             ALARM transition).",
        );
        assert_eq!((said.band, said.threshold), (Some((3.1186402, 18.44210771)), None));
        assert_eq!((said.comparison, said.values.len()), (Some(Comparison::OutsideBand), 1));
    }

    #[test]
    fn other_words_say_nothing() {
        for reason in
            ["Unchecked: [1.0] less than the threshold (2)", "", "Insufficient Data: 3 datapoints were unknown."]
        {
            assert_eq!(read(reason), Said::default(), "{reason}");
        }
        let odd = read("Threshold Crossed: [NaN, inf, 1e3, x] (minimum");
        assert_eq!(odd.values, [Measured { at: None, value: 1000.0 }]);
    }
}
