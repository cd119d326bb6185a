//! The normal form in which the programs of SQuAD compare answers.
//!
//! What is made of two texts in this form is left to [`super::squad`].
//!
//! Where a word begins and ends is decided as in Python, whose word characters are letters, numbers and the underscore.
//! Combining marks are none, so the `a` of `a` + U+030A stands alone and is an article. The regex crate counts marks as
//! word characters; its `\b` would keep that `a`.

use super::words::{for_each_word, lower_case, without_articles, without_punctuation};
use regex::Regex;
use std::sync::LazyLock;

/// The text in lower case, without ASCII punctuation and articles, its words joined with one U+0020.
pub(super) fn squad_form(text: &str) -> String {
    let mut plain = without_punctuation(&lower_case(text));
    // All other ASCII characters that are not whitespace are word characters once punctuation is gone, so that articles
    // stand between spaces.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) | is_ascii_space(byte);
    if plain.bytes().fold(true, |so_far, byte| so_far & is_plain(byte)) {
        plain = String::from_utf8(plain.bytes().map(|byte| byte.max(b' ')).collect()).unwrap_or_default();
        return without_articles(&plain);
    }
    let mut form = String::with_capacity(plain.len() + 1);
    for_each_word(&plain, |range| {
        let word = &plain[range];
        if !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            push_without_articles(&mut form, word);
        } else if !is_article(word) {
            push(&mut form, word);
        }
    });
    form.pop();
    form
}

/// Whitespace among the ASCII characters below U+0020.
fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | 0x1c..=0x1f)
}

fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

/// Writes a word with the space behind it.
fn push(form: &mut String, word: &str) {
    form.push_str(word);
    form.push(' ');
}

/// Writes what is left of a piece of text without whitespace once the articles in it are replaced by spaces.
fn push_without_articles(form: &mut String, piece: &str) {
    let mut rest = piece;
    let mut has_word = false;
    while let Some(first) = rest.chars().next() {
        let is_word = is_word_character(first);
        let end = rest.find(|character| is_word_character(character) != is_word).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if !is_article(run) {
            form.push_str(run);
            has_word = true;
        } else if has_word {
            form.push(' ');
            has_word = false;
        }
        rest = after;
    }
    if has_word {
        form.push(' ');
    }
}

/// Whether Python's `\w` matches the character; the underscore is punctuation and gone already.
fn is_word_character(character: char) -> bool {
    static LETTERS_AND_NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{N}]$").ok());
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let mut bytes = [0; 4];
    LETTERS_AND_NUMBERS.as_ref().is_some_and(|class| class.is_match(character.encode_utf8(&mut bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_go_where_python_sees_words() {
        assert_eq!(squad_form("The  Answer, is: A-n apple!"), "answer is apple");
        assert_eq!(squad_form("the\nanswer\u{a0}an"), "answer");
        assert_eq!(squad_form("a\u{30a} b"), "\u{30a} b");
        assert_eq!(squad_form("\u{201c}A\u{201d}"), "\u{201c} \u{201d}");
        assert_eq!(squad_form("\u{e9}a a\u{bd} the\u{4e00}"), "\u{e9}a a\u{bd} the\u{4e00}");
        assert_eq!(squad_form("x\u{1}the\u{2}an y"), "x\u{1} \u{2} y");
        assert_eq!(squad_form(" A, an. THE? "), "");
    }
}
