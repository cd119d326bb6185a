//! Cuts a text into METEOR's words: punctuation apart, contractions taken to pieces, by nltk's rules for English.
//!
//! - Definition: `word_tokenize(text, preserve_line=True)`: passes over the text, each of which puts spaces around
//!   something, and then the words between whitespace. Later passes see what earlier ones wrote, so they cannot be
//!   done at once; a pass whose characters do not occur is left out.
//! - Source: nltk 3.10.4, `NLTKWordTokenizer`. Its pattern for a final full stop without spaces among the closing
//!   brackets has nothing left to do after the one with spaces, and is left out.
//! - Edge cases: sentences are not split, so a full stop within the text stays with its word. Straight quotation marks
//!   become `` or ''. Letters are compared without regard to case as ASCII.

mod rules;

use rules::{
    colon_or_comma, contraction, dots, final_apostrophe, final_stop, it_contraction, long_clitic, opening_apostrophe,
    opening_quote, pad, pad_opening_quote, pad_start, short_clitic, single_spaces,
};

/// The text with whitespace between its words.
pub(super) fn spaced(text: &str) -> String {
    let found = Found::of(text);
    let mut draft = Draft { text: text.to_owned(), spare: String::with_capacity(text.len() * 5 / 4) };
    opening_quotes(&mut draft, &found);
    punctuation(&mut draft, &found);
    draft.text.insert(0, ' ');
    draft.text.push(' ');
    closing_quotes(&mut draft, &found);
    contractions(&mut draft, &found);
    draft.text
}

/// What occurs in a text.
struct Found {
    bytes: [bool; 256],
    is_ascii: bool,
    apostrophe: bool,
    quote: bool,
}

impl Found {
    fn of(text: &str) -> Self {
        let mut bytes = [false; 256];
        text.bytes().for_each(|byte| bytes[usize::from(byte)] = true);
        let has = |byte: u8| bytes[usize::from(byte)];
        Self { is_ascii: text.is_ascii(), apostrophe: has(b'\''), quote: has(b'"'), bytes }
    }

    fn has(&self, bytes: &[u8]) -> bool {
        bytes.iter().any(|byte| self.bytes[usize::from(*byte)])
    }
}

/// nltk's `STARTING_QUOTES`.
fn opening_quotes(draft: &mut Draft, found: &Found) {
    if !found.is_ascii || found.has(b"`") {
        draft.replace(&['\u{ab}', '\u{201c}', '\u{2018}', '\u{201e}', '`'], pad_opening_quote);
    }
    if draft.text.starts_with('"') {
        draft.text.replace_range(..1, "``");
    }
    if found.quote || found.has(b"`") {
        draft.replace(&['`'], |_, rest, output| pad_start(rest, "``", output));
    }
    if found.quote || found.apostrophe {
        draft.replace(&['"', '\''], opening_quote);
    }
    if found.apostrophe {
        draft.replace(&['\''], opening_apostrophe);
    }
}

/// nltk's `PUNCTUATION`, `PARENS_BRACKETS` and `DOUBLE_DASHES`.
fn punctuation(draft: &mut Draft, found: &Found) {
    if found.has(b".") {
        final_stop(&mut draft.text);
    }
    if found.has(b":,") {
        draft.replace(&[':', ','], colon_or_comma);
    }
    if found.has(b".") {
        draft.replace(&['.'], dots);
    }
    if !found.is_ascii || found.has(b";@#$%&?!") {
        let marks = [';', '@', '#', '$', '%', '&', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '?', '!'];
        draft.replace(&marks, pad);
    }
    if found.apostrophe {
        draft.replace(&['\''], final_apostrophe);
    }
    if found.has(b"*[](){}<>") {
        draft.replace(&['*', ']', '[', '(', ')', '{', '}', '<', '>'], pad);
    }
    if found.has(b"-") {
        draft.replace(&['-'], |_, rest, output| pad_start(rest, "--", output));
    }
}

/// nltk's `ENDING_QUOTES`.
fn closing_quotes(draft: &mut Draft, found: &Found) {
    if !found.is_ascii {
        draft.replace(&['\u{bb}', '\u{201d}', '\u{2019}'], pad);
    }
    if found.apostrophe {
        draft.replace(&['\''], |_, rest, output| pad_start(rest, "''", output));
    }
    if found.quote {
        draft.replace(&['"'], |_, _, output| {
            output.push_str(" '' ");
            1
        });
    }
    if found.apostrophe {
        // The rules that follow look for single spaces.
        draft.rewrite(single_spaces);
        draft.replace(&['\''], short_clitic);
        draft.replace(&['\'', 'n', 'N'], long_clitic);
    }
}

/// nltk's `CONTRACTIONS2` and `CONTRACTIONS3`.
fn contractions(draft: &mut Draft, found: &Found) {
    draft.replace(&['c', 'd', 'g', 'l', 'm', 'w', 'C', 'D', 'G', 'L', 'M', 'W'], contraction);
    if found.apostrophe {
        for verb in ["is", "was"] {
            draft.replace(&['\''], |before, rest, output| it_contraction(verb, before, rest, output));
        }
    }
}

/// A text that passes go over, and room for what the next one writes.
struct Draft {
    text: String,
    spare: String,
}

impl Draft {
    fn rewrite(&mut self, pass: impl FnOnce(&str, &mut String)) {
        self.spare.clear();
        pass(&self.text, &mut self.spare);
        std::mem::swap(&mut self.text, &mut self.spare);
    }

    /// Calls the rule at each of the characters.
    fn replace(&mut self, characters: &[char], rule: impl Fn(&str, &str, &mut String) -> usize) {
        self.rewrite(|input, output| {
            // Looking at first bytes, by a table, is several times as fast as looking at characters.
            let mut is_first = [false; 256];
            characters.iter().for_each(|character| is_first[first_byte(*character)] = true);
            let (mut replaced, mut copied, mut from) = (0, 0, 0);
            while let Some(distance) = input.as_bytes()[from..].iter().position(|byte| is_first[usize::from(*byte)]) {
                let at = from + distance;
                let (before, rest) = (&input[replaced..at], &input[at..]);
                if !rest.starts_with(characters) {
                    from += rest.chars().next().map_or(1, char::len_utf8);
                    continue;
                }
                output.push_str(&input[copied..at]);
                let length = rule(before, rest, output);
                (copied, from) = (at + length, at + length);
                if length == 0 {
                    from += rest.chars().next().map_or(1, char::len_utf8);
                } else {
                    replaced = from;
                }
            }
            output.push_str(&input[copied..]);
        });
    }
}

fn first_byte(character: char) -> usize {
    usize::from(character.encode_utf8(&mut [0; 4]).as_bytes().first().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorer::words::for_each_word;

    fn tokens(text: &str) -> Vec<String> {
        let (spaced, mut tokens) = (spaced(text), Vec::new());
        for_each_word(&spaced, |range| tokens.push(spaced[range].to_owned()));
        tokens
    }

    #[test]
    fn equals_nltk_on_300_rows() {
        let text = include_str!("../../../tests/oracle/cases/tokenizers.jsonl");
        let rows: Vec<serde_json::Value> =
            text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 300);
        for row in rows {
            let expected = row["expected"]["nltk_word_tokenize_preserve_line"].clone();
            let expected: Vec<String> = serde_json::from_value(expected).unwrap();
            assert_eq!(tokens(row["input"].as_str().unwrap()), expected, "{row}");
        }
    }
}
