//! Counts the n-grams that a response shares with references, for all orders at once and without a table of them.
//!
//! The n-gram of the highest order at each place is packed into one number, first unit highest, the number of its
//! text lowest. Once these are sorted, equal n-grams of every order lie side by side, so that one walk counts them
//! all. What the units are, characters or tokens, is left to the scorers.

/// How an n-gram and the number of its text share the bits of one number.
///
/// A unit is never 0: zeros stand behind the last unit of a text, where the n-grams of high orders are cut off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Bits of one unit.
    pub(super) unit_bits: u32,
    /// Bits of the number of the text.
    pub(super) text_bits: u32,
}

impl Layout {
    /// The n-grams of the highest order, `ORDERS`, that start at each unit of the text with this number.
    pub(super) fn pack<const ORDERS: usize>(self, units: &[u32], text: usize) -> impl Iterator<Item = u128> {
        let mask = (1_u128 << (ORDERS as u32 * self.unit_bits)) - 1;
        let behind = std::iter::repeat_n(0, ORDERS - 1);
        let mut gram = 0_u128;
        let grams = units.iter().copied().chain(behind).map(move |unit| {
            gram = (gram << self.unit_bits | u128::from(unit)) & mask;
            gram << self.text_bits | text as u128
        });
        grams.skip(ORDERS - 1)
    }

    /// For each order the n-grams of text 0 that others have too: as often as both text 0 and the one other text that
    /// has most of them.
    pub(super) fn matches<const ORDERS: usize>(
        self,
        sorted: impl Iterator<Item = u128>,
        texts: usize,
    ) -> [u64; ORDERS] {
        let mut matches = [0; ORDERS];
        let mut counts = vec![0_u32; ORDERS * texts];
        let text_mask = (1_u128 << self.text_bits) - 1;
        let mut previous = 0;
        for packed in sorted {
            let (gram, text) = (packed >> self.text_bits, (packed & text_mask) as usize);
            self.close(previous, self.shared(previous, gram, ORDERS), &mut counts, &mut matches);
            counts[(ORDERS - 1) * texts + text] += 1;
            previous = gram;
        }
        self.close(previous, 0, &mut counts, &mut matches);
        matches
    }

    /// How many leading units two n-grams share.
    #[inline(always)]
    fn shared(self, one: u128, other: u128, orders: usize) -> usize {
        let used = orders as u32 * self.unit_bits;
        let same_bits = (one ^ other).leading_zeros() - (128 - used);
        (same_bits / self.unit_bits) as usize
    }

    /// Ends the n-grams of all orders above `kept`: their matches count, and the n-grams one unit shorter are as many
    /// more.
    #[inline(always)]
    fn close<const ORDERS: usize>(self, gram: u128, kept: usize, counts: &mut [u32], matches: &mut [u64; ORDERS]) {
        let texts = counts.len() / ORDERS;
        for order in (kept..ORDERS).rev() {
            let (shorter, ended) = counts.split_at_mut(order * texts);
            let ended = &mut ended[..texts];
            // Behind the end of the text there is no unit, and so no n-gram of this order.
            let last_unit = gram >> ((ORDERS - 1 - order) as u32 * self.unit_bits) & ((1 << self.unit_bits) - 1);
            if let (Some((&own, others)), true) = (ended.split_first(), last_unit != 0) {
                let most = others.iter().copied().max().unwrap_or(0);
                matches[order] += u64::from(own.min(most));
            }
            let start = shorter.len().saturating_sub(texts);
            for (sum, count) in shorter[start..].iter_mut().zip(ended.iter()) {
                *sum += count;
            }
            ended.fill(0);
        }
    }
}

/// How many n-grams of the order a text of so many units has.
pub(super) fn total(units: u64, order: usize) -> u64 {
    (units + 1).saturating_sub(order as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const LAYOUT: Layout = Layout { unit_bits: 5, text_bits: 3 };

    fn matches(texts: &[Vec<u32>]) -> [u64; 3] {
        let mut grams: Vec<u128> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            grams.extend(LAYOUT.pack::<3>(text, number));
        }
        grams.sort_unstable();
        LAYOUT.matches(grams.into_iter(), texts.len())
    }

    fn counted(units: &[u32], order: usize) -> HashMap<&[u32], u64> {
        let mut counts = HashMap::new();
        units.windows(order).for_each(|gram| *counts.entry(gram).or_default() += 1);
        counts
    }

    proptest! {
        #[test]
        fn equals_counting_in_tables(texts in prop::collection::vec(prop::collection::vec(1_u32..4, 0..20), 1..5)) {
            let expected = [1, 2, 3].map(|order| {
                let others: Vec<_> = texts[1..].iter().map(|text| counted(text, order)).collect();
                let most = |gram: &[u32]| others.iter().filter_map(|counts| counts.get(gram)).max().copied();
                let own = counted(&texts[0], order);
                own.iter().map(|(gram, &count)| count.min(most(gram).unwrap_or(0))).sum::<u64>()
            });
            prop_assert_eq!(matches(&texts), expected);
        }
    }

    #[test]
    fn totals_never_fall_below_zero() {
        assert_eq!([total(3, 1), total(3, 3), total(3, 4), total(0, 1)], [3, 1, 0, 0]);
    }
}
