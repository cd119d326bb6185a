//! McNemar's test: whether two sides pass a different share of the same samples.
//!
//! - Definition: of the `b + c` samples on which the sides differ, `b` were passed by the first side alone and `c` by
//!   the second alone. Without a difference either is equally likely, so the exact p-value is twice the binomial
//!   probability of `min(b, c)` or fewer out of `b + c` at one half, at most 1.
//! - Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
//!   1947; statsmodels 0.15.0, `mcnemar`.
//! - Edge cases: no discordant samples give an exact p of 1 and no chi-square test.

use super::binomial::two_sided_half;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The exact two-sided p-value. Right for any number of samples.
pub fn mcnemar_exact(first_alone: u64, second_alone: u64) -> f64 {
    two_sided_half(first_alone, first_alone + second_alone)
}

/// Statistic and p-value of the chi-square approximation, `(|b - c| - correction)² / (b + c)` with one degree of
/// freedom, where the correction for continuity is 1 or 0. As in statsmodels it is not clamped: `b = c` gives
/// `1 / (b + c)`. None without discordant samples.
pub fn mcnemar_chi_square(first_alone: u64, second_alone: u64, corrected: bool) -> Option<(f64, f64)> {
    let discordant = first_alone + second_alone;
    if discordant == 0 {
        return None;
    }
    let distance = first_alone.abs_diff(second_alone) as f64 - f64::from(u8::from(corrected));
    let statistic = distance.powi(2) / discordant as f64;
    Some((statistic, ChiSquared::new(1.0).ok()?.sf(statistic)))
}
