//! Which values a measured number can take.
//!
//! Who has which scale is left to the scorers.

/// The values a score can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// From 0 to 1.
    UnitInterval,
    /// From -1 to 1.
    Signed,
    /// From 0 to 100.
    Hundred,
    /// Whole numbers from 0 up.
    Count,
    /// From 0 up, without a bound.
    NonNegative,
    /// Any number.
    Unbounded,
}

impl Scale {
    /// The lowest possible value; infinite where there is none.
    pub fn low(self) -> f64 {
        match self {
            Self::UnitInterval | Self::Hundred | Self::Count | Self::NonNegative => 0.0,
            Self::Signed => -1.0,
            Self::Unbounded => f64::NEG_INFINITY,
        }
    }

    /// The highest possible value; infinite where there is none.
    pub fn high(self) -> f64 {
        match self {
            Self::UnitInterval | Self::Signed => 1.0,
            Self::Hundred => 100.0,
            Self::Count | Self::NonNegative | Self::Unbounded => f64::INFINITY,
        }
    }

    /// Whether the value is on the scale.
    pub fn contains(self, value: f64) -> bool {
        (self.low()..=self.high()).contains(&value)
    }
}
