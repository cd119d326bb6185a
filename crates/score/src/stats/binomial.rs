//! The binomial distribution at one half: what McNemar's test and the sign test decide by.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The two-sided p-value of `successes` out of `trials` when success and failure are equally likely; 1 for no trials.
/// `successes` above `trials` count as all.
pub(super) fn two_sided_half(successes: u64, trials: u64) -> f64 {
    let fewer = successes.min(trials.saturating_sub(successes));
    match Binomial::new(0.5, trials) {
        Ok(binomial) if trials > 0 => (2.0 * binomial.cdf(fewer)).min(1.0),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::two_sided_half;

    #[test]
    fn small_cases_by_hand() {
        assert_eq!(two_sided_half(0, 0), 1.0);
        // 2 * (1 + 5) / 32.
        assert!((two_sided_half(4, 5) - 0.375).abs() < 1e-15);
        assert!((two_sided_half(1, 5) - 0.375).abs() < 1e-15);
        assert_eq!(two_sided_half(3, 6), 1.0);
    }
}
