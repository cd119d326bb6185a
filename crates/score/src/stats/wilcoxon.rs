//! Wilcoxon's signed-rank test: whether paired differences lie around zero, by their ranks alone.
//!
//! - Definition: differences are ranked by size, equal ones sharing a rank; `R+` is the sum of the ranks of the
//!   positive ones. Without a difference every sign is equally likely.
//! - Source: F. Wilcoxon, "Individual comparisons by ranking methods", 1945; J. W. Pratt, 1959; scipy 1.17.1,
//!   `wilcoxon`.
//! - Edge cases: what becomes of differences of zero is a choice, see [`Zeros`]. Nothing where all are dropped.

use super::ranks::average_ranks;
use statrs::distribution::{ContinuousCDF, Normal};

/// Above so many differences the normal approximation is good enough.
const MOST_EXACT: usize = 50;
/// Up to so many the exact distribution is taken even with ties and zeros.
const ALWAYS_EXACT: usize = 13;

/// What becomes of differences of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// They are left out before ranking, as Wilcoxon did.
    Drop,
    /// They are ranked and left out then, as Pratt proposed.
    Pratt,
    /// They are ranked, and their ranks are shared between both signs.
    Split,
}

/// Which difference counts against "there is none".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// Any.
    TwoSided,
    /// Differences are above zero.
    Greater,
    /// Differences are below zero.
    Less,
}

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wilcoxon {
    /// The smaller of both rank sums for [`Alternative::TwoSided`], else that of the positive differences.
    pub statistic: f64,
    /// How far the rank sum is from what is expected, in standard deviations; none where the p-value is exact.
    pub z: Option<f64>,
    /// The p-value.
    pub p: f64,
}

/// Ranks and what is made of them.
struct RankSums {
    plus: f64,
    minus: f64,
    ranks: Vec<f64>,
    ties: Vec<u64>,
    zeros: u64,
}

/// The two-sided test as scipy does it by default: zeros are dropped; the p-value is exact up to 50 differences
/// without ties and zeros, and up to 13 in any case, else it comes from the normal approximation without correction.
///
/// None where no difference is left, or a number is not finite.
pub fn wilcoxon(differences: &[f64]) -> Option<Wilcoxon> {
    let sums = rank_sums(differences, Zeros::Drop)?;
    let distinct = sums.ties.iter().all(|tie| *tie == 1) && sums.ranks.len() == differences.len();
    let exact = differences.len() <= ALWAYS_EXACT || (distinct && differences.len() <= MOST_EXACT);
    if exact && !sums.ranks.is_empty() {
        return Some(exactly(&sums, Alternative::TwoSided));
    }
    wilcoxon_asymptotic(differences, Zeros::Drop, Alternative::TwoSided, false)
}

/// The test by the exact distribution of the rank sum, zeros dropped. Time grows with the third power of the number
/// of differences.
///
/// None where no difference is given, or a number is not finite.
pub fn wilcoxon_exact(differences: &[f64], alternative: Alternative) -> Option<Wilcoxon> {
    Some(exactly(&rank_sums(differences, Zeros::Drop)?, alternative))
}

/// The test by the normal approximation, with a correction for continuity if asked for.
///
/// None where the rank sum cannot vary, or a number is not finite.
pub fn wilcoxon_asymptotic(
    differences: &[f64],
    zeros: Zeros,
    alternative: Alternative,
    corrected: bool,
) -> Option<Wilcoxon> {
    let sums = rank_sums(differences, zeros)?;
    let (count, zero) = (sums.ranks.len() as f64, sums.zeros as f64);
    let mut mean = count * (count + 1.0) / 4.0;
    let mut squares = count * (count + 1.0) * (2.0 * count + 1.0);
    // Equal values come in ascending order, so zeros are the first group.
    let mut ties = sums.ties.as_slice();
    if zeros == Zeros::Pratt && sums.zeros > 0 {
        mean -= zero * (zero + 1.0) / 4.0;
        squares -= zero * (zero + 1.0) * (2.0 * zero + 1.0);
        ties = ties.get(1..)?;
    }
    let tied: f64 = ties.iter().map(|tie| *tie as f64).map(|tie| tie.powi(3) - tie).sum();
    let deviation = ((squares - tied / 2.0) / 24.0).sqrt();
    let side = match alternative {
        Alternative::Greater => 1.0,
        Alternative::Less => -1.0,
        Alternative::TwoSided if sums.plus == mean => 0.0,
        Alternative::TwoSided => (sums.plus - mean).signum(),
    };
    let z = (sums.plus - mean - if corrected { side * 0.5 } else { 0.0 }) / deviation;
    if !z.is_finite() {
        return None;
    }
    let normal = Normal::standard();
    let p = match alternative {
        Alternative::TwoSided => (2.0 * normal.cdf(-z.abs())).min(1.0),
        Alternative::Greater => normal.cdf(-z),
        Alternative::Less => normal.cdf(z),
    };
    Some(Wilcoxon { statistic: sums.statistic(alternative), z: Some(z), p })
}

impl RankSums {
    fn statistic(&self, alternative: Alternative) -> f64 {
        if alternative == Alternative::TwoSided { self.plus.min(self.minus) } else { self.plus }
    }
}

fn rank_sums(differences: &[f64], zeros: Zeros) -> Option<RankSums> {
    if differences.is_empty() || differences.iter().any(|difference| !difference.is_finite()) {
        return None;
    }
    let kept = differences.iter().copied().filter(|difference| zeros != Zeros::Drop || *difference != 0.0);
    let kept: Vec<f64> = kept.collect();
    let sizes: Vec<f64> = kept.iter().map(|difference| difference.abs()).collect();
    let (ranks, ties) = average_ranks(&sizes);
    let (mut plus, mut minus, mut none, mut zero) = (0.0, 0.0, 0.0, 0);
    for (difference, rank) in kept.iter().zip(&ranks) {
        match difference.total_cmp(&0.0) {
            _ if *difference == 0.0 => {
                none += rank;
                zero += 1;
            }
            std::cmp::Ordering::Less => minus += rank,
            _ => plus += rank,
        }
    }
    if zeros == Zeros::Split {
        plus += none / 2.0;
        minus += none / 2.0;
    }
    Some(RankSums { plus, minus, ranks, ties, zeros: zero })
}

/// The exact p-value: every choice of signs is equally likely. Ranks are counted in halves, as ties share them.
fn exactly(sums: &RankSums, alternative: Alternative) -> Wilcoxon {
    let halves: Vec<usize> = sums.ranks.iter().map(|rank| (2.0 * rank).round() as usize).collect();
    let mut chances = vec![0.0; halves.iter().sum::<usize>() + 1];
    chances[0] = 1.0;
    let mut most = 0;
    for half in halves {
        most += half;
        for sum in (0..=most).rev() {
            let with = sum.checked_sub(half).and_then(|rest| chances.get(rest)).copied().unwrap_or(0.0);
            if let Some(chance) = chances.get_mut(sum) {
                *chance = (*chance + with) / 2.0;
            }
        }
    }
    let own = (2.0 * sums.plus).round() as usize;
    let at_most: f64 = chances.iter().take(own + 1).sum();
    let at_least: f64 = chances.iter().skip(own).sum();
    let p = match alternative {
        Alternative::TwoSided => 2.0 * at_most.min(at_least),
        Alternative::Greater => at_least,
        Alternative::Less => at_most,
    };
    Wilcoxon { statistic: sums.statistic(alternative), z: None, p: p.min(1.0) }
}
