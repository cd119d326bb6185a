//! Counts what two texts share: single words and pairs of neighbours.

use crate::scorer::vocabulary::WordId;

/// Number of words that can be paired off between the texts. `counts` holds 0 for every word, before and after.
pub(super) fn shared_words(reference: &[WordId], response: &[WordId], counts: &mut [u32]) -> usize {
    reference.iter().for_each(|token| counts[*token as usize] += 1);
    let mut shared = 0;
    for token in response {
        let count = &mut counts[*token as usize];
        shared += usize::from(*count > 0);
        *count = count.saturating_sub(1);
    }
    reference.iter().for_each(|token| counts[*token as usize] = 0);
    shared
}

/// Number of pairs of neighbours that can be paired off between the texts.
pub(super) fn shared_pairs(reference: &[WordId], response: &[WordId]) -> usize {
    let (reference, response) = (sorted_pairs(reference), sorted_pairs(response));
    let (mut left, mut right, mut shared) = (0, 0, 0);
    while let (Some(one), Some(other)) = (reference.get(left), response.get(right)) {
        shared += usize::from(one == other);
        left += usize::from(one <= other);
        right += usize::from(other <= one);
    }
    shared
}

fn sorted_pairs(tokens: &[WordId]) -> Vec<u64> {
    let pairs = tokens.array_windows().map(|[first, second]| u64::from(*first) << 32 | u64::from(*second));
    let mut pairs: Vec<u64> = pairs.collect();
    pairs.sort_unstable();
    pairs
}
