//! Numbers for the characters or words of two texts, so that comparing them is comparing numbers.
//!
//! What is done with the numbers is left to [`super::edits`].

use super::edits::edits;
use super::words::is_space;
use std::collections::HashMap;

/// Edits between two texts, and the lengths of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edits {
    /// Insertions, deletions and substitutions, as few as possible.
    pub(super) count: usize,
    /// Length of the first text.
    pub(super) left: usize,
    /// Length of the second text.
    pub(super) right: usize,
}

/// Edits of code points.
pub(super) fn character_edits(left: &str, right: &str) -> Edits {
    // ASCII characters are their own numbers.
    let mut others = HashMap::new();
    let mut numbers = |text: &str| -> Vec<u32> {
        if text.is_ascii() {
            return text.bytes().map(u32::from).collect();
        }
        let mut number = |character: char| {
            let next = 128 + others.len() as u32;
            if character.is_ascii() { character as u32 } else { *others.entry(character).or_insert(next) }
        };
        text.chars().map(&mut number).collect()
    };
    let (left, right) = (numbers(left), numbers(right));
    Edits { count: edits(&left, &right, 128 + others.len()), left: left.len(), right: right.len() }
}

/// Edits of words, cut as jiwer cuts them.
pub(super) fn word_edits(left: &str, right: &str) -> Edits {
    let mut known = HashMap::new();
    let mut numbers = |text| -> Vec<u32> {
        let mut numbers = Vec::new();
        for_each_jiwer_word(text, |word| {
            let next = known.len() as u32;
            numbers.push(*known.entry(word).or_insert(next));
        });
        numbers
    };
    let (left, right) = (numbers(left), numbers(right));
    Edits { count: edits(&left, &right, known.len()), left: left.len(), right: right.len() }
}

/// Words between U+0020 or between runs of at least two whitespace characters of any kind. A single line break
/// or no-break space between letters is part of the word, unless it stands at an end of the text.
pub(super) fn for_each_jiwer_word<'a>(text: &'a str, mut visit: impl FnMut(&'a str)) {
    let mut begin = 0;
    let mut places = text.char_indices().peekable();
    while let Some((start, character)) = places.next() {
        if !is_space(character) {
            continue;
        }
        let mut end = start + character.len_utf8();
        let is_single = places.peek().is_none_or(|(_, next)| !is_space(*next));
        while let Some((place, space)) = places.next_if(|(_, next)| is_space(*next)) {
            end = place + space.len_utf8();
        }
        if is_single && character != ' ' && start > 0 && end < text.len() {
            continue;
        }
        if begin < start {
            visit(&text[begin..start]);
        }
        begin = end;
    }
    if begin < text.len() {
        visit(&text[begin..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points_and_jiwer_words() {
        assert_eq!(character_edits("na\u{ef}ve", "naive \u{1f600}"), Edits { count: 3, left: 5, right: 7 });
        assert_eq!(word_edits("a  b\tc d\n", "a b\tc D"), Edits { count: 1, left: 3, right: 3 });
        assert_eq!(word_edits("", " \u{a0}\n"), Edits { count: 0, left: 0, right: 0 });
    }
}
