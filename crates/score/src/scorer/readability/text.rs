//! Words and sentences as textstat cuts them out of a text.

use super::super::words::is_space;
use regex::Regex;
use std::sync::LazyLock;

/// A sentence of no more words does not count.
const TOO_FEW_WORDS: u64 = 2;

/// Counts words and sentences, and calls `visit` with every word: without punctuation, in lower case.
///
/// Sentences and words are counted apart, since `a.b` is one word but the words `a` and `b` of two sentences.
pub(super) fn read(text: &str, mut visit: impl FnMut(&str)) -> (u64, u64) {
    let mut words = 0;
    let mut sentences = Sentences::default();
    let mut word = String::new();
    let mut place = 0;
    while let Some(&byte) = text.as_bytes().get(place) {
        // Most of a text are runs of plain letters, which go through at once.
        let start = place;
        while text.as_bytes().get(place).copied().is_some_and(is_plain_letter) {
            place += 1;
        }
        let run = text.get(start..place).unwrap_or_default();
        if !run.is_empty() {
            sentences.next(Kind::Letter);
            word.push_str(run);
            continue;
        }
        let rest = text.get(place..).unwrap_or_default();
        let character = if byte.is_ascii() { Some(char::from(byte)) } else { rest.chars().next() };
        let Some(character) = character else { break };
        place += character.len_utf8();
        let kind = kind_of(character, rest);
        sentences.next(kind);
        match kind {
            Kind::Letter | Kind::Apostrophe => word.push(character),
            Kind::Space => words += take(&mut word, &mut visit),
            Kind::Stop | Kind::Other => {}
        }
    }
    words += take(&mut word, &mut visit);
    (words, sentences.finish(text))
}

fn is_plain_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Visits the word that ended, if there is one, and says how many there were.
#[inline(always)]
fn take(word: &mut String, visit: &mut impl FnMut(&str)) -> u64 {
    if word.is_empty() {
        return 0;
    }
    if word.is_ascii() {
        word.make_ascii_lowercase();
        visit(word);
    } else {
        visit(&word.to_lowercase());
    }
    word.clear();
    1
}

/// What a character is to words and sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter, a numeral or an underscore, or several.
    Letter,
    /// One that belongs to a contraction.
    Apostrophe,
    Space,
    /// One of `.!?`.
    Stop,
    /// Deleted.
    Other,
}

/// What the character is that the text begins with.
#[inline(always)]
fn kind_of(character: char, text: &str) -> Kind {
    match character {
        ' ' => Kind::Space,
        '.' | '!' | '?' => Kind::Stop,
        '\'' if ends_contraction(text) => Kind::Apostrophe,
        _ if is_space(character) => Kind::Space,
        _ if !character.is_ascii() && is_letter_or_numeral(character) => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Whether what follows the apostrophe that the text begins with makes it one of a contraction, as in `don't` and `they're`. Capitals do not.
fn ends_contraction(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('\'') else {
        return false;
    };
    ["t", "s", "d", "ve", "ll", "re"].iter().any(|ending| rest.starts_with(ending))
}

/// The reference's letters are those of Python, which leave out what Unicode calls alphabetic beyond letters: vowel
/// signs and circled letters.
fn is_letter_or_numeral(character: char) -> bool {
    static LETTER_OR_NUMERAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{N}]").ok());
    let is_one = |pattern: &Regex| pattern.is_match(character.encode_utf8(&mut [0; 4]));
    character.is_alphanumeric() && LETTER_OR_NUMERAL.as_ref().is_some_and(is_one)
}

/// Counts sentences: each begins with a letter and ends behind the next stops.
#[derive(Debug, Default)]
struct Sentences {
    /// All that ended.
    all: u64,
    /// Those with so few words that they do not count.
    short: u64,
    is_open: bool,
    /// A stop was seen, so that anything but a stop is beyond the sentence.
    is_ending: bool,
    words: u64,
    is_in_word: bool,
}

impl Sentences {
    #[inline(always)]
    fn next(&mut self, kind: Kind) {
        if self.is_ending && kind != Kind::Stop {
            self.end();
        }
        self.is_open |= kind == Kind::Letter;
        match kind {
            Kind::Letter | Kind::Apostrophe => {
                self.words += u64::from(self.is_open && !self.is_in_word);
                self.is_in_word = self.is_open;
            }
            Kind::Space => self.is_in_word = false,
            Kind::Stop => self.is_ending = self.is_open,
            Kind::Other => {}
        }
    }

    fn end(&mut self) {
        let short = self.short + u64::from(self.words <= TOO_FEW_WORDS);
        *self = Self { all: self.all + 1, short, ..Self::default() };
    }

    /// The sentences that count, at least one if there is any text.
    fn finish(mut self, text: &str) -> u64 {
        if self.is_open {
            self.end();
        }
        let least = u64::from(!text.is_empty());
        (self.all - self.short).max(least)
    }
}
