//! The most telling items within a budget of bytes, whatever the number of items that come.

use std::collections::BTreeMap;

/// Keeps items of the lowest ranks.
#[derive(Debug)]
pub(super) struct Kept<R, T> {
    budget: usize,
    used: usize,
    left_out: u64,
    items: BTreeMap<R, (usize, T)>,
}

impl<R: Ord, T> Kept<R, T> {
    /// Keeps as many items as fit into `budget` bytes.
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, used: 0, left_out: 0, items: BTreeMap::new() }
    }

    /// Keeps the item that `make` makes, with its size in bytes, if there is room for its rank. Ranks are unique.
    pub(super) fn push(&mut self, rank: R, make: impl FnOnce() -> (usize, T)) {
        // Once something was left out, whatever ranks behind all that is kept would be left out too.
        let behind = self.items.last_key_value().is_none_or(|(last, _)| rank > *last);
        if self.left_out > 0 && behind {
            self.left_out += 1;
            return;
        }
        let (size, item) = make();
        self.used += size;
        self.items.insert(rank, (size, item));
        while self.used > self.budget {
            let Some((_, (size, _))) = self.items.pop_last() else { break };
            self.used -= size;
            self.left_out += 1;
        }
    }

    /// How many items there was no room for.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// What is kept, by rank.
    pub(super) fn into_items(self) -> impl Iterator<Item = (R, T)> {
        self.items.into_iter().map(|(rank, (_, item))| (rank, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_ranks_stay_whatever_the_order() {
        for order in [[3, 1, 4, 0, 2], [0, 1, 2, 3, 4], [4, 3, 2, 1, 0]] {
            let mut kept = Kept::new(25);
            order.into_iter().for_each(|rank| kept.push(rank, || (10, rank)));
            assert_eq!((kept.left_out(), kept.used), (3, 20));
            assert_eq!(kept.into_items().map(|(_, item)| item).collect::<Vec<_>>(), [0, 1]);
        }
    }

    #[test]
    fn nothing_is_kept_that_does_not_fit_at_all() {
        let mut kept = Kept::new(5);
        kept.push(1, || (10, "long"));
        kept.push(2, || (1, "short"));
        assert_eq!((kept.left_out(), kept.into_items().count()), (2, 0));
    }
}
