//! Cuts a text into METEOR's words: punctuation apart, contractions taken to pieces, by nltk's rules for English.
//!
//! - Definition: `word_tokenize(text, preserve_line=True)`: passes over the text, each of which puts spaces around
//!   something, and then the words between whitespace. Later passes see what earlier ones wrote, so they cannot be
//!   done at once; a pass whose characters do not occur is left out.
//! - Source: nltk 3.10.4, `NLTKWordTokenizer`. Its pattern for a final full stop without spaces among the closing
//!   brackets has nothing left to do after the one with spaces, and is left out.
//! - Edge cases: sentences are not split, so a full stop within the text stays with its word. Straight quotation marks
//!   become `` or ''. Letters are compared without regard to case as ASCII.

use crate::scorer::words::is_space;
use regex::Regex;
use std::sync::LazyLock;

/// Each is cut in two; the first character decides where to look.
const CONTRACTIONS: [(&str, &str); 8] = [
    ("can", "not"),
    ("d", "'ye"),
    ("gim", "me"),
    ("gon", "na"),
    ("got", "ta"),
    ("lem", "me"),
    ("more", "'n"),
    ("wan", "na"),
];

/// What may follow an apostrophe without being a word of its own.
const CLITICS: [&str; 8] = ["re", "ve", "ll", "m", "t", "s", "d", "n"];

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

    /// Calls the rule at each of the characters. It gets the text since the last replacement, and the text from the
    /// character on; it writes the replacement and says how many bytes that stands for, or says 0 to leave them.
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

/// Puts spaces around the first character.
fn pad(_before: &str, rest: &str, output: &mut String) -> usize {
    let length = rest.chars().next().map_or(0, char::len_utf8);
    pad_start(rest, &rest[..length], output)
}

/// Puts spaces around the pattern if the text starts with it.
fn pad_start(rest: &str, pattern: &str, output: &mut String) -> usize {
    if !rest.starts_with(pattern) {
        return 0;
    }
    output.push(' ');
    output.push_str(pattern);
    output.push(' ');
    pattern.len()
}

/// A curly or angled mark is padded by itself, a run of backticks as one.
fn pad_opening_quote(before: &str, rest: &str, output: &mut String) -> usize {
    let backticks = rest.len() - rest.trim_start_matches('`').len();
    if backticks > 0 { pad_start(rest, &rest[..backticks], output) } else { pad(before, rest, output) }
}

/// A straight quotation mark, or two apostrophes, after a space or an opening bracket.
fn opening_quote(before: &str, rest: &str, output: &mut String) -> usize {
    let length = if rest.starts_with('"') { 1 } else { 2 };
    if !before.ends_with([' ', '(', '[', '{', '<']) || !(length == 1 || rest.starts_with("''")) {
        return 0;
    }
    output.push_str(" `` ");
    length
}

/// An apostrophe before a word, unless what follows is the rest of a contraction.
fn opening_apostrophe(before: &str, rest: &str, output: &mut String) -> usize {
    let word = &rest[1..];
    let is_clitic = || CLITICS.iter().any(|clitic| after_prefix(word, clitic).is_some_and(|rest| !starts_word(rest)));
    if ends_word(before) || !starts_word(word) || is_clitic() {
        return 0;
    }
    output.push_str("' ");
    1
}

/// The full stop at the end of the text, closing brackets and quotation marks behind it allowed.
fn final_stop(text: &mut String) {
    let Some(stop) = text.rfind('.') else { return };
    let (before, after) = (&text[..stop], &text[stop + 1..]);
    let rest = after.trim_start_matches([']', ')', '}', '>', '"', '\'', '\u{bb}', '\u{201d}', '\u{2019}', ' ']);
    if before.is_empty() || before.ends_with('.') || !rest.chars().all(char::is_whitespace) {
        return;
    }
    let end = text.len() - rest.len();
    text.truncate(end);
    text.push(' ');
    text.replace_range(stop..=stop, " . ");
}

/// A colon or comma, unless a digit follows. The character behind it takes no further part.
fn colon_or_comma(_before: &str, rest: &str, output: &mut String) -> usize {
    let (mark, after) = rest.split_at(1);
    let next = after.chars().next();
    if next.is_some_and(is_digit) {
        return 0;
    }
    output.push(' ');
    output.push_str(mark);
    output.push(' ');
    output.extend(next);
    1 + next.map_or(0, char::len_utf8)
}

/// Two full stops or more.
fn dots(_before: &str, rest: &str, output: &mut String) -> usize {
    let length = rest.len() - rest.trim_start_matches('.').len();
    if length < 2 { 0 } else { pad_start(rest, &rest[..length], output) }
}

/// An apostrophe between something else and a space.
fn final_apostrophe(before: &str, rest: &str, output: &mut String) -> usize {
    if before.is_empty() || before.ends_with('\'') || !rest.starts_with("' ") {
        return 0;
    }
    output.push_str(" ' ");
    2
}

fn single_spaces(input: &str, output: &mut String) {
    let mut after_space = false;
    for character in input.chars() {
        let space = character.is_whitespace();
        if !space {
            output.push(character);
        } else if !after_space {
            output.push(' ');
        }
        after_space = space;
    }
}

/// 's, 'm, 'd or the apostrophe alone at the end of a word.
fn short_clitic(before: &str, rest: &str, output: &mut String) -> usize {
    let ends = ["'s ", "'S ", "'m ", "'M ", "'d ", "'D ", "' "];
    clitic(&ends, before, rest, output)
}

/// 'll, 're, 've or n't at the end of a word, in one case.
fn long_clitic(before: &str, rest: &str, output: &mut String) -> usize {
    let ends = ["'ll ", "'LL ", "'re ", "'RE ", "'ve ", "'VE ", "n't ", "N'T "];
    clitic(&ends, before, rest, output)
}

fn clitic(ends: &[&str], before: &str, rest: &str, output: &mut String) -> usize {
    let Some(end) = ends.iter().find(|end| rest.starts_with(**end)) else { return 0 };
    if before.is_empty() || before.ends_with(['\'', ' ']) {
        return 0;
    }
    output.push(' ');
    output.push_str(end);
    end.len()
}

/// A contraction of two words without a space, such as cannot.
fn contraction(before: &str, rest: &str, output: &mut String) -> usize {
    if before.chars().next_back().is_none_or(is_alphanumeric) {
        return 0;
    }
    for (first, second) in CONTRACTIONS {
        let Some(after) = after_prefix(rest, first).and_then(|rest| after_prefix(rest, second)) else { continue };
        let next = after.chars().next();
        let ends = if first == "wan" { next.is_some_and(is_space) } else { !next.is_some_and(is_alphanumeric) };
        if ends {
            let length = first.len() + second.len();
            let (first, second) = rest[..length].split_at(first.len());
            output.extend([" ", first, " ", second, " "]);
            return length;
        }
    }
    0
}

/// 'tis and 'twas.
fn it_contraction(verb: &str, before: &str, rest: &str, output: &mut String) -> usize {
    let after = after_prefix(rest, "'t").and_then(|rest| after_prefix(rest, verb));
    let Some(after) = after.filter(|after| !after.chars().next().is_some_and(is_alphanumeric)) else { return 0 };
    if !before.ends_with(' ') {
        return 0;
    }
    let length = rest.len() - after.len();
    output.extend([" ", &rest[..2], " ", &rest[2..length], " "]);
    length
}

/// What comes after a prefix of ASCII characters, if the text starts with it in whatever case.
fn after_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn starts_word(text: &str) -> bool {
    text.chars().next().is_some_and(is_word)
}

fn ends_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_word)
}

/// The patterns for quotation marks are Unicode's, in which marks are part of words and numbers like ½ are not.
fn is_word(character: char) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\w").ok());
    if character.is_ascii() { character.is_ascii_alphanumeric() || character == '_' } else { matches(&WORD, character) }
}

/// The patterns for contractions are those of Python's own module, for which it is the other way round.
fn is_alphanumeric(character: char) -> bool {
    static ALPHANUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}]").ok());
    let by_ascii = character.is_ascii_alphanumeric() || character == '_';
    if character.is_ascii() { by_ascii } else { matches(&ALPHANUMERIC, character) }
}

fn is_digit(character: char) -> bool {
    static DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d").ok());
    if character.is_ascii() { character.is_ascii_digit() } else { matches(&DIGIT, character) }
}

fn matches(class: &LazyLock<Option<Regex>>, character: char) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(character.encode_utf8(&mut [0; 4])))
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
