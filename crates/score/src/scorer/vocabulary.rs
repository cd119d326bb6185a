//! Numbers for words and for their stems, so that scorers compare and count numbers instead of text.
//!
//! Cutting text into words is left to the scorers. What a thread has learnt is kept for its next texts: a word is
//! stemmed once, not once for each time that it occurs. No score depends on what is kept.

use std::cell::Cell;

use super::stem::stem;
use super::word::Word;

/// A word of a [`Vocabulary`]: the same number for the same letters, ASCII letters compared without regard to case.
pub(super) type WordId = u32;

/// What a thread keeps between two calls is bounded: about 100 bytes a word.
const MOST_WORDS_KEPT: usize = 1 << 15;
const MOST_BYTES_KEPT: usize = 1 << 20;

/// All words seen so far, in the order in which they were first seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Vocabulary {
    entries: Vec<Entry>,
    /// The folded letters of all words, one after the other.
    letters: Vec<u8>,
    /// Open addressing: numbers of words plus 1, 0 where nothing is. A power of two, most of it free: to look
    /// twice costs a wrong guess of the processor.
    slots: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Entry {
    digest: [u64; 2],
    start: usize,
    length: usize,
    stem: Option<WordId>,
}

impl Vocabulary {
    /// Number of words; their ids are all below it.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The id of a word, which is added if it is new.
    #[inline(always)]
    pub(super) fn id(&mut self, word: &Word<'_>) -> WordId {
        if self.entries.len() * 4 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot_of(word);
        match self.slots[slot] {
            0 => self.add(word, slot),
            known => known - 1,
        }
    }

    /// The id of a word, if it is there.
    pub(super) fn find(&self, word: &Word<'_>) -> Option<WordId> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.slot_of(word)].checked_sub(1)
    }

    /// The letters of a word.
    pub(super) fn letters(&self, id: WordId) -> &[u8] {
        let Entry { start, length, .. } = self.entries[id as usize];
        &self.letters[start..start + length]
    }

    /// The word as it can be looked up in another vocabulary.
    pub(super) fn word(&self, id: WordId) -> Word<'_> {
        Word { bytes: self.letters(id), digest: self.entries[id as usize].digest }
    }

    /// The id of a word's stem, found once for each word.
    #[inline(always)]
    pub(super) fn stem(&mut self, id: WordId) -> WordId {
        match self.entries[id as usize].stem {
            Some(stem) => stem,
            None => self.find_stem(id),
        }
    }

    #[cold]
    fn find_stem(&mut self, id: WordId) -> WordId {
        let mut text = String::from_utf8_lossy(self.letters(id)).into_owned();
        stem(&mut text);
        let stem = self.id(&Word::new(&text, 0..text.len()));
        self.entries[id as usize].stem = Some(stem);
        stem
    }

    /// The slot of the word, or the free one where it would be.
    #[inline(always)]
    fn slot_of(&self, word: &Word<'_>) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = word.hash() & mask;
        loop {
            let place = self.slots[slot];
            if place == 0 || self.word(place - 1).is(word) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn add(&mut self, word: &Word<'_>, slot: usize) -> WordId {
        let (start, id) = (self.letters.len(), self.entries.len() as WordId);
        self.letters.extend(word.bytes.iter().map(u8::to_ascii_lowercase));
        self.entries.push(Entry { digest: word.digest, start, length: word.bytes.len(), stem: None });
        self.slots[slot] = id + 1;
        id
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(256)];
        for id in 0..self.entries.len() as WordId {
            let slot = self.slot_of(&self.word(id));
            self.slots[slot] = id + 1;
        }
    }
}

/// What a thread keeps for its next texts.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The words of all texts.
    pub(super) vocabulary: Vocabulary,
    scratch: Scratch,
}

/// Numbers for every word of a vocabulary. All are 0 between two uses: whoever changes some sets them to 0 again, which
/// costs as much as the text is long, not as there are words.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// A count or a place.
    pub(super) counts: Vec<u32>,
    /// A set of up to 64 places.
    pub(super) masks: Vec<u64>,
}

impl Memory {
    /// Numbers for every word there is, all 0.
    pub(super) fn scratch(&mut self) -> &mut Scratch {
        self.scratch.fit(self.vocabulary.len());
        &mut self.scratch
    }
}

impl Scratch {
    /// Makes room for so many words.
    pub(super) fn fit(&mut self, words: usize) {
        debug_assert!(self.counts.iter().all(|count| *count == 0) && self.masks.iter().all(|mask| *mask == 0));
        self.counts.resize(words.max(self.counts.len()), 0);
        self.masks.resize(words.max(self.masks.len()), 0);
    }
}

/// Calls `work` with what this thread has kept.
pub(super) fn with_memory<T>(work: impl FnOnce(&mut Memory) -> T) -> T {
    thread_local! {
        static KEPT: Cell<Memory> = Cell::default();
    }
    let mut memory = KEPT.take();
    let result = work(&mut memory);
    let vocabulary = &memory.vocabulary;
    if vocabulary.len() <= MOST_WORDS_KEPT && vocabulary.letters.len() <= MOST_BYTES_KEPT {
        KEPT.set(memory);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(vocabulary: &mut Vocabulary, word: &str) -> WordId {
        vocabulary.id(&Word::new(word, 0..word.len()))
    }

    #[test]
    fn a_word_has_one_number_however_many_there_are() {
        let mut vocabulary = Vocabulary::default();
        let words: Vec<String> = (0..5_000).map(|number| format!("word-{}", number * number)).collect();
        let first: Vec<WordId> = words.iter().map(|word| id(&mut vocabulary, word)).collect();
        assert_eq!(first, (0..5_000).collect::<Vec<_>>());
        let again: Vec<WordId> = words.iter().map(|word| id(&mut vocabulary, &word.to_uppercase())).collect();
        assert_eq!((again, vocabulary.len()), (first, 5_000));
        assert_eq!(vocabulary.letters(70), b"word-4900");
        assert_eq!(vocabulary.find(&Word::new("word-2", 0..6)), None);
        assert_eq!(Vocabulary::default().find(&Word::new("a", 0..1)), None);
    }

    #[test]
    fn forms_of_a_word_share_its_stem() {
        let mut vocabulary = Vocabulary::default();
        let forms = ["connect", "Connected", "CONNECTIONS", "connecting"];
        let stems = forms.map(|form| id(&mut vocabulary, form)).map(|form| vocabulary.stem(form));
        assert_eq!(stems, [0; 4]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let known = || with_memory(|memory| memory.vocabulary.len());
        let learn = |from: usize, count: usize| {
            with_memory(|memory| {
                for number in from..from + count {
                    id(&mut memory.vocabulary, &number.to_string());
                }
            });
            known()
        };
        assert_eq!(learn(0, 10), 10);
        assert_eq!(learn(5, 10), 15);
        assert_eq!(learn(0, MOST_WORDS_KEPT + 1), 0);
        with_memory(|memory| id(&mut memory.vocabulary, &"x".repeat(MOST_BYTES_KEPT + 1)));
        assert_eq!(known(), 0);
    }
}
