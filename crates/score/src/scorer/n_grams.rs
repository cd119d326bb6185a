//! Counts the n-grams that a response shares with references, for all orders at once and without a table of them.
//!
//! The n-gram of the highest order at each place is packed into one number, first unit highest, the number of its
//! text lowest. Once these are sorted, equal n-grams of every order lie side by side, so that one walk counts them
//! all. What the units are, characters or tokens, is left to the scorers.

/// How an n-gram and the number of its text share the bits of one number: so many for each unit, and so many for the
/// text.
///
/// A unit is never 0: zeros stand behind the last unit of a text, where the n-grams of high orders are cut off.
pub(super) struct Layout<const UNIT_BITS: u32, const TEXT_BITS: u32>;

impl<const UNIT_BITS: u32, const TEXT_BITS: u32> Layout<UNIT_BITS, TEXT_BITS> {
    /// The n-grams of the highest order, `ORDERS`, that start at each unit of the text with this number.
    #[inline(always)]
    pub(super) fn pack<const ORDERS: usize>(units: &[u32], text: usize) -> impl Iterator<Item = u128> {
        let mask = (1_u128 << (ORDERS as u32 * UNIT_BITS)) - 1;
        let at = |place: usize| u128::from(units.get(place).copied().unwrap_or_default());
        let first = (0..ORDERS - 1).fold(0, |gram, place| gram << UNIT_BITS | at(place));
        let last_units = units.get(ORDERS - 1..).unwrap_or_default().iter().copied();
        let behind = std::iter::repeat_n(0, units.len().min(ORDERS - 1));
        last_units.chain(behind).scan(first, move |gram, unit| {
            *gram = (*gram << UNIT_BITS | u128::from(unit)) & mask;
            Some(*gram << TEXT_BITS | text as u128)
        })
    }

    /// For each order the n-grams of text 0 that others have too: as often as both text 0 and the one other text that
    /// has most of them.
    #[inline(always)]
    pub(super) fn matches<const ORDERS: usize>(sorted: impl Iterator<Item = u128>, texts: usize) -> [u64; ORDERS] {
        let mut counts = Counts { all: vec![[0; ORDERS]; texts], matches: [0; ORDERS] };
        let text_mask = (1_u128 << TEXT_BITS) - 1;
        let mut previous = 0;
        for packed in sorted {
            let gram = packed >> TEXT_BITS;
            let same_bits = (previous ^ gram).leading_zeros() - (128 - ORDERS as u32 * UNIT_BITS);
            counts.close::<UNIT_BITS>(previous, (same_bits / UNIT_BITS) as usize);
            if let Some(orders) = counts.all.get_mut((packed & text_mask) as usize) {
                orders[ORDERS - 1] += 1;
            }
            previous = gram;
        }
        counts.close::<UNIT_BITS>(previous, 0);
        counts.matches
    }
}

/// The n-grams seen since their order was last closed, for each text and order.
struct Counts<const ORDERS: usize> {
    all: Vec<[u32; ORDERS]>,
    matches: [u64; ORDERS],
}

impl<const ORDERS: usize> Counts<ORDERS> {
    /// Ends the n-grams of all orders above `kept`: their matches count, and the n-grams one unit shorter are as many
    /// more.
    #[inline(always)]
    fn close<const UNIT_BITS: u32>(&mut self, gram: u128, kept: usize) {
        let Some((own, others)) = self.all.split_first_mut() else {
            return;
        };
        for order in (kept..ORDERS).rev() {
            let ended = hand_down(own, order);
            let most = others.iter_mut().fold(0, |most, other| most.max(hand_down(other, order)));
            // Behind the end of the text there is no unit, and so no n-gram of this order.
            let last_unit = gram >> ((ORDERS - 1 - order) as u32 * UNIT_BITS) & ((1 << UNIT_BITS) - 1);
            self.matches[order] += if last_unit == 0 { 0 } else { u64::from(ended.min(most)) };
        }
    }
}

/// Empties the count of an order into that of the order below, and says what it was.
#[inline(always)]
fn hand_down(counts: &mut [u32], order: usize) -> u32 {
    let ended = std::mem::take(&mut counts[order]);
    if let Some(shorter) = order.checked_sub(1) {
        counts[shorter] += ended;
    }
    ended
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

    type Small = Layout<5, 3>;

    fn matches(texts: &[Vec<u32>]) -> [u64; 3] {
        let mut grams: Vec<u128> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            grams.extend(Small::pack::<3>(text, number));
        }
        grams.sort_unstable();
        Small::matches(grams.into_iter(), texts.len())
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
