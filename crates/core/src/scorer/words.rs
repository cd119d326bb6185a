//! Cuts text into words the way the reference scorers do, so that scores agree with theirs to the last bit.
//!
//! Counting and comparing the words is left to [`super::word_set`].
//!
//! The references are Python programs. Their whitespace is Rust's plus the four separators U+001C to U+001F;
//! zero-width space, byte order mark and joiners are whitespace in neither. Lower-casing agrees with
//! [`str::to_lowercase`], final sigma included.

use std::borrow::Cow;
use std::ops::Range;

/// Whether Python's `str.split()` and `str.strip()` treat the character as whitespace.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// The text without whitespace at both ends.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Calls `visit` with the byte range of every maximal run of characters that are not whitespace, in order.
pub(crate) fn for_each_word(text: &str, mut visit: impl FnMut(Range<usize>)) {
    if text.is_ascii() {
        return for_each_run(text.as_bytes(), space_bits_of_eight, visit);
    }
    let mut start = None;
    for (position, character) in text.char_indices() {
        match (start, is_space(character)) {
            (None, false) => start = Some(position),
            (Some(begin), true) => {
                visit(begin..position);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(begin) = start {
        visit(begin..text.len());
    }
}

/// Normal form of question-answering scores, over a text that [`strip`] has gone over: lower case, ASCII
/// punctuation deleted without a space in its place, and the articles a, an and the dropped.
///
/// Articles are looked for between single U+0020 only, so an article beside a line break stays, as in the
/// reference. Words are joined with one U+0020.
pub(crate) fn normalise(stripped: &str) -> String {
    let lowered = lower_case(stripped);
    // Everything that is looked for is ASCII, so that other characters may be copied byte by byte.
    let mut normal = vec![0; lowered.len() + 1];
    let (mut piece, mut end) = (0, 0);
    for byte in lowered.bytes().chain([b' ']) {
        normal[end] = byte.to_ascii_lowercase();
        end += usize::from(!byte.is_ascii_punctuation());
        if byte == b' ' {
            // The piece has the space behind it already; a dropped piece is overwritten by the next.
            if matches!(&normal[piece..end], b" " | b"a " | b"an " | b"the ") {
                end = piece;
            }
            piece = end;
        }
    }
    normal.truncate(end.saturating_sub(1));
    String::from_utf8(normal).unwrap_or_default()
}

/// Lower case but for texts that are all ASCII, which whoever compares them folds on the way.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Calls `visit` with the range of every maximal run of bytes that are not separators; the space has to be one.
///
/// `separators` tells which of eight bytes are, a bit for each. Scans 64 bytes at a time: the places where bits change
/// are the ends of runs. Looking at one character after the other takes several times as long.
#[inline(always)]
pub(crate) fn for_each_run(text: &[u8], separators: impl Fn(u64) -> u64, mut visit: impl FnMut(Range<usize>)) {
    let mut start = 0;
    // The text is thought to be preceded by a separator; bit 0 says whether the last byte seen was one.
    let mut previous_separates = 1_u64;
    for (index, chunk) in text.chunks(64).enumerate() {
        let bits = separator_bits(chunk, &separators);
        let mut edges = bits ^ (bits << 1 | previous_separates);
        previous_separates = bits >> 63;
        while edges != 0 {
            let position = index * 64 + edges.trailing_zeros() as usize;
            let is_end = bits >> (position % 64) & 1 == 1;
            if is_end {
                visit(start..position);
            }
            start = position;
            edges &= edges - 1;
        }
    }
    // A last chunk of fewer than 64 bytes is padded with spaces, which end its last run.
    if previous_separates == 0 {
        visit(start..text.len());
    }
}

/// Bit `i` of the result says whether byte `i` is a separator; what lies beyond the chunk is.
#[inline(always)]
fn separator_bits(chunk: &[u8], separators: impl Fn(u64) -> u64) -> u64 {
    let mut padded = [b' '; 64];
    let block = match chunk.as_array::<64>() {
        Some(block) => block,
        None => {
            padded[..chunk.len()].copy_from_slice(chunk);
            &padded
        }
    };
    let (eights, _) = block.as_chunks::<8>();
    let mut bits = 0;
    for (index, eight) in eights.iter().enumerate() {
        bits |= separators(u64::from_le_bytes(*eight)) << (index * 8);
    }
    bits
}

/// Eight ASCII bytes in one word: adding `128 - x` to a byte below 128 sets its top bit exactly when it is at
/// least `x`. Whitespace is 9..=13 and 28..=32.
#[inline(always)]
fn space_bits_of_eight(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let at_least = |limit: u64| eight + EACH * (128 - limit);
    let tops = (at_least(9) ^ at_least(14) ^ at_least(28) ^ at_least(33)) & (EACH * 128);
    gather_top_bits(tops)
}

/// The top bits of eight bytes as one byte, the first as the lowest bit; all other bits have to be 0.
#[inline(always)]
pub(crate) fn gather_top_bits(tops: u64) -> u64 {
    // The product brings them together in the highest byte.
    (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        for_each_word(text, |range| words.push(&text[range]));
        words
    }

    #[test]
    fn whitespace_is_pythons() {
        assert_eq!(words("a\u{1c}b\u{1f}c\u{a0}d\u{3000}e"), ["a", "b", "c", "d", "e"]);
        assert_eq!(words("a\u{200b}b\u{feff}c"), ["a\u{200b}b\u{feff}c"]);
        assert_eq!(strip("\u{1d} a b\u{2029}\n"), "a b");
        assert!(words(" \t\u{1e}").is_empty() && words("").is_empty());
    }

    #[test]
    fn words_across_blocks_stay_whole() {
        for length in [1, 63, 64, 65, 127, 128, 129] {
            let word = "x".repeat(length);
            assert_eq!(words(&word), [word.as_str()]);
            assert_eq!(words(&format!("{word} {word}\n")), [word.as_str(); 2]);
        }
    }

    #[test]
    fn normal_form_drops_articles_between_spaces_only() {
        assert_eq!(normalise("The  Answer, is: A-n apple!"), "answer is apple");
        assert_eq!(normalise("the\nanswer"), "the\nanswer");
        assert_eq!(normalise("\u{201c}A\u{201d} the"), "\u{201c}a\u{201d}");
    }

    proptest! {
        #[test]
        fn fast_scan_equals_plain_split(text in "[ -~\\x00-\\x7f]{0,200}") {
            let plain: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(words(&text), plain);
        }
    }
}
