//! Which values a measured number can take.
//!
//! Who has which scale is left to the scorers.

use super::Interval;

/// The values a score can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// From 0 to 1.
    UnitInterval,
    /// From 0 up, without a bound.
    Count,
}

impl Scale {
    /// The lowest possible value.
    pub fn low(self) -> f64 {
        0.0
    }

    /// The highest possible value; infinite for a count.
    pub fn high(self) -> f64 {
        match self {
            Self::UnitInterval => 1.0,
            Self::Count => f64::INFINITY,
        }
    }

    /// Whether the value is on the scale.
    pub fn contains(self, value: f64) -> bool {
        (self.low()..=self.high()).contains(&value)
    }

    /// The part of the interval that is on the scale.
    pub fn clamp(self, interval: Interval) -> Interval {
        Interval {
            low: interval.low.clamp(self.low(), self.high()),
            high: interval.high.clamp(self.low(), self.high()),
        }
    }
}
