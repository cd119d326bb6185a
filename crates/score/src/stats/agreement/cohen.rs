//! Cohen's kappa: agreement of two raters who both rated every sample.
//!
//! - Definition: `1 - sum(w o) / sum(w e)` over pairs of labels, with `o` how often the pair occurred, `e` how often it
//!   would by chance, and the weight `w` of a disagreement.
//! - Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960, and "Weighted kappa", 1968; scikit-learn
//!   1.9.1, `cohen_kappa_score`.
//! - Edge cases: nothing where chance alone would agree always (both raters used one and the same label), for lists of
//!   different length, and for a label outside of the range.

/// How much a disagreement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Any disagreement weighs the same.
    None,
    /// By the distance of the labels.
    Linear,
    /// By the squared distance.
    Quadratic,
}

/// Cohen's kappa of two raters' labels, which are numbers from 0 below `labels`. Where labels are weighted they have
/// to be in order.
pub fn cohen_kappa(first: &[usize], second: &[usize], labels: usize, weights: Weights) -> Option<f64> {
    if first.len() != second.len() {
        return None;
    }
    let (mut rows, mut columns, mut observed) = (vec![0u64; labels], vec![0u64; labels], 0.0);
    for (first, second) in first.iter().zip(second) {
        *rows.get_mut(*first)? += 1;
        *columns.get_mut(*second)? += 1;
        observed += weigh(*first, *second, weights);
    }
    let mut expected = 0.0;
    for (row, first) in rows.iter().enumerate() {
        for (column, second) in columns.iter().enumerate() {
            expected += weigh(row, column, weights) * (*first as f64) * (*second as f64);
        }
    }
    expected /= first.len() as f64;
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

fn weigh(first: usize, second: usize, weights: Weights) -> f64 {
    let distance = first.abs_diff(second) as f64;
    match weights {
        Weights::None => distance.min(1.0),
        Weights::Linear => distance,
        Weights::Quadratic => distance * distance,
    }
}
