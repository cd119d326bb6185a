//! How far two numbers of the same samples go together, such as a judge's marks and people's.
//!
//! - Definition: Pearson's r is the covariance over the product of the standard deviations; Spearman's rho is Pearson's
//!   r of the ranks, equal values sharing a rank. The two-sided p-value is that of `t = r sqrt((n-2)/(1-r²))` with n - 2
//!   degrees of freedom.
//! - Source: scipy 1.17.1, `pearsonr` and `spearmanr`.
//! - Edge cases: nothing for fewer than three pairs, and where one side is constant.

use super::ranks::average_ranks;
use statrs::function::beta::checked_beta_reg;

/// A coefficient from -1 to 1 with its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// 1 where both rise together, -1 where one falls as the other rises.
    pub coefficient: f64,
    /// The p-value of "they have nothing to do with each other".
    pub p: f64,
}

/// Pearson's correlation; none for lists of different length, see the module.
pub fn pearson(left: &[f64], right: &[f64]) -> Option<Correlation> {
    let n = left.len() as f64;
    if left.len() != right.len() || left.len() < 3 {
        return None;
    }
    let constant = |values: &[f64]| values.iter().all(|value| values.first() == Some(value));
    if constant(left) || constant(right) {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (left_mean, right_mean) = (mean(left), mean(right));
    let (mut both, mut left_squares, mut right_squares) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(right) {
        let (left, right) = (left - left_mean, right - right_mean);
        both += left * right;
        left_squares += left * left;
        right_squares += right * right;
    }
    let coefficient = (both / (left_squares * right_squares).sqrt()).clamp(-1.0, 1.0);
    // The t distribution's tails, written as an incomplete beta function of 1 - r².
    let rest = (1.0 - coefficient) * (1.0 + coefficient);
    let p = checked_beta_reg((n - 2.0) / 2.0, 0.5, rest).ok()?;
    coefficient.is_finite().then_some(Correlation { coefficient, p })
}

/// Spearman's rank correlation; none as for [`pearson`].
pub fn spearman(left: &[f64], right: &[f64]) -> Option<Correlation> {
    if left.iter().chain(right).any(|value| !value.is_finite()) {
        return None;
    }
    pearson(&average_ranks(left).0, &average_ranks(right).0)
}
