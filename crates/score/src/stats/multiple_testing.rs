//! Corrections of p-values for having asked more than one question.
//!
//! - Definition: see [`Correction`]. An adjusted p-value is compared with the level as a single one would be; it is at
//!   most 1 and keeps the order of the p-values.
//! - Source: S. Holm, "A simple sequentially rejective multiple test procedure", 1979; Y. Hochberg, 1988; Y. Benjamini
//!   and Y. Hochberg, 1995; Y. Benjamini and D. Yekutieli, 2001; statsmodels 0.15.0, `multipletests`.
//! - Edge cases: no p-values give none.

/// Which mistake is bounded, and how. `n` is the number of p-values, `i` the place of one in ascending order from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// One false alarm among all: `n p`.
    Bonferroni,
    /// One false alarm among all, for independent tests: `1 - (1 - p)^n`.
    Sidak,
    /// One false alarm among all, never weaker than Bonferroni's: the greatest `(n - i + 1) p` so far.
    Holm,
    /// Holm's steps with Sidak's formula.
    HolmSidak,
    /// One false alarm among all, for independent tests: the least `(n - i + 1) p` from here on.
    Hochberg,
    /// The share of false alarms, for independent tests: the least `n p / i` from here on.
    BenjaminiHochberg,
    /// The share of false alarms, for any tests: the same times `1 + 1/2 + ... + 1/n`.
    BenjaminiYekutieli,
}

/// The adjusted p-values, in the order of the given ones.
pub fn adjust(p_values: &[f64], correction: Correction) -> Vec<f64> {
    use Correction::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Hochberg, Holm, HolmSidak, Sidak};
    let mut sorted: Vec<(f64, usize)> = p_values.iter().enumerate().map(|(place, p)| (*p, place)).collect();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let n = p_values.len() as f64;
    let harmonic: f64 = (1..=p_values.len()).map(|i| 1.0 / i as f64).sum();
    for (before, (p, _)) in sorted.iter_mut().enumerate() {
        let (left, place) = (n - before as f64, before as f64 + 1.0);
        *p = match correction {
            Bonferroni => *p * n,
            Sidak => sidak(*p, n),
            Holm | Hochberg => *p * left,
            HolmSidak => sidak(*p, left),
            BenjaminiHochberg => *p / (place / n),
            BenjaminiYekutieli => *p / (place / n) * harmonic,
        };
    }
    match correction {
        Holm | HolmSidak => carry(sorted.iter_mut(), f64::max),
        Hochberg | BenjaminiHochberg | BenjaminiYekutieli => carry(sorted.iter_mut().rev(), f64::min),
        Bonferroni | Sidak => {}
    }
    let mut adjusted = vec![1.0; p_values.len()];
    for (p, place) in sorted {
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = p.min(1.0);
        }
    }
    adjusted
}

/// `1 - (1 - p)^n` without losing small p-values.
fn sidak(p: f64, n: f64) -> f64 {
    -(n * (-p).ln_1p()).exp_m1()
}

/// Replaces each value by the greatest, or least, so far.
fn carry<'a>(values: impl Iterator<Item = &'a mut (f64, usize)>, choose: fn(f64, f64) -> f64) {
    let mut carried = None;
    for (p, _) in values {
        let chosen = carried.map_or(*p, |carried| choose(carried, *p));
        carried = Some(chosen);
        *p = chosen;
    }
}
