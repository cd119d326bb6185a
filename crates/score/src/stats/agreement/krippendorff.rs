//! Krippendorff's alpha: agreement of any number of raters, of whom some may have left samples out.
//!
//! - Definition: `1 - sum(o d) / sum(e d)` over pairs of values, with `o` the coincidences within samples, `e` those
//!   expected by chance, and `d` the squared distance on the level of measurement.
//! - Source: K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011; the package krippendorff 0.9.0.
//! - Edge cases: samples with fewer than two ratings are left out. Nothing where no sample is left, or where all
//!   ratings are equal.

use std::collections::BTreeMap;

/// What the ratings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Names: equal or not.
    Nominal,
    /// Places in an order.
    Ordinal,
    /// Numbers whose differences count.
    Interval,
    /// Numbers whose proportions count.
    Ratio,
}

/// Krippendorff's alpha. Each row is a rater, each column a sample; none stands for a rating that is missing, and so
/// does a number that is not finite.
pub fn krippendorff_alpha(ratings: &[Vec<Option<f64>>], level: Level) -> Option<f64> {
    let samples = ratings.iter().map(Vec::len).max()?;
    let of_sample = |sample: usize| {
        let given = ratings.iter().filter_map(move |rater| rater.get(sample).copied().flatten());
        given.filter(|value| value.is_finite()).map(|value| value + 0.0)
    };
    let mut values: Vec<f64> = (0..samples).flat_map(of_sample).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let mut coincidences: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut totals = vec![0.0; values.len()];
    for sample in 0..samples {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for value in of_sample(sample) {
            *counts.entry(values.partition_point(|known| *known < value)).or_default() += 1.0;
        }
        let raters: f64 = counts.values().sum();
        if raters < 2.0 {
            continue;
        }
        for (first, count) in &counts {
            if let Some(total) = totals.get_mut(*first) {
                *total += count;
            }
            for (second, other) in &counts {
                let pairs = count * if first == second { other - 1.0 } else { *other };
                *coincidences.entry((*first, *second)).or_default() += pairs / (raters - 1.0);
            }
        }
    }
    let all: f64 = totals.iter().sum();
    let distance = |first: usize, second: usize| distance(&values, &totals, first, second, level);
    let observed: f64 = coincidences.iter().map(|((first, second), count)| count * distance(*first, *second)).sum();
    let mut expected = 0.0;
    for (first, count) in totals.iter().enumerate() {
        // A value is at no distance from itself, so pairs of equal values add nothing.
        expected +=
            totals.iter().enumerate().map(|(second, other)| count * other * distance(first, second)).sum::<f64>();
    }
    expected /= all - 1.0;
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

/// The squared distance of two values, given by their places in ascending order.
fn distance(values: &[f64], totals: &[f64], first: usize, second: usize, level: Level) -> f64 {
    let (low, high) = (first.min(second), first.max(second));
    let (Some(least), Some(greatest)) = (values.get(low), values.get(high)) else { return 0.0 };
    let distance = match level {
        _ if low == high => 0.0,
        Level::Nominal => 1.0,
        Level::Ordinal => {
            let between: f64 = totals.iter().skip(low).take(high - low + 1).sum();
            let ends = [low, high].iter().filter_map(|place| totals.get(*place)).sum::<f64>();
            between - ends / 2.0
        }
        Level::Interval => greatest - least,
        // Values that cancel each other are as far apart as can be.
        Level::Ratio if greatest + least == 0.0 => 1.0,
        Level::Ratio => (greatest - least) / (greatest + least),
    };
    distance * distance
}
