//! The paired bootstrap: how sure the mean of paired differences is, without assuming a distribution.
//!
//! - Definition: samples are drawn with replacement, as many as there are, and the mean of their differences is taken;
//!   this is done many times. The interval lies between percentiles of these means (linear interpolation). The p-value
//!   is `(#{|m - mean(m)| >= |observed|} + 1) / (resamples + 1)`.
//! - Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993; the centred p-value as in
//!   sacrebleu 2.6.0, after S. Riezler and J. T. Maxwell, 2005.
//! - Edge cases: nothing for no differences and for a number that is not finite. The same numbers in the same order
//!   give the same result on every machine. A p-value is never below `1 / (resamples + 1)`.

use super::{Distribution, Draws, Interval};

/// How often is drawn, where time allows.
const RESAMPLES: usize = 10_000;
/// Fewer would make the ends of a 95 % interval coarse.
const LEAST_RESAMPLES: usize = 1_000;
/// About half a second of drawing.
const MOST_DRAWS: usize = 400_000_000;

/// What the bootstrap says of the mean of the differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// The mean of the differences as they are.
    pub mean: f64,
    /// The percentile interval of the mean.
    pub interval: Interval,
    /// The two-sided p-value of "the mean is zero".
    pub p: f64,
    /// The share of resamples whose mean is above zero.
    pub share_above_zero: f64,
}

/// Number of resamples for so many differences, those of all measures together: 10,000 up to 40,000 differences, fewer
/// above so that the time stays bounded, and never below 1,000.
pub fn resamples_for(differences: usize) -> usize {
    (MOST_DRAWS / differences.max(1)).clamp(LEAST_RESAMPLES, RESAMPLES)
}

/// Resamples the differences `after - before` of pairs `(before, after)`. Memory grows with the number of resamples.
///
/// None for no pairs, no resamples, a number that is not finite, and a confidence that is not between 0 and 1.
pub fn paired_bootstrap(
    pairs: &[(f64, f64)],
    resamples: usize,
    confidence: f64,
    draws: &mut Draws,
) -> Option<Bootstrap> {
    if pairs.is_empty() || !(0.0 < confidence && confidence < 1.0) {
        return None;
    }
    let n = pairs.len() as f64;
    // Two sums, so that pairs which cancel each other leave zero and not a trace of rounding.
    let (mut before, mut after) = (0.0, 0.0);
    for pair in pairs {
        before += pair.0;
        after += pair.1;
    }
    let mean = (after - before) / n;
    let mut means = Distribution::new();
    for _ in 0..resamples {
        let (mut before, mut after) = (0.0, 0.0);
        for _ in pairs {
            let pair = pairs.get(draws.below(pairs.len()))?;
            before += pair.0;
            after += pair.1;
        }
        means.push((after - before) / n).ok()?;
    }
    let (centre, tail) = (means.mean()?, 50.0 * (1.0 - confidence));
    let count = |holds: &dyn Fn(f64) -> bool| -> u64 {
        means.iter().filter(|(value, _)| holds(*value)).map(|(_, count)| count).sum()
    };
    let as_far = count(&|value| (value - centre).abs() >= mean.abs());
    Some(Bootstrap {
        mean,
        interval: Interval { low: means.percentile(tail)?, high: means.percentile(100.0 - tail)? },
        p: (as_far + 1) as f64 / (resamples + 1) as f64,
        share_above_zero: count(&|value| value > 0.0) as f64 / resamples as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_bounded() {
        assert_eq!([0, 1, 40_000].map(resamples_for), [10_000; 3]);
        assert_eq!([200_000, 10_000_000].map(resamples_for), [2_000, 1_000]);
    }

    #[test]
    fn nothing_has_no_bootstrap() {
        let of = |after: &[f64], resamples, confidence| {
            let pairs: Vec<(f64, f64)> = after.iter().map(|after| (0.0, *after)).collect();
            paired_bootstrap(&pairs, resamples, confidence, &mut Draws::seeded(1))
        };
        assert_eq!(of(&[], 100, 0.95), None);
        assert_eq!(of(&[1.0], 0, 0.95), None);
        assert_eq!(of(&[1.0], 100, 1.0), None);
        assert_eq!(of(&[f64::NAN], 100, 0.95), None);
        let equal = of(&[0.25; 8], 100, 0.95).unwrap();
        assert_eq!((equal.interval.low, equal.interval.high), (0.25, 0.25));
    }
}
