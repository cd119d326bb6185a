//! What a threshold is of, and its number.

use super::{Bound, PASS_RATE};
use assay_core::publish::metrics::MetricName;
use assay_score::stats::Scale;
use assay_score::{Direction, Measure};

/// What is measured: a metric in CloudWatch and which values it can take.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The name in summaries and alarms: `f1`, `judge.tone`, `pass_rate`.
    pub name: String,
    /// The metric.
    pub metric: MetricName,
    /// The value of the metric's last dimension, where it has one of its own.
    pub part: Option<String>,
    /// Which values it can take.
    pub scale: Scale,
    /// Which way is for the better.
    pub direction: Direction,
}

impl Measured {
    /// What summaries call `name`; none for a name that this version does not know.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.to_owned();
        if name == PASS_RATE {
            let (metric, scale, direction) = (MetricName::ChecksPassed, Scale::UnitInterval, Direction::HigherIsBetter);
            return Some(Self { name, metric, part: None, scale, direction });
        }
        let measure: Measure = name.parse().ok()?;
        let (metric, part) = MetricName::of_measure(&measure);
        Some(Self { name, metric, part, scale: measure.scale(), direction: measure.direction() })
    }
}

/// One threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The model.
    pub model: String,
    /// What is measured.
    pub measured: Measured,
    /// Of how many runs it was made.
    pub runs: usize,
    /// The numbers.
    pub bound: Bound,
    /// The threshold, rounded to four digits.
    pub value: f64,
}

/// To four digits: a threshold is read by people, and its last digits mean nothing.
pub(super) fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// A number for people: up to four digits.
pub(super) fn number(value: f64) -> String {
    format!("{}", rounded(value))
}
