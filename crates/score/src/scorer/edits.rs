//! The least number of insertions, deletions and substitutions that turn one sequence into another (Levenshtein).
//!
//! What the symbols of the sequences are, and what the number is divided by, is left to the scorers.
//!
//! A column of the table of distances is kept as its vertical differences, 64 rows a machine word, and computed
//! with a handful of instructions: G. Myers, "A fast bit-vector algorithm for approximate string matching based on
//! dynamic programming", Journal of the ACM 46 (1999), in the form for several machine words.
//!
//! The library rapidfuzz (0.5, by the same method) finds the same, and is not used here: over pairs of 60 words it takes 1.8 times the
//! instructions for characters and 0.9 times for words, which most of the time are being cut and numbered; over texts of 20,000
//! words twice the time for words, and for texts that differ in a fiftieth of them eight times, for their characters nine times.

/// Rows that are computed together; a column of them stays in the processor's registers and nearest cache.
const BLOCKS: usize = 8;

/// Up to this length the whole table is filled: a part of it would hardly be faster.
const SHORT: usize = 2_000;

/// Edits between two sequences of symbols that are all below `symbols`. Time grows with the product of the longer length
/// and the edits, memory with the sum of the lengths and the number of symbols.
pub(super) fn edits(left: &[u32], right: &[u32], symbols: usize) -> usize {
    let (left, right) = without_common_ends(left, right);
    let longer = left.len().max(right.len());
    if left.is_empty() || right.is_empty() {
        return longer;
    }
    let mut table = Table { steps: Vec::new(), occurrences: vec![[0; BLOCKS]; symbols] };
    let mut most = if longer <= SHORT { longer } else { longer / 16 };
    loop {
        let found = table.edits(left, right, most.max(left.len().abs_diff(right.len())));
        if found <= most {
            return found;
        }
        // What was found is a way to do it, if not the shortest, so that more edits need not be looked for.
        most = found.min(most * 4);
    }
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
    /// By how much the row above the band, or under a whole one, grows from one column to the next: -1, 0 or 1.
    steps: Vec<i8>,
    /// For each symbol the rows of the band that hold it.
    occurrences: Vec<[u64; BLOCKS]>,
}

impl Table {
    /// The edits if they are at most `most`, else too many. Only cells are filled that are at most `most` away from the
    /// diagonal, since others would need more edits (E. Ukkonen, "Algorithms for approximate string matching", 1985).
    /// Around them, distances are taken to grow by one with each row and column, more than which they cannot.
    fn edits(&mut self, rows: &[u32], columns: &[u32], most: usize) -> usize {
        self.steps.clear();
        self.steps.resize(columns.len(), 1);
        // The distance in the row above the band, and in the column in front of the first one filled.
        let (mut corner, mut first) = (0_usize, 0);
        let mut found = 0;
        for (number, band) in rows.chunks(64 * BLOCKS).enumerate() {
            let top = number * 64 * BLOCKS;
            let next = top.saturating_sub(most).min(columns.len());
            corner = corner.saturating_add_signed(sum(&self.steps[first..next]));
            first = next;
            let end = (top + band.len()).saturating_add(most).min(columns.len());
            let above = corner.saturating_add_signed(sum(&self.steps[first..]));
            found = above.saturating_add_signed(self.fill_band(band, &columns[first..end], first));
            corner += band.len();
        }
        // The last band goes to the last column, as no distance is below the difference of the lengths.
        found
    }

    fn fill_band(&mut self, rows: &[u32], columns: &[u32], first: usize) -> isize {
        match rows.len().div_ceil(64) {
            1 => self.fill::<1>(rows, columns, first),
            2 => self.fill::<2>(rows, columns, first),
            3 => self.fill::<3>(rows, columns, first),
            4 => self.fill::<4>(rows, columns, first),
            5 => self.fill::<5>(rows, columns, first),
            6 => self.fill::<6>(rows, columns, first),
            7 => self.fill::<7>(rows, columns, first),
            _ => self.fill::<BLOCKS>(rows, columns, first),
        }
    }

    /// Fills the band for these rows and for these columns, the first of which has the number `first`; the result is by
    /// how much the last of them grows from its top to its bottom.
    fn fill<const N: usize>(&mut self, rows: &[u32], columns: &[u32], first: usize) -> isize {
        for (row, &symbol) in rows.iter().enumerate() {
            self.occurrences[symbol as usize][row / 64] |= 1 << (row % 64);
        }
        // Where a column grows by one from row to row, and where it shrinks.
        let (mut grows, mut shrinks) = ([u64::MAX; N], [0_u64; N]);
        for (&symbol, step) in columns.iter().zip(&mut self.steps[first..]) {
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

fn sum(steps: &[i8]) -> isize {
    steps.iter().map(|step| isize::from(*step)).sum()
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

    /// Long enough for only a part of the table to be filled, once for few edits, more than once for many.
    #[test]
    fn equals_the_whole_table_for_long_sequences() {
        let mut random = fastrand::Rng::with_seed(2026);
        for (symbols, share) in [(4, 0.01), (40, 0.1), (40, 0.5), (1_000, 1.0)] {
            let left: Vec<u32> = (0..2_300).map(|_| random.u32(0..symbols)).collect();
            let mut right = left.clone();
            for _ in 0..(left.len() as f64 * share) as usize {
                let place = random.usize(0..right.len());
                match random.u8(0..4) {
                    0 => right.insert(place, random.u32(0..symbols)),
                    1 => drop(right.remove(place)),
                    2 => right.rotate_right(usize::from(share > 0.4)),
                    _ => right[place] = random.u32(0..symbols),
                }
            }
            let expected = strsim::generic_levenshtein(&left, &right);
            assert_eq!(edits(&left, &right, symbols as usize), expected, "{symbols} symbols");
            assert_eq!(edits(&right, &left, symbols as usize), expected, "{symbols} symbols");
            let half = right[..1_100].to_vec();
            assert_eq!(edits(&half, &left, symbols as usize), strsim::generic_levenshtein(&half, &left));
        }
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
