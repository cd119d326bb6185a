//! Cuts a text into ROUGE's tokens: runs of the letters a to z and of digits, lower-cased, stemmed if asked for.
//!
//! All other characters are separators, letters with accents and of other scripts included.

use crate::scorer::vocabulary::{Vocabulary, WordId, with_memory};
use crate::scorer::word::Word;
use crate::scorer::words::{for_each_run, lower_case};

/// Tokens of up to this length are never stemmed.
const SHORT: usize = 3;

/// A response and its references as tokens, whose numbers are the smallest: 0, 1, 2 in the order of their first use.
#[derive(Debug, Clone)]
pub(in crate::scorer) struct TokenisedTexts {
    pub(super) response: Lines,
    pub(super) references: Vec<Lines>,
    /// How many different tokens there are.
    pub(super) words: usize,
}

impl TokenisedTexts {
    /// Takes texts to pieces.
    pub(super) fn of(response: &str, references: &[String], stemmed: bool) -> Self {
        with_memory(|memory| {
            let mut lines = |text: &str| Lines::of(text, stemmed, &mut memory.vocabulary);
            let mut response = lines(response);
            let mut references: Vec<Lines> = references.iter().map(|reference| lines(reference)).collect();
            let numbers = &mut memory.scratch().counts;
            let mut met: Vec<WordId> = Vec::with_capacity(response.tokens.len() + 1);
            let texts = std::iter::once(&mut response).chain(&mut references);
            for token in texts.flat_map(|lines| &mut lines.tokens) {
                let number = &mut numbers[*token as usize];
                // Without a branch: whether a token is new can hardly be foreseen. It is written down in any case.
                let (known, is_new) = (met.len(), *number == 0);
                met.push(*token);
                met.truncate(known + usize::from(is_new));
                *number = if is_new { met.len() as WordId } else { *number };
                *token = *number - 1;
            }
            met.iter().for_each(|token| numbers[*token as usize] = 0);
            Self { response, references, words: met.len() }
        })
    }
}

/// A text as lines of tokens.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// The tokens of all lines.
    pub(super) tokens: Vec<WordId>,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Lines {
    /// The lines of a text; those without a token are left out. A line ends at U+000A and nowhere else.
    pub(super) fn of(text: &str, stemmed: bool, vocabulary: &mut Vocabulary) -> Self {
        let mut lines = Self { tokens: Vec::with_capacity(text.len() / 5 + 2), ends: Vec::new() };
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
        let lines = Lines::of(text, stemmed, &mut vocabulary);
        lines.tokens.iter().map(|id| String::from_utf8(vocabulary.letters(*id).to_vec()).unwrap()).collect()
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
