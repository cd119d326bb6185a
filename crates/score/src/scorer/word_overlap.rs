//! How many words two texts share, as sets and as bags; the case of ASCII letters is ignored.
//!
//! Which parts of a text are words is left to [`super::words`]; full Unicode lower-casing is done before.

use super::word::{MASKS, mix};
use super::words::for_each_word;
use std::cell::RefCell;

/// Number of words, repetitions counted and not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// All words.
    pub(crate) all: usize,
    /// Different words.
    pub(crate) distinct: usize,
}

/// What two texts have and what they have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Overlap {
    /// Words of the first text.
    pub(crate) left: Counts,
    /// Words of the second text.
    pub(crate) right: Counts,
    /// Words of both: a word that is three times in one and twice in the other counts twice among all.
    pub(crate) shared: Counts,
}

/// Compares the words of two texts.
pub(crate) fn overlap(left: &str, right: &str) -> Overlap {
    thread_local! {
        /// Kept for the next call: asking for memory would take a good part of the time of a short text.
        static TALLY: RefCell<Tally> = RefCell::default();
    }
    TALLY.with_borrow_mut(|tally| {
        tally.clear(left.len() + right.len());
        tally.add(left, 0);
        tally.add(right, 1);
        tally.overlap()
    })
}

/// Words with their counts on both sides, found by a digest of their letters.
///
/// Where a processor would have to guess, at every word, whether it is new, known or how long it is, the code below
/// computes instead of branching: wrong guesses would cost more than all the rest.
#[derive(Default)]
struct Tally {
    /// Both texts in lower case, each followed by enough bytes for a load of 16 at its last letter.
    text: Vec<u8>,
    /// The first `count` are the words met; what is behind them is left from earlier texts.
    words: Vec<Word>,
    count: usize,
    /// Open addressing: a place in `words`, `FREE` where nothing is. A power of two, at least half of it free.
    slots: Vec<u32>,
    /// Where the words of the text at hand begin and end.
    ranges: Vec<(u32, u32)>,
}

/// A word and a digest of it; up to 16 bytes the digest is the word itself.
#[derive(Clone, Copy, Default)]
struct Word {
    digest: [u64; 2],
    start: u32,
    length: u32,
    counts: [u32; 2],
}

const PADDING: [u8; 16] = [0; 16];
/// No word has this place.
const FREE: u32 = u32::MAX;

impl Tally {
    /// Empties the tally and makes room for texts of so many bytes.
    fn clear(&mut self, bytes: usize) {
        self.text.clear();
        self.slots.clear();
        // Two bytes a word, the space counted, is the least a text can have.
        self.slots.resize((bytes + 4).next_power_of_two(), FREE);
        self.words.resize_with(self.words.len().max(bytes / 2 + 2), Word::default);
        self.count = 0;
    }

    /// Counts the words of a text for one side.
    fn add(&mut self, text: &str, side: usize) {
        let base = self.text.len() as u32;
        self.text.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        self.text.extend(PADDING);
        let Self { text: lowered, words, slots, ranges, .. } = self;
        ranges.clear();
        for_each_word(text, |range| ranges.push((base + range.start as u32, range.len() as u32)));
        let (lowered, words, slots) = (lowered.as_slice(), words.as_mut_slice(), slots.as_mut_slice());
        let mask = slots.len() - 1;
        let mut count = self.count;
        for &(start, length) in ranges.iter() {
            let word = Word::new(lowered, start, length);
            let mut slot = word.hash() & mask;
            loop {
                let found = slots[slot];
                let is_new = found == FREE;
                let place = if is_new { count as u32 } else { found };
                let known = &mut words[place as usize];
                if is_new | known.is(&word, lowered) {
                    // Whether the word is new or known, it is written.
                    let counts = if is_new { [0; 2] } else { known.counts };
                    *known = Word { counts, ..word };
                    known.counts[side] += 1;
                    slots[slot] = place;
                    count += usize::from(is_new);
                    break;
                }
                slot = (slot + 1) & mask;
            }
        }
        self.count = count;
    }

    fn overlap(&self) -> Overlap {
        let mut sums = [[0_u32; 2]; 3];
        for word in &self.words[..self.count] {
            let [left, right] = word.counts;
            for (sum, count) in sums.iter_mut().zip([left, right, left.min(right)]) {
                sum[0] += count;
                sum[1] += u32::from(count > 0);
            }
        }
        let counts = |[all, distinct]: [u32; 2]| Counts { all: all as usize, distinct: distinct as usize };
        let [left, right, shared] = sums.map(counts);
        Overlap { left, right, shared }
    }
}

impl Word {
    #[inline(always)]
    fn new(text: &[u8], start: u32, length: u32) -> Self {
        let letters = &text[start as usize..];
        let digest = match letters.first_chunk::<16>() {
            Some(sixteen) if length <= 16 => short_digest(sixteen, length as usize),
            _ => digest(&letters[..length as usize]),
        };
        Self { digest, start, length, counts: [0; 2] }
    }

    #[inline(always)]
    fn is(&self, other: &Word, text: &[u8]) -> bool {
        let (one, two) = (self.digest, other.digest);
        let difference = (one[0] ^ two[0]) | (one[1] ^ two[1]) | u64::from(self.length ^ other.length);
        difference == 0 && (self.length <= 16 || self.bytes(text) == other.bytes(text))
    }

    /// Nothing for a word of an earlier text that this one is too short for.
    fn bytes<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        text.get(self.start as usize..(self.start + self.length) as usize)
    }

    #[inline(always)]
    fn hash(&self) -> usize {
        let [low, high] = self.digest;
        (mix(low ^ high.rotate_left(32) ^ u64::from(self.length)) >> 32) as usize
    }
}

/// The first `length` of 16 bytes. Reading all 16 and masking avoids a branch on the length, which a processor
/// cannot foresee and which would cost more than the rest.
#[inline(always)]
fn short_digest(sixteen: &[u8; 16], length: usize) -> [u64; 2] {
    let whole = u128::from_le_bytes(*sixteen);
    let [low, high] = MASKS[length & 31];
    [whole as u64 & low, (whole >> 64) as u64 & high]
}

/// Digest of a word of more than 16 bytes.
fn digest(word: &[u8]) -> [u64; 2] {
    let mut digest = [0; 2];
    for block in word.chunks(16) {
        let mut sixteen = [0; 16];
        sixteen[..block.len()].copy_from_slice(block);
        let whole = u128::from_le_bytes(sixteen);
        digest = [mix(digest[0]) ^ whole as u64, mix(digest[1]) ^ (whole >> 64) as u64];
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn distinct(left: &str, right: &str) -> [usize; 3] {
        let overlap = overlap(left, right);
        [overlap.left.distinct, overlap.right.distinct, overlap.shared.distinct]
    }

    #[test]
    fn counts_distinct_words_without_regard_to_ascii_case() {
        assert_eq!(distinct("The cat the CAT", "a Cat"), [2, 2, 1]);
        assert_eq!(distinct("", "a"), [0, 1, 0]);
        assert_eq!(distinct("[ { @ `", "{ [ ` @"), [4, 4, 4]);
        assert_eq!(distinct("a a\0", "a\0 a\0\0"), [2, 2, 1]);
    }

    #[test]
    fn repeated_words_are_shared_as_often_as_both_have_them() {
        let overlap = overlap("no no no yes", "no yes yes no");
        assert_eq!(overlap.left, Counts { all: 4, distinct: 2 });
        assert_eq!(overlap.shared, Counts { all: 3, distinct: 2 });
    }

    #[test]
    fn long_words_are_compared_whole() {
        let (one, other) = ("x".repeat(40), format!("{}y", "x".repeat(39)));
        assert_eq!(distinct(&one, &one.to_uppercase()), [1, 1, 1]);
        assert_eq!(distinct(&one, &other), [1, 1, 0]);
        assert_eq!(distinct(&one[..16], &one[..17]), [1, 1, 0]);
    }

    fn bag(text: &str) -> BTreeMap<&str, usize> {
        let mut bag = BTreeMap::new();
        text.split_whitespace().for_each(|word| *bag.entry(word).or_default() += 1);
        bag
    }

    proptest! {
        #[test]
        fn equals_maps_of_the_standard_library(left in "[aAbZ\u{e9} ]{0,120}", right in "([aAbZ]{1,20} ){0,9}") {
            let (left, right) = (left.to_lowercase(), right.to_lowercase());
            let (a, b) = (bag(&left), bag(&right));
            let counts = |bag: &BTreeMap<&str, usize>| Counts { all: bag.values().sum(), distinct: bag.len() };
            let both = a.iter().filter_map(|(word, count)| Some((*word, *b.get(word)?.min(count)))).collect();
            let expected = Overlap { left: counts(&a), right: counts(&b), shared: counts(&both) };
            prop_assert_eq!(overlap(&left, &right), expected);
            prop_assert_eq!(overlap(&left.to_ascii_uppercase(), &right), expected);
        }
    }
}
