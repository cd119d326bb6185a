//! Two short tests of paired differences: the sign test and the paired t test.
//!
//! - Definition: the sign test asks whether positive and negative differences are equally likely, zeros left out; the
//!   t test whether their mean is zero, `t = mean / (s / sqrt(n))` with n - 1 degrees of freedom. Both are two-sided.
//! - Source: scipy 1.17.1, `binomtest` and `ttest_rel`.
//! - Edge cases: no p-value where there is nothing to compare, or where all differences are equal (t test).

use super::Distribution;
use super::binomial::two_sided_half;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The two-sided p-value of the sign test; none when every difference is zero.
pub fn sign_test(differences: &[f64]) -> Option<f64> {
    let above = differences.iter().filter(|difference| **difference > 0.0).count() as u64;
    let below = differences.iter().filter(|difference| **difference < 0.0).count() as u64;
    (above + below > 0).then(|| two_sided_half(above, above + below))
}

/// Statistic and two-sided p-value of the paired t test; none for fewer than two differences, for differences that
/// are all equal, and for a number that is not finite.
pub fn paired_t_test(differences: &[f64]) -> Option<(f64, f64)> {
    let mut distribution = Distribution::new();
    for difference in differences {
        distribution.push(*difference).ok()?;
    }
    let error = distribution.standard_error().filter(|error| *error > 0.0)?;
    let t = distribution.mean()? / error;
    let freedom = (differences.len() - 1) as f64;
    Some((t, 2.0 * StudentsT::new(0.0, 1.0, freedom).ok()?.cdf(-t.abs())))
}
