//! What single characters and words do to a reader of Slack.

/// Whether a word after an `@` begins with one by which Slack calls everybody: what is behind it may be cut off.
pub(super) fn calls_everybody(after: &str) -> bool {
    ["here", "channel", "everyone", "group"]
        .iter()
        .any(|word| after.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)))
}

/// Control characters, and marks that turn the direction of what follows: they could hide or reorder what is around them.
pub(super) fn is_dropped(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Characters without a width.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{3164}')
}
