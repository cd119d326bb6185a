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
    for (place, character) in text.char_indices() {
        let kind = kind_of(character, &text[place + character.len_utf8()..]);
        sentences.next(kind);
        match kind {
            Kind::Letter | Kind::Apostrophe => word.push(character.to_ascii_lowercase()),
            Kind::Space if !word.is_empty() => {
                words += 1;
                visit_lowered(&word, &mut visit);
                word.clear();
            }
            _ => {}
        }
    }
    if !word.is_empty() {
        words += 1;
        visit_lowered(&word, &mut visit);
    }
    (words, sentences.finish(text))
}

fn visit_lowered(word: &str, visit: &mut impl FnMut(&str)) {
    if word.is_ascii() { visit(word) } else { visit(&word.to_lowercase()) }
}

/// What a character is to words and sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter, a numeral or an underscore.
    Letter,
    /// One that belongs to a contraction.
    Apostrophe,
    Space,
    /// One of `.!?`.
    Stop,
    /// Deleted.
    Other,
}

#[inline(always)]
fn kind_of(character: char, rest: &str) -> Kind {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => Kind::Letter,
        ' ' => Kind::Space,
        '.' | '!' | '?' => Kind::Stop,
        '\'' if ends_contraction(rest) => Kind::Apostrophe,
        _ if is_space(character) => Kind::Space,
        _ if !character.is_ascii() && is_letter_or_numeral(character) => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Whether what follows an apostrophe makes it one of a contraction, as in `don't` and `they're`. Capitals do not.
fn ends_contraction(rest: &str) -> bool {
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
