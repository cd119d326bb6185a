//! What an alarm on a metric watches, and the values that were judged.

use jiff::Timestamp;

/// What crossed what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measurement {
    /// The metric's name, or the label or expression of what is watched.
    pub metric: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// The statistic, as `Average` or `p99`.
    pub statistic: Option<String>,
    /// Its dimensions, by name.
    pub dimensions: Vec<(String, String)>,
    /// Its unit, where one is set.
    pub unit: Option<String>,
    /// The length of a data point, in seconds.
    pub period: Option<u64>,
    /// How many data points have to cross the threshold, and out of how many.
    pub datapoints: Option<(u64, u64)>,
    /// How a value has to lie for the alarm to go off.
    pub comparison: Option<Comparison>,
    /// The threshold.
    pub threshold: Option<f64>,
    /// The band of expected values, low and high, of anomaly detection.
    pub band: Option<(f64, f64)>,
    /// The expression, where one is watched.
    pub expression: Option<String>,
    /// What the expression is made of: id and metric.
    pub inputs: Vec<(String, String)>,
    /// The values that were judged, the earliest first.
    pub values: Vec<Measured>,
}

/// A value of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The beginning of its period, where it is known.
    pub at: Option<Timestamp>,
    /// The value.
    pub value: f64,
}

/// How a value has to lie for an alarm to go off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Below the threshold.
    Less,
    /// At or below the threshold.
    LessOrEqual,
    /// Above the threshold.
    Greater,
    /// At or above the threshold.
    GreaterOrEqual,
    /// Below the band.
    BelowBand,
    /// Above the band.
    AboveBand,
    /// Outside the band.
    OutsideBand,
}
