//! Whether a series of numbers rises or falls, and by how much each time.
//!
//! - Definition: the Mann-Kendall statistic `S` is the number of pairs in which the later value is greater, less the number of
//!   those in which it is smaller. The Theil-Sen slope is the median of `(y_j - y_i) / (j - i)` over all pairs.
//! - p-value, two-sided: exact where no values are equal and there are at most 50, as every order is equally likely without
//!   a trend; else by the normal distribution, with `var(S) = (n(n-1)(2n+5) - sum of t(t-1)(2t+5)) / 18` over the groups of `t`
//!   equal values and `|S| - 1` in place of `|S|`.
//! - Source: H. B. Mann, "Nonparametric tests against trend", 1945; M. G. Kendall, "Rank Correlation Methods", 1975; P. K.
//!   Sen, 1968. Exact values as of scipy's `kendalltau`, the others as of pymannkendall's `original_test`.
//! - Edge cases: nothing for fewer than three values, and for one that is not finite. Values that are all equal have a
//!   p-value of 1 and a slope of 0.

use super::ranks::average_ranks;
use statrs::distribution::{ContinuousCDF, Normal};

/// With fewer values there is no order that tells.
const LEAST: usize = 3;
/// Above so many values the normal approximation is as good.
const MOST_EXACT: usize = 50;

/// A series over equal steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Pairs that rise less pairs that fall.
    pub statistic: i64,
    /// The two-sided p-value of "there is no trend".
    pub p: f64,
    /// The median change from one value to the next.
    pub slope: f64,
}

/// The trend of `values`, in their order; none for fewer than three, and where one is not finite.
pub fn trend(values: &[f64]) -> Option<Trend> {
    if values.len() < LEAST || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let (mut statistic, mut slopes) = (0, Vec::new());
    for (later, value) in values.iter().enumerate() {
        for (earlier, before) in values.iter().enumerate().take(later) {
            statistic += i64::from(value > before) - i64::from(value < before);
            slopes.push((value - before) / (later - earlier) as f64);
        }
    }
    let (_, ties) = average_ranks(values);
    let has_ties = ties.iter().any(|tie| *tie > 1);
    let p = if has_ties || values.len() > MOST_EXACT {
        normally(values.len(), statistic, &ties)
    } else {
        exactly(values.len(), statistic)
    };
    Some(Trend { statistic, p, slope: median(&mut slopes)? })
}

/// The chance of an `S` at least as far from zero, of all orders of `n` different values.
fn exactly(n: usize, statistic: i64) -> f64 {
    // The chance of each number of falling pairs: value number k + 1 falls below 0 to k of those before it.
    let mut chances = vec![1.0];
    for k in 1..n {
        let mut next = vec![0.0; chances.len() + k];
        for (falling, chance) in chances.iter().enumerate() {
            for slot in next.iter_mut().skip(falling).take(k + 1) {
                *slot += chance / (k + 1) as f64;
            }
        }
        chances = next;
    }
    let pairs = (n * (n - 1) / 2) as i64;
    let fewest = (pairs - statistic.abs()) / 2;
    let tail: f64 = chances.iter().take(fewest as usize + 1).sum();
    (2.0 * tail).min(1.0)
}

fn normally(n: usize, statistic: i64, ties: &[u64]) -> f64 {
    let term = |count: f64| count * (count - 1.0) * (2.0 * count + 5.0);
    let tied: f64 = ties.iter().map(|tie| term(*tie as f64)).sum();
    let variance = (term(n as f64) - tied) / 18.0;
    if statistic == 0 || variance <= 0.0 {
        return 1.0;
    }
    let z = (statistic.abs() - 1) as f64 / variance.sqrt();
    (2.0 * Normal::standard().cdf(-z)).min(1.0)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(half.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_series_are_counted_by_hand() {
        // Of the 6 orders of three values one rises throughout: 2/6 two-sided.
        let rising = trend(&[1.0, 2.0, 4.0]).unwrap();
        assert_eq!((rising.statistic, rising.slope), (3, 1.5), "slopes 1, 2 and 3/2");
        assert!((rising.p - 2.0 / 6.0).abs() < 1e-15);
        // Of 120 orders of five one falls throughout.
        let falling = trend(&[0.9, 0.8, 0.7, 0.6, 0.5]).unwrap();
        assert_eq!(falling.statistic, -10);
        assert!((falling.p - 2.0 / 120.0).abs() < 1e-15);
    }

    #[test]
    fn what_never_changes_has_no_trend_and_too_few_values_none_at_all() {
        assert_eq!(trend(&[0.5; 8]), Some(Trend { statistic: 0, p: 1.0, slope: 0.0 }));
        assert_eq!(trend(&[0.5, 0.6]), None);
        assert_eq!(trend(&[0.5, f64::NAN, 0.7]), None);
    }
}
