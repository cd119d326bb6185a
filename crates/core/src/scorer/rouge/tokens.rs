//! Cuts a text into ROUGE's tokens: runs of the letters a to z and of digits, lower-cased, stemmed if asked for.
//!
//! All other characters are separators, letters with accents and of other scripts included.

use crate::scorer::vocabulary::{Vocabulary, WordId};
use crate::scorer::word::Word;
use crate::scorer::words::{for_each_run, lower_case};

/// Tokens of up to this length are never stemmed.
const SHORT: usize = 3;

/// The tokens of a text.
pub(super) fn tokens(text: &str, stemmed: bool, vocabulary: &mut Vocabulary) -> Vec<WordId> {
    let mut tokens = Vec::with_capacity(text.len() / 6 + 2);
    add_tokens(&lower_case(text), stemmed, vocabulary, &mut tokens);
    tokens
}

/// A text as lines of tokens.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The tokens of all lines.
    pub(super) tokens: Vec<WordId>,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Lines {
    /// The lines of a text; those without a token are left out. A line ends at U+000A and nowhere else.
    pub(super) fn of(text: &str, stemmed: bool, vocabulary: &mut Vocabulary) -> Self {
        let mut lines = Self::default();
        for line in lower_case(text).split('\n') {
            let start = lines.tokens.len();
            add_tokens(line, stemmed, vocabulary, &mut lines.tokens);
            if lines.tokens.len() > start {
                lines.ends.push(lines.tokens.len());
            }
        }
        lines
    }

    /// The tokens of each line.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[WordId]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.tokens[start..*end])
    }
}

/// The text has no upper-case letters but those of ASCII, which the vocabulary folds.
fn add_tokens(text: &str, stemmed: bool, vocabulary: &mut Vocabulary, tokens: &mut Vec<WordId>) {
    for_each_run(text.as_bytes(), separators, |range| {
        let is_long = range.len() > SHORT;
        let id = vocabulary.id(&Word::new(text, range));
        tokens.push(if stemmed && is_long { vocabulary.stem(id) } else { id });
    });
}

/// The top bit of each of eight bytes that is neither ASCII letter nor digit: adding `128 - x` to the low seven bits of a byte sets
/// its top bit exactly when they are at least `x`.
#[inline(always)]
fn separators(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low_bits = eight & (EACH * 127);
    let at_least = |limit: u8| low_bits + EACH * (128 - u64::from(limit));
    let within = |first: u8, last: u8| at_least(first) ^ at_least(last + 1);
    let inside = within(b'0', b'9') | within(b'A', b'Z') | within(b'a', b'z');
    (!inside | eight) & (EACH * 128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelt(text: &str, stemmed: bool) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        let tokens = tokens(text, stemmed, &mut vocabulary);
        tokens.iter().map(|id| String::from_utf8(vocabulary.letters(*id).to_vec()).unwrap()).collect()
    }

    #[test]
    fn equal_rouge_score_on_300_rows() {
        let text = include_str!("../../../tests/oracle/cases/tokenizers.jsonl");
        let rows: Vec<serde_json::Value> =
            text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 300);
        for row in rows {
            let text = row["input"].as_str().unwrap();
            let expected = |field: &str| serde_json::from_value::<Vec<String>>(row["expected"][field].clone()).unwrap();
            assert_eq!(spelt(text, false), expected("rouge_tokens"), "{row}");
            assert_eq!(spelt(text, true), expected("rouge_tokens_stem"), "{row}");
        }
    }

    #[test]
    fn lines_end_at_line_feeds_alone() {
        let lines = Lines::of("a b\r\n\n...\nc\u{2028}d\n", false, &mut Vocabulary::default());
        assert_eq!(lines.iter().collect::<Vec<_>>(), [&[0, 1], &[2, 3]]);
    }

    proptest! {
        #[test]
        fn fast_scan_equals_plain_split(text in "[ -~\\x00-\\x7f\u{e9}\u{212a}]{0,200}") {
            let lowered = text.to_lowercase();
            let pieces = lowered.split(|character: char| !character.is_ascii_alphanumeric());
            let plain: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
            prop_assert_eq!(spelt(&text, false), plain);
        }
    }
}
