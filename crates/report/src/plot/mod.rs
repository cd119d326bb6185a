//! Plots as inline SVG: numbers in, text out, one file for each kind.
//!
//! Every plot has a title and a description that tell its numbers in words, tells nothing by colour alone, and has no
//! style of its own: the page's style sheet colours its classes.

mod histogram;
mod trend;
mod whisker;

pub(crate) use histogram::{Bins, Histogram};
pub(crate) use trend::{Point, SHAPES, Series, Trend, shape};
pub(crate) use whisker::Whisker;

use std::fmt;

/// A length in the units of the drawing, written with one digit after the point at most.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding zero turns the negative zero into the positive one.
        let tenths = (self.0 * 10.0).round() + 0.0;
        write!(formatter, "{}", tenths / 10.0)
    }
}

/// A linear scale from values to lengths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    /// The lowest and the highest value.
    pub values: (f64, f64),
    /// Where they lie in the drawing.
    pub lengths: (f64, f64),
}

impl Axis {
    /// Where `value` lies; the middle where the scale has no width.
    pub(crate) fn at(&self, value: f64) -> Px {
        let (low, high) = self.values;
        let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
        Px(self.lengths.0 + share * (self.lengths.1 - self.lengths.0))
    }
}

/// The step of a scale: 1, 2 or 5 times a power of ten, such that `span` has about `about` of them.
pub(crate) fn nice_step(span: f64, about: u32) -> f64 {
    if !span.is_finite() || span <= 0.0 {
        return 1.0;
    }
    let rough = span / f64::from(about.max(1));
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * power >= rough * 0.999_999);
    step.unwrap_or(10.0) * power
}

/// The range from `low` to `high`, widened to whole steps.
pub(crate) fn nice_range(low: f64, high: f64, about: u32) -> (f64, f64) {
    let step = nice_step(high - low, about);
    ((low / step).floor() * step, (high / step).ceil() * step)
}

/// A number on an axis: no more digits than it needs.
pub(crate) fn label(value: f64) -> String {
    let magnitude = value.abs();
    let digits = match magnitude {
        _ if magnitude >= 100.0 => 0,
        _ if magnitude >= 10.0 => 1,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if !text.contains('.') {
        return grouped(&text);
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Commas between thousands, where the number is short enough to be written out.
fn grouped(digits: &str) -> String {
    match digits.parse::<u64>() {
        Ok(count) => crate::numbers::thousands(count),
        Err(_) => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        let texts = [0.0, -0.01, 12.34, 5.0, 99.96].map(|value| Px(value).to_string());
        assert_eq!(texts, ["0", "0", "12.3", "5", "100"]);
    }

    #[test]
    fn an_axis_maps_ends_to_ends_and_turns_around() {
        let axis = Axis { values: (2.0, 4.0), lengths: (100.0, 0.0) };
        assert_eq!([2.0, 2.5, 4.0, 9.0].map(|value| axis.at(value).0), [100.0, 75.0, 0.0, 0.0]);
        assert_eq!(Axis { values: (3.0, 3.0), lengths: (0.0, 10.0) }.at(3.0), Px(5.0));
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([1.0, 7.0, 0.04, 2300.0].map(|span| nice_step(span, 5)), [0.2, 2.0, 0.01, 500.0]);
        assert_eq!(nice_range(12.0, 181.0, 4), (0.0, 200.0));
        assert_eq!(nice_step(0.0, 4), 1.0);
    }

    #[test]
    fn labels_are_as_short_as_they_may() {
        let texts = [0.0, 0.25, 1.0, 12.5, 1500.0, -0.5].map(label);
        assert_eq!(texts, ["0", "0.25", "1", "12.5", "1,500", "-0.5"]);
    }
}
