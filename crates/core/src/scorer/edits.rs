//! The least number of insertions, deletions and substitutions that turn one sequence into another (Levenshtein).
//!
//! What the symbols of the sequences are, and what the number is divided by, is left to the scorers.
//!
//! A column of the table of distances is kept as its vertical differences, 64 rows a machine word, and computed
//! with a handful of instructions: G. Myers, "A fast bit-vector algorithm for approximate string matching based on
//! dynamic programming", Journal of the ACM 46 (1999), in the form for several machine words.

/// Rows that are computed together; a column of them stays in the processor's registers and nearest cache.
const BLOCKS: usize = 8;

/// Edits between two sequences of symbols that are all below `symbols`. Time grows with the product of the lengths,
/// memory with their sum and the number of symbols.
pub(super) fn edits(left: &[u32], right: &[u32], symbols: usize) -> usize {
    let (left, right) = without_common_ends(left, right);
    if left.is_empty() || right.is_empty() {
        return left.len().max(right.len());
    }
    let mut table = Table { steps: vec![1; right.len()], occurrences: vec![[0; BLOCKS]; symbols] };
    let mut distance = right.len();
    for rows in left.chunks(64 * BLOCKS) {
        let difference = match rows.len().div_ceil(64) {
            1 => table.fill::<1>(rows, right),
            2 => table.fill::<2>(rows, right),
            3 => table.fill::<3>(rows, right),
            4 => table.fill::<4>(rows, right),
            5 => table.fill::<5>(rows, right),
            6 => table.fill::<6>(rows, right),
            7 => table.fill::<7>(rows, right),
            _ => table.fill::<BLOCKS>(rows, right),
        };
        distance = distance.saturating_add_signed(difference);
    }
    distance
}

/// Equal symbols at the start and at the end need no edits.
fn without_common_ends<'a>(left: &'a [u32], right: &'a [u32]) -> (&'a [u32], &'a [u32]) {
    let start = left.iter().zip(right).take_while(|(one, other)| one == other).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// The table of distances, filled from the top in bands of rows.
struct Table {
    /// By how much the row above the band grows from one column to the next: -1, 0 or 1.
    steps: Vec<i8>,
    /// For each symbol the rows of the band that hold it.
    occurrences: Vec<[u64; BLOCKS]>,
}

impl Table {
    /// Fills the band for these rows; the result is by how much the last column grows from its top to its bottom.
    fn fill<const N: usize>(&mut self, rows: &[u32], columns: &[u32]) -> isize {
        for (row, &symbol) in rows.iter().enumerate() {
            self.occurrences[symbol as usize][row / 64] |= 1 << (row % 64);
        }
        // Where a column grows by one from row to row, and where it shrinks.
        let (mut grows, mut shrinks) = ([u64::MAX; N], [0_u64; N]);
        for (&symbol, step) in columns.iter().zip(&mut self.steps) {
            let occurrences = &self.occurrences[symbol as usize];
            // One addition over the whole column carries what is equal along; only this part goes from block to block.
            let mut sums = [0_u64; N];
            let mut carry = *step < 0;
            for block in 0..N {
                (sums[block], carry) = (occurrences[block] & grows[block]).carrying_add(grows[block], carry);
            }
            let (mut up, mut down) = (u64::from(*step > 0), u64::from(*step < 0));
            for block in 0..N {
                let (grow, shrink, equal) = (grows[block], shrinks[block], occurrences[block]);
                let horizontal = (sums[block] ^ grow) | equal;
                let (higher, lower) = (shrink | !(horizontal | grow), grow & horizontal);
                let (shifted_higher, shifted_lower) = (higher << 1 | up, lower << 1 | down);
                (up, down) = (higher >> 63, lower >> 63);
                let vertical = equal | shrink;
                grows[block] = shifted_lower | !(vertical | shifted_higher);
                shrinks[block] = shifted_higher & vertical;
            }
            *step = up as i8 - down as i8;
        }
        for &symbol in rows {
            self.occurrences[symbol as usize] = [0; BLOCKS];
        }
        let mut difference = 0;
        for block in 0..N {
            let filled = (rows.len() - block * 64).min(64);
            let mask = u64::MAX >> (64 - filled);
            difference += (grows[block] & mask).count_ones() as isize - (shrinks[block] & mask).count_ones() as isize;
        }
        difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_sequences_are_filled_up() {
        assert_eq!(edits(&[], &[], 0), 0);
        assert_eq!(edits(&[], &[0, 1], 2), 2);
        assert_eq!(edits(&[0, 0, 1], &[], 2), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn equals_the_table_of_another_library(
            left in prop::collection::vec(0..5_u32, 0..1_300), right in prop::collection::vec(0..5_u32, 0..700),
        ) {
            prop_assert_eq!(edits(&left, &right, 5), strsim::generic_levenshtein(&left, &right));
            prop_assert_eq!(edits(&right, &left, 5), edits(&left, &right, 5));
        }
    }
}
