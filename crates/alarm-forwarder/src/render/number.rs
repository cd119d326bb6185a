//! Numbers, and many of them in a row, for people.

/// A number with six digits that count; whole numbers with all of theirs.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-6..1e15).contains(&size) {
        return format!("{value:e}");
    }
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    let decimals = (5.0 - size.log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Two numbers that differ also as texts where they differ as numbers.
pub(super) fn apart(first: f64, second: f64) -> (String, String) {
    let (short, other) = (number(first), number(second));
    if short == other && first != second { (format!("{first}"), format!("{second}")) } else { (short, other) }
}

/// The bars of a sparkline, from low to high.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar for each value; `also` are values that the scale has to hold, such as a threshold.
pub(super) fn sparkline(values: &[f64], also: &[f64]) -> String {
    let all = || values.iter().chain(also).copied();
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    // Halves, as the whole range may be more than a number holds.
    let range = high / 2.0 - low / 2.0;
    let bar = |value: &f64| {
        let share = if range > 0.0 { (value / 2.0 - low / 2.0) / range } else { 0.5 };
        BARS[((share * 7.0).round() as usize).min(7)]
    };
    values.iter().map(bar).collect()
}

/// A length of time in words.
pub(super) fn duration(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0 => return "no time".to_owned(),
        _ if seconds.is_multiple_of(86_400) => (seconds / 86_400, "day"),
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_right() {
        for (value, text) in [
            (0.8, "0.8"),
            (9000.0, "9000"),
            (12875.4, "12875.4"),
            (18.44210771, "18.4421"),
            (0.1 + 0.2, "0.3"),
            (-0.000123456789, "-0.000123457"),
            (1_234_567.89, "1234568"),
            (1e300, "1e300"),
            (0.0, "0"),
            (123_456_789_012.0, "123456789012"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(apart(0.79999999, 0.8), ("0.79999999".to_owned(), "0.8".to_owned()));
    }

    #[test]
    fn bars_lie_between_the_lowest_and_the_highest() {
        // 0.58 is the lowest and 0.84 the highest; (0.61 - 0.58) / 0.26 * 7 = 0.81, which is the second bar.
        assert_eq!(sparkline(&[0.84, 0.58, 0.61], &[0.8]), "█▁▂");
        assert_eq!(sparkline(&[3.0, 3.0], &[]), "▅▅");
        assert_eq!(sparkline(&[f64::MAX, f64::MIN, 0.0], &[]), "█▁▅");
        // With a threshold of 10, 5 lies in the middle of 0 and 10: 3.5 rounds to the fifth bar.
        assert_eq!(sparkline(&[0.0, 5.0], &[10.0]), "▁▅");
    }

    #[test]
    fn times_are_told_in_the_largest_whole_unit() {
        for (seconds, text) in
            [(300, "5 minutes"), (3600, "1 hour"), (86_400, "1 day"), (90, "90 seconds"), (10, "10 seconds")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
