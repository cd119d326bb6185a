//! Fleiss' and Randolph's kappa: agreement of equally many raters on every sample, who need not be the same people.
//!
//! - Definition: `(o - e) / (1 - e)`, with `o` the share of pairs of raters that agree. For Fleiss `e` is the sum of the
//!   squared shares of the categories; for Randolph one over their number.
//! - Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", 1971; J. J. Randolph, 2005;
//!   statsmodels 0.15.0, `fleiss_kappa`.
//! - Edge cases: nothing for fewer than two raters, samples with different numbers of raters, and where chance alone
//!   would agree always.

/// Fleiss' kappa. Each row is a sample and holds how many raters chose each category.
pub fn fleiss_kappa(table: &[Vec<u64>]) -> Option<f64> {
    let (agreed, total) = observed(table)?;
    let categories = table.first()?.len();
    let share = |category: usize| {
        let chosen: u64 = table.iter().filter_map(|row| row.get(category)).sum();
        chosen as f64 / total
    };
    beyond_chance(agreed, (0..categories).map(|category| share(category).powi(2)).sum())
}

/// Randolph's kappa, which does not ask how often raters chose each category.
pub fn randolph_kappa(table: &[Vec<u64>]) -> Option<f64> {
    let (agreed, _) = observed(table)?;
    beyond_chance(agreed, 1.0 / table.first()?.len() as f64)
}

/// The share of pairs of raters that agree, and the number of ratings.
fn observed(table: &[Vec<u64>]) -> Option<(f64, f64)> {
    let (categories, raters) = (table.first()?.len(), table.first()?.iter().sum::<u64>());
    let fits = |row: &Vec<u64>| row.len() == categories && row.iter().sum::<u64>() == raters;
    if raters < 2 || !table.iter().all(fits) {
        return None;
    }
    let (samples, raters) = (table.len() as f64, raters as f64);
    let pairs: u64 = table.iter().flatten().map(|count| count * count.saturating_sub(1)).sum();
    Some((pairs as f64 / (samples * raters * (raters - 1.0)), samples * raters))
}

fn beyond_chance(agreed: f64, by_chance: f64) -> Option<f64> {
    (by_chance < 1.0).then(|| (agreed - by_chance) / (1.0 - by_chance))
}
