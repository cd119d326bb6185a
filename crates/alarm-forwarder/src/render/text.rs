//! Text for Slack: escaped once, and never longer than it may be.
//!
//! Slack does not say whether its limits count bytes, characters or UTF-16 units. UTF-16 units are counted here: no count
//! of characters gives more, and the limits that are kept stay below the documented ones.

use super::characters::{calls_everybody, is_dropped, is_invisible};
use crate::intake::link::addresses;
use jiff::Timestamp;

/// What stands where something is left out.
const CUT: char = '…';
/// Stands where Slack might read more into a character than was written: behind an `@` that calls everybody, before a `>`
/// that begins a line and would make it a quotation. It has no width and joins.
const JOINER: char = '\u{2060}';

/// A text of Slack's markup that grows until it is full.
#[derive(Debug)]
pub(super) struct Text {
    text: String,
    units: usize,
    most: usize,
    is_full: bool,
}

impl Text {
    /// An empty text of at most `most` UTF-16 units.
    pub(super) fn new(most: usize) -> Self {
        Self { text: String::new(), units: 0, most, is_full: false }
    }

    /// Adds markup of our own, as a whole or not at all. Once something had no room, nothing is added any more.
    pub(super) fn markup(&mut self, markup: &str) -> &mut Self {
        let units = units(markup);
        // One unit stays free for the mark of what is left out.
        if self.is_full || self.units + units + 1 > self.most {
            self.fill();
        } else {
            self.text.push_str(markup);
            self.units += units;
        }
        self
    }

    /// Adds what somebody wrote: escaped, and cut where there is no more room.
    pub(super) fn written(&mut self, written: &str) -> &mut Self {
        self.escaped(written, true)
    }

    /// The same for what stands in a fixed width, where no line becomes a quotation.
    pub(super) fn fixed(&mut self, written: &str) -> &mut Self {
        self.escaped(written, false)
    }

    fn escaped(&mut self, written: &str, may_quote: bool) -> &mut Self {
        // What is dropped must not hide the rest of a word from the look ahead.
        let written: String = written.chars().filter(|c| *c == '\r' || !is_dropped(*c)).collect();
        let mut before = self.text.chars().next_back();
        for (index, character) in written.char_indices() {
            if self.is_full {
                break;
            }
            match character {
                '&' => self.markup("&amp;"),
                '<' => self.markup("&lt;"),
                '>' if may_quote && self.is_at_line_start() => self.markup(&format!("{JOINER}&gt;")),
                '>' => self.markup("&gt;"),
                '@' if !before.is_some_and(char::is_alphanumeric) && calls_everybody(&written[index + 1..]) => {
                    self.markup(&format!("@{JOINER}"))
                }
                '\r' if written[index + 1..].starts_with('\n') => self,
                '\r' => self.markup("\n"),
                _ => self.markup(character.encode_utf8(&mut [0; 4])),
            };
            before = Some(character);
        }
        self
    }

    /// Adds what somebody wrote, with its addresses as links.
    pub(super) fn linked(&mut self, written: &str) -> &mut Self {
        let mut from = 0;
        for found in addresses(written) {
            self.written(&written[from..found.start]);
            self.markup(&format!("<{}>", found.url.replace('&', "&amp;")));
            from = found.start + found.written.len();
        }
        self.written(&written[from..])
    }

    /// Adds a value in a fixed width, of at most `most` characters.
    pub(super) fn code(&mut self, value: &str, most: usize) -> &mut Self {
        let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
        if value.is_empty() || value.chars().all(is_dropped) {
            return self;
        }
        self.markup(&format!("`{}`", line(&value, most)))
    }

    /// A moment in the reader's own time.
    pub(super) fn moment(&mut self, at: Timestamp) -> &mut Self {
        self.markup(&local_time(at, utc(at)))
    }

    /// How many units have room.
    pub(super) fn room(&self) -> usize {
        if self.is_full { 0 } else { (self.most - self.units).saturating_sub(1) }
    }

    /// Whether something had no room.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether nothing that can be seen is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || is_dropped(c) || is_invisible(c))
    }

    /// The text.
    pub(super) fn done(self) -> String {
        self.text
    }

    fn is_at_line_start(&self) -> bool {
        self.text.rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
    }

    fn fill(&mut self) {
        if !self.is_full && self.units < self.most {
            self.text.push(CUT);
            self.units += 1;
        }
        self.is_full = true;
    }
}

/// A moment as Slack shows it to each reader; `otherwise` where it cannot.
pub(crate) fn local_time(at: Timestamp, otherwise: String) -> String {
    // Slack counts from 1970. A fraction of a second before it would be rounded to 0.
    if at < Timestamp::UNIX_EPOCH {
        return otherwise;
    }
    format!("<!date^{}^{{date_short_pretty}} {{time_secs}}|{otherwise}>", at.as_second())
}

/// A moment in UTC, to the second.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// What somebody wrote on one line for a fixed width: escaped, at most `most` units.
fn line(written: &str, most: usize) -> String {
    let mut text = Text::new(most);
    text.fixed(&written.split_whitespace().collect::<Vec<_>>().join(" "));
    text.done()
}

/// What somebody wrote on one line for a place that knows no markup: not escaped, at most `most` units.
pub(super) fn unmarked(written: &str, most: usize) -> String {
    let words = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = Text::new(most);
    for character in words.chars().filter(|c| !is_dropped(*c)) {
        text.markup(character.encode_utf8(&mut [0; 4]));
    }
    text.done()
}

/// The length of a text in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// How long a text becomes by being escaped, in UTF-16 units.
pub(super) fn escaped_units(text: &str) -> usize {
    let longer = text.bytes().map(|byte| match byte {
        b'&' => 4,
        b'<' => 3,
        b'>' => 4,
        b'@' => 1,
        _ => 0,
    });
    units(text) + longer.sum::<usize>()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(text: &str, most: usize) -> String {
        let mut made = Text::new(most);
        made.written(text);
        made.done()
    }

    #[test]
    fn what_is_written_is_escaped_once_and_cut_between_characters() {
        assert_eq!(written("a < b & \"c\" > 'd' &amp;", 100), "a &lt; b &amp; \"c\" &gt; 'd' &amp;amp;");
        // Ten units have room for two escaped signs of four and the mark; an escaped sign is never cut in two.
        assert_eq!(written("<<<", 10), "&lt;&lt;…");
        // An emoji takes two units.
        assert_eq!((written("😀😀😀", 5).as_str(), units("😀😀…")), ("😀😀…", 5));
        // What fits exactly but for the mark of a cut is cut, so the limit holds whatever comes after it.
        assert_eq!(written("abcd", 4), "abc…");
    }

    #[test]
    fn a_sign_that_begins_a_line_makes_no_quotation() {
        let mut text = Text::new(1000);
        text.markup("*Threshold*\n").written("> 160\n  > 1 > 0");
        assert_eq!(text.done(), "*Threshold*\n\u{2060}&gt; 160\n  \u{2060}&gt; 1 &gt; 0");
    }

    #[test]
    fn nobody_is_called() {
        for (text, shown) in [
            ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
            ("@here, @Channel", "@\u{2060}here, @\u{2060}Channel"),
            ("a@here.example @hereafter @bob", "a@here.example @\u{2060}hereafter @bob"),
            ("@cha\u{2066}\0nnel a\0@here", "@\u{2060}channel a@here"),
            ("\u{202e}x\0y\r\nz\rw", "xy\nz\nw"),
        ] {
            assert_eq!(written(text, 1000), shown, "{text}");
        }
        // What told the word from the one that calls everybody has no room.
        assert_eq!(written("@heretic", 7), "@\u{2060}here…");
    }

    #[test]
    fn addresses_become_links_and_nothing_else_does() {
        let mut text = Text::new(1000);
        text.linked("See (https://x.example/a?b=1&c=2|x), <https://y.example|label>");
        assert_eq!(text.done(), "See (<https://x.example/a?b=1&amp;c=2>|x), &lt;<https://y.example>|label&gt;");
    }

    #[test]
    fn a_moment_before_1970_is_told_in_utc_alone() {
        let moment = |milliseconds| {
            let mut text = Text::new(1000);
            text.moment(Timestamp::from_millisecond(milliseconds).unwrap());
            text.done()
        };
        assert_eq!(moment(0), "<!date^0^{date_short_pretty} {time_secs}|1970-01-01 00:00:00 UTC>");
        assert_eq!(moment(-1), "1969-12-31 23:59:59 UTC");
        assert_eq!(moment(-1000), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn a_value_in_a_fixed_width_cannot_end_it() {
        let mut text = Text::new(1000);
        text.code("a`b\nc", 100).code(" \u{0} ", 100).code("xxxx", 3).code("> 1", 100);
        assert_eq!(text.done(), "`a'b c``xx…``&gt; 1`");
    }
}
