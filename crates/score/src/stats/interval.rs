//! Confidence intervals of a mean and of a proportion.
//!
//! Which of them a score gets is decided in [`interval`]; printing them is left to the reports.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::{Distribution, Scale};

/// A confidence interval; written as `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Scale {
    /// The part of the interval that is on the scale.
    pub fn clamp(self, interval: Interval) -> Interval {
        Interval {
            low: interval.low.clamp(self.low(), self.high()),
            high: interval.high.clamp(self.low(), self.high()),
        }
    }
}

/// How an interval was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's score interval of a proportion.
    Wilson,
    /// Student's t interval of a mean.
    StudentT,
    /// Percentiles of the paired bootstrap, for the mean of differences.
    Bootstrap,
}

/// The interval that suits the values, with its method.
///
/// Values on the unit interval that are all 0 or 1 are a proportion and get Wilson's interval, which exists from
/// one value on and has a width even if all are equal. Anything else gets Student's t interval (two values and
/// more), cut to the scale: a mean of F1 scores is not above 1, however few there are.
pub fn interval(values: &Distribution, scale: Scale, confidence: f64) -> Option<(Interval, Method)> {
    let is_proportion = values.iter().all(|(value, _)| value == 0.0 || value == 1.0);
    if scale == Scale::UnitInterval && is_proportion {
        let ones = values.iter().filter(|(value, _)| *value == 1.0).map(|(_, count)| count).sum();
        return Some((wilson(ones, values.count(), confidence)?, Method::Wilson));
    }
    Some((scale.clamp(mean_interval(values, confidence)?), Method::StudentT))
}

/// Student's t interval of the mean: `mean ± t(n-1) * s / sqrt(n)`.
///
/// Not cut to any scale. None for fewer than two values and for a confidence that is not between 0 and 1.
pub fn mean_interval(values: &Distribution, confidence: f64) -> Option<Interval> {
    let (mean, error) = (values.mean()?, values.standard_error()?);
    let freedom = (values.count() - 1) as f64;
    let quantile = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(upper_tail(confidence)?);
    let half_width = quantile * error;
    Some(Interval { low: mean - half_width, high: mean + half_width })
}

/// Wilson's score interval of the proportion `passed / total`.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927. With `z` the
/// normal quantile, the centre is `(p + z²/2n) / (1 + z²/n)` and the half width
/// `z * sqrt(p(1-p)/n + z²/4n²) / (1 + z²/n)`. None for a total of 0, for more passed than there are, and for a
/// confidence that is not between 0 and 1.
pub fn wilson(passed: u64, total: u64, confidence: f64) -> Option<Interval> {
    if total == 0 || passed > total {
        return None;
    }
    let z = Normal::standard().inverse_cdf(upper_tail(confidence)?);
    let (n, share) = (total as f64, passed as f64 / total as f64);
    let (spread, shrink) = (z * z / n, 1.0 + z * z / n);
    let centre = (share + spread / 2.0) / shrink;
    let half_width = z * (share * (1.0 - share) / n + spread / (4.0 * n)).sqrt() / shrink;
    // The ends are exact where nothing or everything passed; rounding would leave them beside 0 and 1.
    Some(Interval {
        low: if passed == 0 { 0.0 } else { (centre - half_width).max(0.0) },
        high: if passed == total { 1.0 } else { (centre + half_width).min(1.0) },
    })
}

/// 0.975 for a confidence of 0.95: both tails are left out alike.
fn upper_tail(confidence: f64) -> Option<f64> {
    (0.0 < confidence && confidence < 1.0).then_some(0.5 + confidence / 2.0)
}

impl From<[f64; 2]> for Interval {
    fn from([low, high]: [f64; 2]) -> Self {
        Self { low, high }
    }
}

impl From<Interval> for [f64; 2] {
    fn from(interval: Interval) -> Self {
        [interval.low, interval.high]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Distribution {
        let mut distribution = Distribution::new();
        values.iter().for_each(|&value| distribution.push(value).unwrap());
        distribution
    }

    #[test]
    fn written_as_two_numbers() {
        let interval = Interval { low: 0.25, high: 0.5 };
        assert_eq!(serde_json::to_string(&interval).unwrap(), "[0.25,0.5]");
        assert_eq!(serde_json::from_str::<Interval>("[0.25,0.5]").unwrap(), interval);
        assert_eq!(serde_json::to_string(&Method::StudentT).unwrap(), "\"student_t\"");
    }

    #[test]
    fn zeros_and_ones_are_a_proportion_only_on_the_unit_interval() {
        let values = of(&[0.0, 1.0, 1.0, 1.0]);
        let (found, method) = interval(&values, Scale::UnitInterval, 0.95).unwrap();
        assert_eq!((Some(found), method), (wilson(3, 4, 0.95), Method::Wilson));
        let (found, method) = interval(&values, Scale::Count, 0.95).unwrap();
        assert_eq!(method, Method::StudentT);
        assert_eq!((found.low, found.high > 1.0), (0.0, true));
    }

    #[test]
    fn a_mean_is_not_surer_than_its_scale() {
        let values = of(&[0.5, 1.0]);
        let (cut, method) = interval(&values, Scale::UnitInterval, 0.95).unwrap();
        assert_eq!((cut, method), (Interval { low: 0.0, high: 1.0 }, Method::StudentT));
        assert!(mean_interval(&values, 0.95).unwrap().high > 1.0);
    }

    #[test]
    fn too_little_to_say() {
        assert_eq!(interval(&of(&[0.5]), Scale::UnitInterval, 0.95), None);
        assert!(interval(&of(&[1.0]), Scale::UnitInterval, 0.95).is_some());
        assert_eq!(interval(&of(&[]), Scale::UnitInterval, 0.95), None);
        assert_eq!((wilson(2, 1, 0.95), wilson(1, 1, 1.0), wilson(1, 1, f64::NAN)), (None, None, None));
    }
}
