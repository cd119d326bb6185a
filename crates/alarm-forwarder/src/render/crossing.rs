//! What crossed what, in three lines: what is watched, where its last value lies, and the values as bars.

use super::number::{apart, duration, number, sparkline};
use super::text::{Text, unmarked};
use crate::alert::{Comparison, Measured, Measurement};

/// How many values are drawn, and how many are written.
const SHOWN: (usize, usize) = (40, 10);
/// The longest name of a metric, and the longest value of a dimension, in characters.
const LONGEST: (usize, usize) = (200, 150);
/// How many dimensions and parts of an expression are named.
const MOST: usize = 8;

/// Adds the lines to `text`.
pub(super) fn write(text: &mut Text, measurement: &Measurement) {
    watched(text, measurement);
    if let Some(last) = measurement.values.last() {
        text.markup("\nLast value ").code(&with_unit(&number(last.value), measurement), 60);
        if let Some(lies) = lies(measurement, last.value) {
            text.markup(&format!(", {lies}"));
        }
    } else if let Some(limit) = limit(measurement) {
        text.markup(&format!("\nSet to go off {limit}"));
    }
    if let Some((needed, of)) = measurement.datapoints {
        text.markup(&match of {
            1 => "\nOne data point decides".to_owned(),
            _ => format!("\n{needed} of {of} data points decide"),
        });
    }
    bars(text, measurement);
}

/// `*FaithfulnessScore* in ModelWatch/Evaluation, Average over 5 minutes`, then its dimensions.
fn watched(text: &mut Text, measurement: &Measurement) {
    let name = measurement.metric.as_deref().or(measurement.expression.as_deref()).unwrap_or("A metric");
    text.code(name, LONGEST.0);
    if let Some(namespace) = &measurement.namespace {
        text.markup(" in ").written(&unmarked(namespace, LONGEST.1));
    }
    if let Some(statistic) = &measurement.statistic {
        text.markup(", ").written(&unmarked(statistic, LONGEST.1));
    }
    if let Some(period) = measurement.period {
        text.markup(&format!(" over {}", duration(period)));
    }
    if let Some(expression) = measurement.expression.as_ref().filter(|expression| *expression != name) {
        text.markup("\nExpression ").code(expression, LONGEST.0);
    }
    for (id, input) in measurement.inputs.iter().take(MOST) {
        text.markup("\n").code(id, LONGEST.1).markup(" is ").written(&unmarked(input, LONGEST.0));
    }
    for (name, value) in measurement.dimensions.iter().take(MOST) {
        text.markup("\n").written(&unmarked(name, LONGEST.1)).markup(" ").code(value, LONGEST.1);
    }
}

/// Where a value lies: `below the threshold of 0.8`, `not below the threshold of 0.8`, `outside the expected 3.1 to 18.4`.
fn lies(measurement: &Measurement, value: f64) -> Option<String> {
    use Comparison::*;
    let comparison = measurement.comparison;
    if let Some((low, high)) = measurement.band {
        let expected = format!("the expected {} to {}", number(low), number(high));
        let word = match comparison {
            Some(BelowBand) if value >= low => "not below",
            Some(AboveBand) if value <= high => "not above",
            _ if value < low => "below",
            _ if value > high => "above",
            _ => "within",
        };
        return Some(format!("{word} {expected}"));
    }
    let threshold = measurement.threshold?;
    let shown = with_unit(&apart(threshold, value).0, measurement);
    let holds = match comparison {
        Some(Less) => value < threshold,
        Some(LessOrEqual) => value <= threshold,
        Some(Greater) => value > threshold,
        Some(GreaterOrEqual) => value >= threshold,
        _ => return Some(format!("the threshold is `{shown}`")),
    };
    Some(format!("{}{} the threshold of `{shown}`", if holds { "" } else { "not " }, word(comparison?)))
}

/// When the alarm goes off, where no value is known.
fn limit(measurement: &Measurement) -> Option<String> {
    let threshold = with_unit(&number(measurement.threshold?), measurement);
    Some(match measurement.comparison {
        Some(comparison) => format!("{} `{threshold}`", word(comparison)),
        None => format!("by the threshold `{threshold}`"),
    })
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
fn bars(text: &mut Text, measurement: &Measurement) {
    let last = |most: usize| {
        let values: &[Measured] = &measurement.values;
        values[values.len().saturating_sub(most)..].iter().map(|measured| measured.value).collect::<Vec<f64>>()
    };
    let drawn = last(SHOWN.0);
    if drawn.len() < 2 {
        return;
    }
    let scale: Vec<f64> = measurement
        .threshold
        .into_iter()
        .chain(measurement.band.into_iter().flat_map(|(low, high)| [low, high]))
        .collect();
    let written: Vec<String> = last(SHOWN.1).into_iter().map(number).collect();
    let before = if written.len() < drawn.len() { "… " } else { "" };
    text.markup(&format!("\n`{}` {before}{}", sparkline(&drawn, &scale), written.join("  ")));
}

/// A number with its unit, in short.
fn with_unit(number: &str, measurement: &Measurement) -> String {
    let unit = match measurement.unit.as_deref() {
        Some("Percent") => "%",
        Some("Milliseconds") => " ms",
        Some("Seconds") => " s",
        Some("Microseconds") => " µs",
        Some("Bytes") => " bytes",
        _ => "",
    };
    format!("{number}{unit}")
}
