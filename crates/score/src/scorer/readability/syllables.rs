//! How many syllables a word has, by dictionary and else by hyphenation.
//!
//! The dictionary is the CMU Pronouncing Dictionary, of which only those words are kept that hyphenation would count
//! otherwise; `derive_syllable_counts.py` says how. Both files come with their licences.

use super::hyphenation::parts;
use std::cell::RefCell;
use std::sync::LazyLock;

/// See `derive_syllable_counts.py` for the form.
const TABLE: &str = include_str!("syllable_counts.txt");

/// Counts words, and remembers those that come often.
pub(super) struct Counter {
    remembered: Vec<Places>,
}

/// Words with their counts, the last one met first; 0 is none.
type Places = [u128; 4];

/// How many groups of words are remembered: a power of two.
const GROUPS: usize = 2048;
/// Bits of a word of up to 15 bytes; its count stands above.
const WORD_BITS: u32 = 120;

thread_local! {
    /// What the last counter of the thread remembered. Few words make up most of all texts.
    static LAST: RefCell<Vec<Places>> = const { RefCell::new(Vec::new()) };
}

impl Counter {
    pub(super) fn new() -> Self {
        let mut remembered = LAST.with(RefCell::take);
        remembered.resize(GROUPS, Places::default());
        Self { remembered }
    }

    /// The syllables of a word in lower case.
    #[inline(always)]
    pub(super) fn count(&mut self, word: &str) -> u64 {
        let found = pack(word).and_then(|packed| Some((packed, self.remembered.get_mut(group_of(packed))?)));
        let Some((packed, places)) = found else {
            return look_up(word);
        };
        let is_word = |place: &&u128| **place & ((1 << WORD_BITS) - 1) == packed;
        if let Some(place) = places.iter().find(is_word) {
            return (place >> WORD_BITS) as u64;
        }
        let count = look_up(word);
        places.rotate_right(1);
        // A word of up to 15 bytes has no more syllables than letters, so that its count fits in a byte.
        places[0] = u128::from(count) << WORD_BITS | packed;
        count
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        LAST.with(|last| last.replace(std::mem::take(&mut self.remembered)));
    }
}

/// The bytes of a word as a number other than 0, if they are few enough.
#[inline(always)]
fn pack(word: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    let is_short = !word.is_empty() && word.len() < 16;
    is_short.then(|| {
        bytes[..word.len()].copy_from_slice(word.as_bytes());
        u128::from_le_bytes(bytes)
    })
}

#[inline(always)]
fn group_of(packed: u128) -> usize {
    let folded = (packed as u64) ^ ((packed >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % GROUPS
}

fn look_up(word: &str) -> u64 {
    DICTIONARY.count(word).unwrap_or_else(|| parts(word))
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::read(TABLE));

/// Sorted words and their counts.
struct Dictionary {
    /// The words, one behind the other.
    words: String,
    entries: Vec<Entry>,
}

/// Where a word stands, and its syllables.
struct Entry {
    start: u32,
    length: u8,
    count: u8,
}

impl Dictionary {
    fn read(table: &str) -> Self {
        let mut dictionary = Self { words: String::with_capacity(table.len() * 2), entries: Vec::new() };
        let mut word = String::new();
        for character in table.chars() {
            match character {
                'A'..='Z' | '[' | '\\' => word.truncate(character as usize - 'A' as usize),
                '0'..='<' => {
                    let start = dictionary.words.len() as u32;
                    dictionary.words += &word;
                    let entry = Entry { start, length: word.len() as u8, count: character as u8 - b'0' };
                    dictionary.entries.push(entry);
                }
                'a'..='z' | '\'' => word.push(character),
                _ => {}
            }
        }
        dictionary
    }

    fn word_of(&self, entry: &Entry) -> &str {
        let start = entry.start as usize;
        self.words.get(start..start + usize::from(entry.length)).unwrap_or_default()
    }

    fn count(&self, word: &str) -> Option<u64> {
        let place = self.entries.partition_point(|entry| self.word_of(entry) < word);
        let entry = self.entries.get(place)?;
        (self.word_of(entry) == word).then_some(u64::from(entry.count))
    }
}
