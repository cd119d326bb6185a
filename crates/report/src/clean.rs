//! Text of models and users, made safe to print.

use std::borrow::Cow;

/// `text` on one line, without anything that a terminal could obey: control characters, escapes and marks that change
/// the direction of text are shown as `␛` or `·`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => cleaned.push(' '),
            '\u{1b}' => cleaned.push('␛'),
            c if is_unsafe(c) => cleaned.push('·'),
            c => cleaned.push(c),
        }
    }
    Cow::Owned(cleaned)
}

/// `text` with its lines, and without anything else that [`clean`] takes out.
pub(crate) fn readable(text: &str) -> Cow<'_, str> {
    let kept = |c: char| c == '\n' || c == '\t';
    if !text.chars().any(|c| is_unsafe(c) && !kept(c)) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n");
    let replaced = lines.chars().map(|c| match c {
        c if kept(c) || !is_unsafe(c) => c,
        '\u{1b}' => '␛',
        _ => '·',
    });
    Cow::Owned(replaced.collect())
}

/// The JSON text `json` with the same characters escaped: it still means the same, and may be printed. JSON itself
/// escapes the control characters of ASCII alone.
pub fn clean_json(json: &str) -> Cow<'_, str> {
    let escaped = |c: char| is_unsafe(c) && c != '\n';
    if !json.chars().any(escaped) {
        return Cow::Borrowed(json);
    }
    let mut cleaned = String::with_capacity(json.len());
    for c in json.chars() {
        if escaped(c) {
            // All of them lie in the basic plane, and can stand in strings only.
            cleaned.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            cleaned.push(c);
        }
    }
    Cow::Owned(cleaned)
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(clean("plain é 日本"), "plain é 日本");
        assert_eq!(clean("a\u{1b}]0;t\u{7}b\nc\u{9b}m\u{202e}"), "a␛]0;t·b c·m·");
    }

    #[test]
    fn a_readable_text_keeps_its_lines() {
        assert_eq!(readable("a\n\tb"), "a\n\tb");
        assert_eq!(readable("a\r\nb\u{1b}[1m\u{0}\u{202e}"), "a\nb␛[1m··");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = "a\u{7f}b\u{9b}c\u{202e}\n";
        let json = serde_json::to_string_pretty(&[text]).unwrap_or_default();
        let cleaned = clean_json(&json);
        assert!(cleaned.is_ascii() && cleaned.lines().count() == 3, "{cleaned}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&cleaned).ok(), Some(vec![text.to_owned()]));
    }
}
