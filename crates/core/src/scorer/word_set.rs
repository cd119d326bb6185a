//! Sets of words that ignore the case of ASCII letters, built for texts of a few dozen to a few thousand words.
//!
//! Which parts of a text are words is left to [`super::words`]; full Unicode lower-casing is done before.

use super::word::{NO_WORD, Word};
use super::words::for_each_word;

/// The distinct words of one text, ASCII letters compared without regard to case.
///
/// Where a processor would have to guess, at every word, whether it is new, known or how long it is, the code below
/// computes instead of branching: wrong guesses would cost more than all the rest.
pub(crate) struct WordSet<'a> {
    /// The first is [`NO_WORD`], which equals no other.
    words: Vec<Word<'a>>,
    /// Open addressing: places in `words`, 0 where nothing is. A power of two, at least half of it free.
    slots: Vec<u32>,
}

impl<'a> WordSet<'a> {
    /// The distinct words of `text`.
    pub(crate) fn of(text: &'a str) -> Self {
        // Two bytes a word, the space counted, is the least a text can have.
        let most = text.len() / 2 + 1;
        let mut words = Vec::with_capacity(text.len() / 6 + 2);
        words.push(NO_WORD);
        let mut set = Self { words, slots: vec![0; (most * 2).next_power_of_two()] };
        for_each_word(text, |range| {
            let word = Word::new(text, range);
            let slot = set.slot_of(&word);
            if set.slots[slot] == 0 {
                set.slots[slot] = set.words.len() as u32;
                set.words.push(word);
            }
        });
        set
    }

    /// Number of distinct words.
    pub(crate) fn len(&self) -> usize {
        self.words.len() - 1
    }

    /// Number of words that are in both sets.
    pub(crate) fn shared_with(&self, other: &WordSet<'_>) -> usize {
        let others = other.words.iter().skip(1);
        others.map(|word| usize::from(self.slots[self.slot_of(word)] != 0)).sum()
    }

    /// Number of words that occur in the text.
    pub(crate) fn found_in(&self, text: &str) -> usize {
        let mut found = vec![0_u8; self.words.len()];
        for_each_word(text, |range| {
            let slot = self.slot_of(&Word::new(text, range));
            found[self.slots[slot] as usize] = 1;
        });
        found.iter().skip(1).map(|&mark| usize::from(mark)).sum()
    }

    /// The slot of the word, or the free one where it would be.
    #[inline(always)]
    fn slot_of(&self, word: &Word<'_>) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = word.hash() & mask;
        loop {
            let place = self.slots[slot];
            if (place == 0) | self.words[place as usize].is(word) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn counts(left: &str, right: &str) -> [usize; 3] {
        let (left, right) = (WordSet::of(left), WordSet::of(right));
        [left.len(), right.len(), left.shared_with(&right)]
    }

    #[test]
    fn counts_distinct_words_without_regard_to_ascii_case() {
        assert_eq!(counts("The cat the CAT", "a Cat"), [2, 2, 1]);
        assert_eq!(counts("", "a"), [0, 1, 0]);
        assert_eq!(counts("[ { @ `", "{ [ ` @"), [4, 4, 4]);
        assert_eq!(counts("a a\0", "a\0 a\0\0"), [2, 2, 1]);
    }

    #[test]
    fn long_words_are_compared_whole() {
        let (one, other) = ("x".repeat(40), format!("{}y", "x".repeat(39)));
        assert_eq!(counts(&one, &one.to_uppercase()), [1, 1, 1]);
        assert_eq!(counts(&one, &other), [1, 1, 0]);
    }

    proptest! {
        #[test]
        fn equals_sets_of_the_standard_library(left in "[aAbZ\u{e9} ]{0,120}", right in "([aAbZ]{1,20} ){0,9}") {
            let (left, right) = (left.to_lowercase(), right.to_lowercase());
            let of = |text: &str| text.split_whitespace().map(str::to_owned).collect::<HashSet<_>>();
            let (a, b) = (of(&left), of(&right));
            prop_assert_eq!(counts(&left, &right), [a.len(), b.len(), a.intersection(&b).count()]);
            prop_assert_eq!(counts(&left.to_ascii_uppercase(), &right), counts(&left, &right));
        }
    }
}
