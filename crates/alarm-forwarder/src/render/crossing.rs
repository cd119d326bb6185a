//! What crossed what, in a few lines: what is watched, where its last value lies, and the values as bars.

use super::number::{apart, duration, number, sparkline};
use super::text::{Text, unmarked};
use crate::alert::{Comparison, Measured, Measurement, State};

/// How many values are drawn, and how many are written.
const SHOWN: (usize, usize) = (40, 10);
/// The longest name of a metric, and the longest other name or value, in UTF-16 units.
const LONGEST: (usize, usize) = (200, 150);
/// The longest number with its unit, and the longest name before one in a notification.
const LONGEST_NUMBER: usize = 80;
/// How many dimensions and parts of an expression are named.
const MOST: usize = 8;

/// A part of a line.
enum Part {
    /// Words.
    Word(String),
    /// A name or a number, which stands in a fixed width.
    Value(String),
}
use Part::{Value, Word};

/// Adds the lines to `text`.
pub(super) fn write(text: &mut Text, measurement: &Measurement, state: Option<&State>) {
    for (number, line) in lines(measurement, state).into_iter().enumerate() {
        text.markup(if number == 0 { "" } else { "\n" });
        for part in line {
            match part {
                // What would begin a fixed width in the middle of words.
                Word(word) => text.written(&word.replace('`', "'")),
                Value(value) => text.code(&value, LONGEST.0),
            };
        }
    }
}

/// The lines without markup.
pub(super) fn plain(measurement: &Measurement, state: Option<&State>) -> Vec<String> {
    let text = |part| match part {
        Word(text) | Value(text) => text,
    };
    lines(measurement, state).into_iter().map(|line| line.into_iter().map(text).collect()).collect()
}

/// The shortest that tells what crossed what: `FaithfulnessScore 0.61, below the threshold of 0.8`. None where the last value
/// is not what made the state, as of missing data that count as crossing, or of a state that somebody set.
pub(super) fn gist(measurement: &Measurement, state: Option<&State>) -> Option<String> {
    let lies = lies(measurement, measurement.values.last()?.value)?;
    let explains = match state {
        Some(State::Alarm) => lies.crosses == Some(true),
        Some(State::Ok) => lies.crosses == Some(false),
        _ => false,
    };
    // An expression without a label would push the value off the screen.
    let is_named = measurement.metric.is_some() && measurement.metric != measurement.expression;
    let name = if is_named { unmarked(&name(measurement), LONGEST_NUMBER) } else { "last value".to_owned() };
    explains.then(|| format!("{name} {}, {} {}", lies.value, lies.words, lies.limit))
}

fn lines(measurement: &Measurement, state: Option<&State>) -> Vec<Vec<Part>> {
    let mut lines = watched(measurement);
    if let Some(last) = measurement.values.last() {
        let mut line = vec![Word("Last value ".to_owned())];
        match lies(measurement, last.value) {
            Some(lies) => line.extend([Value(lies.value), Word(format!(", {} ", lies.words)), Value(lies.limit)]),
            None => line.push(Value(with_unit(number(last.value), measurement))),
        }
        lines.push(line);
    } else if let Some(threshold) = measurement.threshold {
        let words = measurement.comparison.map_or("by the threshold", word);
        let limit = with_unit(number(threshold), measurement);
        lines.push(vec![Word(format!("Set to go off {words} ")), Value(limit)]);
    }
    // How soon an alarm goes off is of no use once it is over.
    let has_limit = measurement.threshold.is_some() || measurement.band.is_some();
    if let Some((needed, of)) = measurement.datapoints.filter(|_| has_limit && state != Some(&State::Ok)) {
        lines.push(vec![Word(match (needed, of) {
            (1, 1) => "Goes off when one value crosses it".to_owned(),
            (1, _) => format!("Goes off when one of the last {of} values crosses it"),
            _ => format!("Goes off when {needed} of the last {of} values cross it"),
        })]);
    }
    lines.extend(bars(measurement));
    lines
}

/// `FaithfulnessScore in ModelWatch/Evaluation, Average over 5 minutes`, then what it is made of, and its dimensions.
fn watched(measurement: &Measurement) -> Vec<Vec<Part>> {
    let mut first = vec![Value(name(measurement))];
    let mut say = |before: &str, what: &str| first.push(Word(format!("{before}{}", unmarked(what, LONGEST.1))));
    if let Some(namespace) = &measurement.namespace {
        say(" in ", namespace);
    }
    if let Some(statistic) = &measurement.statistic {
        say(", ", statistic);
    }
    if let Some(period) = measurement.period {
        say(" over ", &duration(period));
    }
    let mut lines = vec![first];
    if let Some(expression) = measurement.expression.as_ref().filter(|_| measurement.metric != measurement.expression) {
        lines.push(vec![Word("Expression ".to_owned()), Value(unmarked(expression, LONGEST.0))]);
    }
    let value = |text: &str| Value(unmarked(text, LONGEST.1));
    for (id, input) in measurement.inputs.iter().take(MOST) {
        lines.push(vec![value(id), Word(format!(" is {}", unmarked(input, LONGEST.0)))]);
    }
    lines.extend(more(measurement.inputs.len(), "metrics"));
    for (name, dimension) in measurement.dimensions.iter().take(MOST) {
        lines.push(vec![Word(format!("{} ", unmarked(name, LONGEST.1))), value(dimension)]);
    }
    lines.extend(more(measurement.dimensions.len(), "dimensions"));
    lines
}

/// How many are not named.
fn more(all: usize, what: &str) -> Option<Vec<Part>> {
    (all > MOST).then(|| vec![Word(format!("and {} more {what}", all - MOST))])
}

fn name(measurement: &Measurement) -> String {
    let name = measurement.metric.as_deref().or(measurement.expression.as_deref()).unwrap_or("A metric");
    unmarked(name, LONGEST.0)
}

/// Where a value lies: `0.61`, `below the threshold of`, `0.8`.
struct Lies {
    value: String,
    words: &'static str,
    limit: String,
    /// Whether the alarm goes off at such a value, where that is known.
    crosses: Option<bool>,
}

fn lies(measurement: &Measurement, value: f64) -> Option<Lies> {
    match (measurement.band, measurement.threshold) {
        (Some(band), _) => Some(beside_band(measurement, value, band)),
        (None, Some(threshold)) => Some(beside_threshold(measurement, value, threshold)),
        (None, None) => None,
    }
}

fn beside_band(measurement: &Measurement, value: f64, (low, high): (f64, f64)) -> Lies {
    let comparison = measurement.comparison;
    let (is_below, is_above) = (value < low, value > high);
    let words = match comparison {
        Some(Comparison::BelowBand) if !is_below => "not below the expected",
        Some(Comparison::AboveBand) if !is_above => "not above the expected",
        _ if is_below => "below the expected",
        _ if is_above => "above the expected",
        _ => "within the expected",
    };
    let ((shown, low), (other, high)) = (apart(value, low), apart(value, high));
    let shown = if is_above { other } else { shown };
    let crosses = match comparison {
        Some(Comparison::BelowBand) => is_below,
        Some(Comparison::AboveBand) => is_above,
        _ => is_below || is_above,
    };
    let limit = with_unit(format!("{low} to {high}"), measurement);
    Lies { value: with_unit(shown, measurement), words, limit, crosses: Some(crosses) }
}

fn beside_threshold(measurement: &Measurement, value: f64, threshold: f64) -> Lies {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let (words, crosses) = match measurement.comparison {
        Some(Less) if value < threshold => ("below the threshold of", Some(true)),
        Some(Less) => ("not below the threshold of", Some(false)),
        Some(LessOrEqual) if value <= threshold => ("at or below the threshold of", Some(true)),
        Some(LessOrEqual) => ("not at or below the threshold of", Some(false)),
        Some(Greater) if value > threshold => ("above the threshold of", Some(true)),
        Some(Greater) => ("not above the threshold of", Some(false)),
        Some(GreaterOrEqual) if value >= threshold => ("at or above the threshold of", Some(true)),
        Some(GreaterOrEqual) => ("not at or above the threshold of", Some(false)),
        _ => ("the threshold is", None),
    };
    let (shown, limit) = apart(value, threshold);
    Lies { value: with_unit(shown, measurement), words, limit: with_unit(limit, measurement), crosses }
}

fn word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "below",
        Comparison::LessOrEqual => "at or below",
        Comparison::Greater => "above",
        Comparison::GreaterOrEqual => "at or above",
        Comparison::BelowBand => "below what is expected, at",
        Comparison::AboveBand => "above what is expected, at",
        Comparison::OutsideBand => "outside of what is expected, at",
    }
}

/// The values as bars and numbers, the earliest first; one value is no line.
fn bars(measurement: &Measurement) -> Option<Vec<Part>> {
    let last = |most: usize| {
        let values: &[Measured] = &measurement.values;
        values[values.len().saturating_sub(most)..].iter().map(|measured| measured.value).collect::<Vec<f64>>()
    };
    let drawn = last(SHOWN.0);
    if drawn.len() < 2 {
        return None;
    }
    let band = measurement.band.into_iter().flat_map(|(low, high)| [low, high]);
    let scale: Vec<f64> = measurement.threshold.into_iter().chain(band).collect();
    let written: Vec<String> = last(SHOWN.1).into_iter().map(number).collect();
    let before = if written.len() < drawn.len() { "… " } else { "" };
    Some(vec![Value(sparkline(&drawn, &scale)), Word(format!(" {before}{}", written.join("  ")))])
}

/// A number with its unit, in short. A count needs none.
fn with_unit(number: String, measurement: &Measurement) -> String {
    let unit = match measurement.unit.as_deref() {
        None | Some("Count") => return number,
        Some("Percent") => "%",
        Some("Milliseconds") => " ms",
        Some("Seconds") => " s",
        Some("Microseconds") => " µs",
        Some("Bytes") => " bytes",
        Some(other) => &format!(" {other}"),
    };
    unmarked(&format!("{number}{unit}"), LONGEST_NUMBER)
}
