//! An exact multiset of finite numbers, whose statistics do not depend on the order in which numbers came.
//!
//! A run answers its samples in any order, and may be collected in parts by several processes; its totals must not
//! tell. Confidence intervals are left to [`super::interval`].

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Finite numbers and how often each occurred.
///
/// Memory grows with the number of different values. Negative zero counts as zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    counts: BTreeMap<Finite, u64>,
    count: u64,
}

/// A number that a distribution cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is not a finite number; leave the value out and count it as unscored")]
pub struct NotFinite(pub f64);

#[derive(Debug, Clone, Copy)]
struct Finite(f64);

impl Distribution {
    /// A distribution of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; refuses infinities and "not a number".
    pub fn push(&mut self, value: f64) -> Result<(), NotFinite> {
        if !value.is_finite() {
            return Err(NotFinite(value));
        }
        // Adding zero turns the negative zero into the positive one.
        *self.counts.entry(Finite(value + 0.0)).or_default() += 1;
        self.count += 1;
        Ok(())
    }

    /// Adds all values of another distribution.
    pub fn merge(&mut self, other: &Self) {
        for (value, count) in &other.counts {
            *self.counts.entry(*value).or_default() += count;
        }
        self.count += other.count;
    }

    /// Number of values, repetitions included.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Different values in ascending order, each with how often it occurred.
    pub fn iter(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        self.counts.iter().map(|(value, count)| (value.0, *count))
    }

    /// The smallest value.
    pub fn min(&self) -> Option<f64> {
        self.counts.first_key_value().map(|(value, _)| value.0)
    }

    /// The largest value.
    pub fn max(&self) -> Option<f64> {
        self.counts.last_key_value().map(|(value, _)| value.0)
    }

    /// The arithmetic mean.
    pub fn mean(&self) -> Option<f64> {
        let (min, max) = (self.min()?, self.max()?);
        let total = self.count as f64;
        let sum = compensated_sum(self.iter().map(|(value, count)| value * count as f64));
        let mean = if sum.is_finite() {
            sum / total
        } else {
            // Less exact, but values near the end of the range of `f64` do not add up to infinity.
            compensated_sum(self.iter().map(|(value, count)| value * (count as f64 / total)))
        };
        // Rounding may push the mean of equal values beside them.
        Some(mean.clamp(min, max))
    }

    /// The sample standard deviation (divisor n - 1); none for fewer than two values.
    pub fn standard_deviation(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let mean = self.mean()?;
        let squares = self.iter().map(|(value, count)| (value - mean).powi(2) * count as f64);
        Some((compensated_sum(squares) / (self.count - 1) as f64).sqrt())
    }

    /// The standard error of the mean; none for fewer than two values.
    pub fn standard_error(&self) -> Option<f64> {
        Some(self.standard_deviation()? / (self.count as f64).sqrt())
    }

    /// The percentile by linear interpolation between the two nearest values (Hyndman and Fan, type 7: the default
    /// of numpy and of spreadsheets). None for an empty distribution and outside of 0 to 100.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        if self.is_empty() || !(0.0..=100.0).contains(&percent) {
            return None;
        }
        let rank = percent / 100.0 * (self.count - 1) as f64;
        let below = self.at_rank(rank.floor() as u64)?;
        let above = self.at_rank(rank.ceil() as u64)?;
        let weight = rank.fract();
        // From the nearer of the two, so that the result cannot fall outside of them.
        Some(if weight < 0.5 { below + (above - below) * weight } else { above - (above - below) * (1.0 - weight) })
    }

    /// The value at a place in ascending order, counted from 0.
    fn at_rank(&self, rank: u64) -> Option<f64> {
        let mut seen = 0;
        let found = self.iter().find(|(_, count)| {
            seen += count;
            rank < seen
        });
        found.map(|(value, _)| value)
    }
}

/// Neumaier's variant of Kahan's sum: the error of every addition is carried along. Over a sum in the order of the
/// values it is one fixed function of the multiset.
fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut error) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        error += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    if sum.is_finite() { sum + error } else { sum }
}

impl Ord for Finite {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Finite {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Finite {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Finite {}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Distribution {
        let mut distribution = Distribution::new();
        values.iter().for_each(|&value| distribution.push(value).unwrap());
        distribution
    }

    #[test]
    fn nothing_has_no_statistics() {
        let empty = Distribution::new();
        assert!(empty.is_empty());
        assert_eq!((empty.mean(), empty.min(), empty.percentile(50.0)), (None, None, None));
        assert_eq!(of(&[3.0]).standard_deviation(), None);
        assert_eq!(of(&[3.0]).percentile(100.1), None);
    }

    #[test]
    fn only_finite_numbers_are_taken() {
        let mut distribution = Distribution::new();
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = distribution.push(value).unwrap_err();
            assert!(error.to_string().contains("not a finite number"));
        }
        assert!(distribution.is_empty());
    }

    #[test]
    fn values_come_in_order_with_their_counts() {
        let distribution = of(&[1.0, -0.0, 0.5, 0.0, 1.0]);
        assert_eq!(distribution.iter().collect::<Vec<_>>(), [(0.0, 2), (0.5, 1), (1.0, 2)]);
        assert!(distribution.min().unwrap().is_sign_positive());
        assert_eq!((distribution.count(), distribution.max()), (5, Some(1.0)));
    }

    #[test]
    fn equal_values_have_themselves_as_mean() {
        let distribution = of(&[0.1, 0.1, 0.1]);
        assert_eq!(distribution.mean(), Some(0.1));
        assert_eq!(distribution.standard_deviation(), Some(0.0));
    }

    #[test]
    fn large_values_do_not_overflow() {
        assert_eq!(of(&[f64::MAX, f64::MAX]).mean(), Some(f64::MAX));
        assert_eq!(of(&[1e16, 1.0, -1e16]).mean(), Some(1.0 / 3.0));
    }
}
