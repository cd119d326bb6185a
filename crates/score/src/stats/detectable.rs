//! The smallest difference that so many paired samples are likely to show.
//!
//! - Definition: with `z` the normal quantiles of the level (two-sided) and of the power, a mean needs
//!   `(z_level + z_power) * s / sqrt(n)`, `s` being the standard deviation of the differences. For values of 0 and 1 of
//!   which a share `d` differs it is the root of `sqrt(n) x = z_level sqrt(d) + z_power sqrt(d - x²)`; where this asks
//!   for more than all that differ, so many are taken to differ as it asks for.
//! - Source: E. Miller, "Adding Error Bars to Evals", 2024, section 5; R. J. Connor, "Sample size for testing
//!   differences in proportions for the paired-sample design", 1987.
//! - Edge cases: nothing for fewer than two samples, and where even all samples changed would not show.

use super::Distribution;
use statrs::distribution::{ContinuousCDF, Normal};

/// The smallest mean of differences that is found at the level `alpha` with the probability `power`.
pub fn detectable_mean(differences: &Distribution, alpha: f64, power: f64) -> Option<f64> {
    let (level, power) = quantiles(alpha, power)?;
    Some((level + power) * differences.standard_error()?)
}

/// The smallest difference between two proportions of the same `n` samples, of which `discordant` differ between the
/// sides, that is found at the level `alpha` with the probability `power`.
pub fn detectable_proportion(n: u64, discordant: u64, alpha: f64, power: f64) -> Option<f64> {
    let (level, power) = quantiles(alpha, power)?;
    if n < 2 || discordant > n {
        return None;
    }
    let (n, share) = (n as f64, discordant as f64 / n as f64);
    let (level_squared, power_squared) = (level * level, power * power);
    let found = (level * (n * share).sqrt() + power * (share * (n - level_squared + power_squared)).sqrt())
        / (n + power_squared);
    if found <= share && found > 0.0 {
        return Some(found);
    }
    // All changes go one way: with x = d and s = sqrt(1 - x) the equation is n (1 - s²) = (z_level + z_power s)².
    let inner = level_squared * power_squared - (n + power_squared) * (level_squared - n);
    let rest = (inner.sqrt() - level * power) / (n + power_squared);
    (rest >= 0.0).then_some(1.0 - rest * rest)
}

fn quantiles(alpha: f64, power: f64) -> Option<(f64, f64)> {
    let inside = |share: f64| 0.0 < share && share < 1.0;
    let normal = Normal::standard();
    (inside(alpha) && inside(power)).then(|| (normal.inverse_cdf(1.0 - alpha / 2.0), normal.inverse_cdf(power)))
}
