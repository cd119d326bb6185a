//! Cuts text into words the way the reference scorers do, so that scores agree with theirs to the last bit.
//!
//! Counting and comparing the words is left to [`super::word_overlap`].
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
#[inline(always)]
pub(crate) fn for_each_word(text: &str, mut visit: impl FnMut(Range<usize>)) {
    if text.is_ascii() {
        return for_each_run(text.as_bytes(), whitespace_tops, visit);
    }
    for_each_word_of_any(text, &mut visit);
}

/// Character by character. What is visited is passed by reference, so that it is compiled into the other loop alone.
#[inline(never)]
fn for_each_word_of_any(text: &str, visit: &mut dyn FnMut(Range<usize>)) {
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
    without_articles(&without_punctuation(&lower_case(stripped)))
}

/// The words between U+0020 that are no articles, joined with one U+0020.
pub(crate) fn without_articles(plain: &str) -> String {
    let bytes = plain.as_bytes();
    let mut normal = String::with_capacity(plain.len() + 1);
    // What is kept is copied from one dropped article or surplus space to the next.
    let (mut begin, mut end) = (0, 0);
    for_each_run(bytes, space_tops, |piece| {
        let is_article = matches!(&bytes[piece.clone()], b"a" | b"an" | b"the");
        if is_article | (piece.start > end + 1) | (end == 0) {
            push_piece(&mut normal, &plain[begin..end]);
            begin = if is_article { piece.end } else { piece.start };
        }
        // Behind a dropped article the piece begins with the space after it.
        end = piece.end;
    });
    push_piece(&mut normal, &plain[begin..end]);
    normal
}

/// Appends pieces that may have a space before them, with one space between them and what is there.
fn push_piece(normal: &mut String, pieces: &str) {
    let pieces = pieces.strip_prefix(' ').unwrap_or(pieces);
    if !normal.is_empty() && !pieces.is_empty() {
        normal.push(' ');
    }
    normal.push_str(pieces);
}

/// The text without ASCII punctuation, ASCII letters in lower case.
pub(crate) fn without_punctuation(text: &str) -> String {
    // What is deleted is ASCII, so that other characters may be copied byte by byte.
    let mut plain = vec![0; text.len() + 16];
    let mut length = 0;
    let (blocks, rest) = text.as_bytes().as_chunks::<16>();
    let mut last = [b'.'; 16];
    last[..rest.len()].copy_from_slice(rest);
    for block in blocks.iter().chain([&last]) {
        let mut lowered = block.map(|byte| byte.to_ascii_lowercase());
        let mut kept = 16;
        // Most blocks have none and are copied at once; in others, each byte is written over the last if that goes.
        if block.iter().fold(false, |found, byte| found | byte.is_ascii_punctuation()) {
            kept = 0;
            for byte in block {
                lowered[kept & 15] = byte.to_ascii_lowercase();
                kept += usize::from(!byte.is_ascii_punctuation());
            }
        }
        plain[length..length + 16].copy_from_slice(&lowered);
        length += kept;
    }
    plain.truncate(length);
    String::from_utf8(plain).unwrap_or_default()
}

/// Lower case but for texts that are all ASCII, which whoever compares them folds on the way.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Calls `visit` with every maximal run of bytes that are not separators. Scans 64 bytes at a time: a bit for each byte
/// tells a separator, and the places where bits change are the ends of runs. Looking at one character after the other
/// takes several times as long. U+0020 must be a separator.
#[inline(always)]
pub(crate) fn for_each_run(text: &[u8], separators: impl Fn(u64) -> u64, mut visit: impl FnMut(Range<usize>)) {
    let mut start = 0;
    // The text is thought to be preceded by a separator; bit 0 says whether the last byte seen was one.
    let mut previous = 1_u64;
    // A last chunk, which may be empty, is padded with spaces, which end the last run.
    for begin in (0..=text.len()).step_by(64) {
        let bits = separator_bits(&text[begin..text.len().min(begin + 64)], &separators);
        let mut edges = bits ^ (bits << 1 | previous);
        previous = bits >> 63;
        while edges != 0 {
            let bit = edges.trailing_zeros();
            let position = begin + bit as usize;
            if bits >> bit & 1 == 1 {
                visit(start..position);
            }
            start = position;
            edges &= edges - 1;
        }
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
        let tops = separators(u64::from_le_bytes(*eight));
        // The product gathers the eight top bits in the highest byte.
        bits |= ((tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (index * 8);
    }
    bits
}

const EACH: u64 = 0x0101_0101_0101_0101;

/// The top bit of each of eight ASCII bytes that are whitespace, 9..=13 and 28..=32: adding `128 - x` to a byte below
/// 128 sets its top bit exactly when it is at least `x`.
#[inline(always)]
fn whitespace_tops(eight: u64) -> u64 {
    let at_least = |limit: u64| eight + EACH * (128 - limit);
    (at_least(9) ^ at_least(14) ^ at_least(28) ^ at_least(33)) & (EACH * 128)
}

/// The top bit of each of eight bytes of any text that are U+0020.
#[inline(always)]
fn space_tops(eight: u64) -> u64 {
    let difference = eight ^ (EACH * 32);
    !(((difference & (EACH * 127)) + EACH * 127) | difference) & (EACH * 128)
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

        #[test]
        fn fast_normal_form_equals_the_definition(text in "([ aAn\u{e9}.\\n]|the | an ){0,90}") {
            let plain: String = text.to_lowercase().chars().filter(|letter| !letter.is_ascii_punctuation()).collect();
            let is_kept = |piece: &&str| !matches!(*piece, "" | "a" | "an" | "the");
            let pieces: Vec<&str> = plain.split(' ').filter(is_kept).collect();
            prop_assert_eq!(normalise(&text), pieces.join(" "));
        }
    }
}
