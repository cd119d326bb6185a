//! Ranks with ties shared, for the statistics that look at order alone.

/// The rank of each value from 1 up, equal values sharing the mean of their ranks, and how many values each group of
/// equal ones has. Values are taken to be finite.
pub(super) fn average_ranks(values: &[f64]) -> (Vec<f64>, Vec<u64>) {
    let mut sorted: Vec<(f64, usize)> = values.iter().enumerate().map(|(place, value)| (value + 0.0, place)).collect();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut ranks, mut ties) = (vec![0.0; values.len()], Vec::new());
    let mut below = 0;
    for group in sorted.chunk_by(|left, right| left.0 == right.0) {
        let rank = below as f64 + (group.len() + 1) as f64 / 2.0;
        for (_, place) in group {
            if let Some(slot) = ranks.get_mut(*place) {
                *slot = rank;
            }
        }
        below += group.len();
        ties.push(group.len() as u64);
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests {
    use super::average_ranks;

    #[test]
    fn ties_share_their_ranks() {
        let (ranks, ties) = average_ranks(&[3.0, -0.0, 3.0, 0.0, 9.0]);
        assert_eq!(ranks, [3.5, 1.5, 3.5, 1.5, 5.0]);
        assert_eq!(ties, [2, 2, 1]);
    }
}
