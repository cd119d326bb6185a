//! The rules of METEOR's passes. A rule gets the text since the last replacement, and the text from a character on; it
//! writes the replacement and says how many bytes that stands for, or says 0 to leave them.

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

/// Puts spaces around the first character.
pub(super) fn pad(_before: &str, rest: &str, output: &mut String) -> usize {
    let length = rest.chars().next().map_or(0, char::len_utf8);
    pad_start(rest, &rest[..length], output)
}

/// Puts spaces around the pattern if the text starts with it.
pub(super) fn pad_start(rest: &str, pattern: &str, output: &mut String) -> usize {
    if !rest.starts_with(pattern) {
        return 0;
    }
    output.push(' ');
    output.push_str(pattern);
    output.push(' ');
    pattern.len()
}

/// A curly or angled mark is padded by itself, a run of backticks as one.
pub(super) fn pad_opening_quote(before: &str, rest: &str, output: &mut String) -> usize {
    let backticks = rest.len() - rest.trim_start_matches('`').len();
    if backticks > 0 { pad_start(rest, &rest[..backticks], output) } else { pad(before, rest, output) }
}

/// A straight quotation mark, or two apostrophes, after a space or an opening bracket.
pub(super) fn opening_quote(before: &str, rest: &str, output: &mut String) -> usize {
    let length = if rest.starts_with('"') { 1 } else { 2 };
    if !before.ends_with([' ', '(', '[', '{', '<']) || !(length == 1 || rest.starts_with("''")) {
        return 0;
    }
    output.push_str(" `` ");
    length
}

/// An apostrophe before a word, unless what follows is the rest of a contraction.
pub(super) fn opening_apostrophe(before: &str, rest: &str, output: &mut String) -> usize {
    let word = &rest[1..];
    let is_clitic = || CLITICS.iter().any(|clitic| after_prefix(word, clitic).is_some_and(|rest| !starts_word(rest)));
    if ends_word(before) || !starts_word(word) || is_clitic() {
        return 0;
    }
    output.push_str("' ");
    1
}

/// The full stop at the end of the text, closing brackets and quotation marks behind it allowed.
pub(super) fn final_stop(text: &mut String) {
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
pub(super) fn colon_or_comma(_before: &str, rest: &str, output: &mut String) -> usize {
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
pub(super) fn dots(_before: &str, rest: &str, output: &mut String) -> usize {
    let length = rest.len() - rest.trim_start_matches('.').len();
    if length < 2 { 0 } else { pad_start(rest, &rest[..length], output) }
}

/// An apostrophe between something else and a space.
pub(super) fn final_apostrophe(before: &str, rest: &str, output: &mut String) -> usize {
    if before.is_empty() || before.ends_with('\'') || !rest.starts_with("' ") {
        return 0;
    }
    output.push_str(" ' ");
    2
}

/// One space for each run of whitespace.
pub(super) fn single_spaces(input: &str, output: &mut String) {
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
pub(super) fn short_clitic(before: &str, rest: &str, output: &mut String) -> usize {
    let ends = ["'s ", "'S ", "'m ", "'M ", "'d ", "'D ", "' "];
    clitic(&ends, before, rest, output)
}

/// 'll, 're, 've or n't at the end of a word, in one case.
pub(super) fn long_clitic(before: &str, rest: &str, output: &mut String) -> usize {
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
pub(super) fn contraction(before: &str, rest: &str, output: &mut String) -> usize {
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
pub(super) fn it_contraction(verb: &str, before: &str, rest: &str, output: &mut String) -> usize {
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
