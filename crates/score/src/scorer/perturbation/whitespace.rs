//! Whitespace: some is taken out, some is put in.
//!
//! - Definition: one number `u` is drawn for each code point. Whitespace is taken out if `u` is below the probability of
//!   that; behind any other character a space (U+0020) is put if `u` is below the probability of that.
//! - Source: `WhitespaceAddRemove` of fmeval 1.2.3, default probabilities 0.05 to add and 0.1 to remove.
//! - Edge cases: whitespace is what Python calls so, U+001C to U+001F included.

use crate::scorer::words::is_space;

/// The text with other whitespace. `draw` gives numbers of at least 0 and below 1.
pub fn whitespace(text: &str, added: f64, removed: f64, mut draw: impl FnMut() -> f64) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        let drawn = draw();
        if is_space(character) {
            if drawn >= removed {
                out.push(character);
            }
            continue;
        }
        out.push(character);
        if drawn < added {
            out.push(' ');
        }
    }
    out
}
