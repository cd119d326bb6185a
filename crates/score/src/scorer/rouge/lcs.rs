//! Longest common subsequences of tokens: their length, and which positions of the reference one of them takes.
//!
//! The table of lengths, a row for each token of the response and a column for each of the reference, is worked out 64
//! columns at a time: a row is a number with a bit for each column, 0 where the length grows by one, and an addition
//! finds the next row (H. Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
//!
//! Of several subsequences of the same length the reference program takes the one that its way back through the table
//! leads to, so any other method of finding one would give other scores. That way needs every row, and for two texts
//! of 20,000 words even bits would fill 50 MB. Rows are therefore kept only here and there; on the way back, those
//! between two kept ones are worked out once more. This doubles the time, and memory grows with the square root of
//! the response's length times that of the reference: less than 1 MB there.

use crate::scorer::vocabulary::WordId;

/// Up to so many numbers are kept without a second thought.
const ROWS_KEPT: usize = 4096;

/// A row before any token of the response: no length grows anywhere.
const NOTHING: u64 = u64::MAX;

/// The length of the longest common subsequence. `masks` holds 0 for every token, before and after.
pub(super) fn length(reference: &[WordId], response: &[WordId], masks: &mut [u64]) -> usize {
    let mut row = vec![NOTHING; reference.len().div_ceil(64)];
    advance(reference, response, masks, &mut row, |_, _, _| ());
    row.iter().map(|bits| bits.count_zeros() as usize).sum()
}

/// Marks the positions of the reference that are part of the subsequence which the way back from the last column and
/// row meets: where tokens are equal it goes diagonally, else to the shorter response if that is longer in common
/// than the shorter reference is, else to the shorter reference.
pub(super) fn mark(reference: &[WordId], response: &[WordId], masks: &mut [u64], marks: &mut [bool]) {
    let blocks = reference.len().div_ceil(64);
    if blocks == 0 || response.is_empty() {
        return;
    }
    let stretch = response.len().isqrt().max(ROWS_KEPT / blocks).clamp(1, response.len());
    // The row before each stretch of the response.
    let mut kept = Vec::with_capacity(response.len().div_ceil(stretch) * blocks);
    let mut row = vec![NOTHING; blocks];
    let mut stretches = response.chunks(stretch);
    stretches.next_back();
    for tokens in stretches {
        kept.extend_from_slice(&row);
        advance(reference, tokens, masks, &mut row, |_, _, _| ());
    }
    kept.extend_from_slice(&row);

    let mut column = reference.len();
    let mut rows = vec![0; stretch * blocks];
    for (tokens, row) in response.chunks(stretch).zip(kept.chunks_exact_mut(blocks)).rev() {
        let columns = &reference[..column];
        advance(columns, tokens, masks, row, |block, place, bits| rows[block * stretch + place] = bits);
        let mut place = tokens.len();
        while let (Some(token), Some(&expected)) = (place.checked_sub(1), columns[..column].last()) {
            let (block, bit) = ((column - 1) / 64, (column - 1) % 64);
            if tokens[token] == expected {
                marks[column - 1] = true;
                (column, place) = (column - 1, token);
            } else if rows[block * stretch + token] >> bit & 1 == 0 {
                // The length grows in this column, so it is shorter without it.
                place = token;
            } else {
                column -= 1;
            }
        }
    }
}

/// Goes on from the row before `response` to the one after it, and shows each block of each row to `visit`: the number
/// of the block, the place of the token, the bits.
#[inline(always)]
fn advance(
    reference: &[WordId],
    response: &[WordId],
    masks: &mut [u64],
    row: &mut [u64],
    mut visit: impl FnMut(usize, usize, u64),
) {
    let mut carries = vec![false; response.len()];
    for (number, (block, bits)) in reference.chunks(64).zip(row).enumerate() {
        block.iter().enumerate().for_each(|(column, token)| masks[*token as usize] |= 1 << column);
        for (place, (token, carry)) in response.iter().zip(&mut carries).enumerate() {
            let equal = masks[*token as usize];
            let (sum, next) = bits.carrying_add(*bits & equal, *carry);
            (*bits, *carry) = (sum | (*bits & !equal), next);
            visit(number, place, *bits);
        }
        block.iter().for_each(|token| masks[*token as usize] = 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, with the whole table.
    fn by_table(reference: &[WordId], response: &[WordId]) -> (usize, Vec<bool>) {
        let mut table = vec![vec![0_usize; response.len() + 1]; reference.len() + 1];
        for (i, one) in reference.iter().enumerate() {
            for (j, other) in response.iter().enumerate() {
                let longer = table[i][j + 1].max(table[i + 1][j]);
                table[i + 1][j + 1] = if one == other { table[i][j] + 1 } else { longer };
            }
        }
        let (mut i, mut j) = (reference.len(), response.len());
        let mut marks = vec![false; i];
        let length = table[i][j];
        while i > 0 && j > 0 {
            if reference[i - 1] == response[j - 1] {
                (i, j) = (i - 1, j - 1);
                marks[i] = true;
            } else if table[i][j - 1] > table[i - 1][j] {
                j -= 1;
            } else {
                i -= 1;
            }
        }
        (length, marks)
    }

    fn found(reference: &[WordId], response: &[WordId]) -> (usize, Vec<bool>) {
        let (mut masks, mut marks) = (vec![0; 5_000], vec![false; reference.len()]);
        mark(reference, response, &mut masks, &mut marks);
        let length = length(reference, response, &mut masks);
        assert!(masks.iter().all(|mask| *mask == 0));
        (length, marks)
    }

    proptest! {
        #[test]
        fn equals_the_table(
            reference in prop::collection::vec(0_u32..9, 0..200),
            response in prop::collection::vec(0_u32..9, 0..200),
        ) {
            prop_assert_eq!(found(&reference, &response), by_table(&reference, &response));
        }
    }

    /// Long enough for rows to be dropped and worked out again.
    #[test]
    fn equals_the_table_over_many_stretches() {
        let mut random = fastrand::Rng::with_seed(7);
        for most in [3, 40, 3_000] {
            let mut draw = |count: usize| -> Vec<WordId> { (0..count).map(|_| random.u32(0..most)).collect() };
            let (reference, response) = (draw(1_500), draw(2_100));
            assert!(response.len() > ROWS_KEPT / reference.len().div_ceil(64));
            assert_eq!(found(&reference, &response), by_table(&reference, &response), "{most} different tokens");
        }
    }
}
