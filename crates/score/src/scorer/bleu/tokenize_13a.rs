//! The tokenizer of mteval-v13a, as sacrebleu calls it `13a`.
//!
//! It is four substitutions over the whole text, each from left to right and without overlap, one after the other. They
//! look at ASCII characters only, so they may go byte by byte. Spaces are left as they fall: the caller splits
//! at whitespace anyway.

use super::super::words::is_space;
use std::borrow::Cow;

/// The text with whitespace between its tokens.
pub(super) fn spaced(text: &str) -> String {
    let text = unescape(text.trim_end_matches(is_space));
    let mut one = Vec::with_capacity(text.len() + text.len() / 4 + 16);
    let mut other = Vec::with_capacity(one.capacity());
    space_symbols(text.as_bytes(), &mut one);
    split_after_non_digit(&one, &mut other);
    one.clear();
    split_before_non_digit(&other, &mut one);
    other.clear();
    split_dash_after_digit(&one, &mut other);
    // Only ASCII bytes were put in, and none between the bytes of one character.
    String::from_utf8(other).unwrap_or_default()
}

/// Takes out what line breaks and mark-up leave behind. `&amp;lt;` becomes `<`, since the order is the reference's.
fn unescape(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    let mut replace = |from: &str, to: &str| {
        if text.contains(from) {
            text = Cow::Owned(text.replace(from, to));
        }
    };
    replace("<skipped>", "");
    replace("-\n", "");
    replace("\n", " ");
    replace("&quot;", "\"");
    replace("&amp;", "&");
    replace("&lt;", "<");
    replace("&gt;", ">");
    text
}

/// Puts spaces around every symbol but the apostrophe, comma, dash and full stop, and at both ends of the text.
fn space_symbols(text: &[u8], out: &mut Vec<u8>) {
    out.push(b' ');
    for &byte in text {
        let is_symbol = matches!(byte, b'{'..=b'~' | b'['..=b'`' | b'!'..=b'&' | b'('..=b'+' | b':'..=b'@' | b'/');
        if is_symbol {
            out.extend([b' ', byte, b' ']);
        } else {
            out.push(byte);
        }
    }
    out.push(b' ');
}

fn is_stop(byte: u8) -> bool {
    matches!(byte, b'.' | b',')
}

/// Puts spaces around full stops and commas behind anything but a digit. A stop that was such a second character cannot
/// be the first one of the next pair.
fn split_after_non_digit(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        out.push(*first);
        rest = match tail {
            [second, tail @ ..] if is_stop(*second) && !first.is_ascii_digit() => {
                out.extend([b' ', *second, b' ']);
                tail
            }
            _ => tail,
        };
    }
}

/// Puts spaces around full stops and commas in front of anything but a digit.
fn split_before_non_digit(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match tail {
            [second, tail @ ..] if is_stop(*first) && !second.is_ascii_digit() => {
                out.extend([b' ', *first, b' ', *second]);
                tail
            }
            _ => {
                out.push(*first);
                tail
            }
        };
    }
}

/// Puts spaces around dashes behind a digit.
fn split_dash_after_digit(text: &[u8], out: &mut Vec<u8>) {
    let mut previous = b' ';
    for &byte in text {
        if byte == b'-' && previous.is_ascii_digit() {
            out.extend(b" - ");
        } else {
            out.push(byte);
        }
        previous = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::for_each_word;
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;
    use serde_json::Value;

    fn tokens(text: &str) -> String {
        let spaced = spaced(text);
        let mut tokens: Vec<&str> = Vec::new();
        for_each_word(&spaced, |range| tokens.push(&spaced[range]));
        tokens.join(" ")
    }

    #[test]
    fn equals_sacrebleu_on_300_texts() {
        let file = include_str!("../../../tests/oracle/cases/tokenizers.jsonl");
        let rows: Vec<Value> = file.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 300);
        for row in rows {
            let text = row["input"].as_str().unwrap();
            assert_eq!(tokens(text), row["expected"]["bleu_13a"].as_str().unwrap(), "{text:?}");
        }
    }

    /// Each worked out by hand from the four substitutions.
    #[test]
    fn pairs_do_not_overlap() {
        assert_eq!(tokens("a..5 1..5 1.,a 1-2 a-b"), "a . .5 1 . . 5 1 . , a 1 - 2 a-b");
        assert_eq!(tokens("&amp;lt; &lt;b&gt; x-\ny <skipped>"), "< < b > xy");
    }

    /// The four substitutions as the reference writes them.
    fn substituted(text: &str) -> String {
        let steps = [
            (r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", " $1 "),
            (r"([^0-9])([\.,])", "$1 $2 "),
            (r"([\.,])([^0-9])", " $1 $2"),
            (r"([0-9])(-)", "$1 $2 "),
        ];
        let start = format!(" {} ", text.trim_end_matches(is_space));
        let spaced = steps.iter().fold(start, |text, (pattern, replacement)| {
            Regex::new(pattern).unwrap().replace_all(&text, *replacement).into_owned()
        });
        spaced.split(is_space).filter(|token| !token.is_empty()).collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #[test]
        fn equals_the_substitutions(text in "([.,]{0,4}[-0-9a\u{e9} ]{0,3}){0,9}", any in "[ -%'-~]{0,40}") {
            prop_assert_eq!(tokens(&text), substituted(&text));
            prop_assert_eq!(tokens(&any), substituted(&any));
        }
    }
}
