//! Addresses of pages in what people wrote.

use crate::alert::{Link, LinkKind};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The longest address that a button of Slack takes, in characters.
pub(crate) const LONGEST_ADDRESS: usize = 3000;
/// How many runbooks, and how many other pages, of one text are offered.
const MOST_PAGES: usize = 2;
/// How many addresses of a text are looked at.
const MOST_READ: usize = 50;
/// How far before an address the word may stand that says what it is, in characters.
const NEAR: usize = 40;

/// What may not stand in an address as it is. `|` would end it in Slack's own form of a link.
const ILLEGAL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// An address in a text: where it stands, and the address itself.
pub(crate) struct Found<'a> {
    /// Where it begins, in bytes.
    pub(crate) start: usize,
    /// As it is written.
    pub(crate) written: &'a str,
    /// As it can be opened.
    pub(crate) url: String,
}

/// Every address in `text` that can be opened.
pub(crate) fn addresses(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next_start(text, from) {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"|`\\^{}".contains(c));
        let word = &rest[..end.unwrap_or(rest.len())];
        if word.len() > 2 * LONGEST_ADDRESS {
            from = start + word.len();
            continue;
        }
        let written = without_trailing_marks(word);
        if let Some(url) = address(written) {
            found.push(Found { start, written, url });
        }
        from = start + written.len().max("http".len());
    }
    found
}

/// Where the next address begins: `http://` or `https://` that is no part of a longer word.
fn next_start(text: &str, mut from: usize) -> Option<usize> {
    loop {
        let rest = text.get(from..)?;
        let start = from + rest.find("http")?;
        let here = text.get(start..)?;
        let inside = text.get(..start)?.chars().next_back().is_some_and(char::is_alphanumeric);
        if !inside && (here.starts_with("https://") || here.starts_with("http://")) {
            return Some(start);
        }
        from = start + "http".len();
    }
}

/// An address without the marks of the sentence around it: `.` at its end, `)` that nothing in it opens.
fn without_trailing_marks(mut written: &str) -> &str {
    loop {
        let opens = |open: char, close: char| written.matches(open).count() >= written.matches(close).count();
        let shorter = match written.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~') => true,
            Some(')') => !opens('(', ')'),
            Some(']') => !opens('[', ']'),
            _ => false,
        };
        let mut chars = written.chars();
        if !shorter || chars.next_back().is_none() {
            return written;
        }
        written = chars.as_str();
    }
}

/// `written` as an address of a page: `http` or `https`, a host, a port if any, no user, not too long.
pub(crate) fn address(written: &str) -> Option<String> {
    let written = written.trim();
    let rest = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, port) = match rest[..end].split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (&rest[..end], None),
    };
    let is_host = host.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
        && !host.contains("..")
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok() && port.chars().all(|c| c.is_ascii_digit()));
    if !is_host || !is_port || written.contains(char::is_whitespace) {
        return None;
    }
    let url = utf8_percent_encode(written, ILLEGAL).to_string();
    (url.len() <= LONGEST_ADDRESS).then_some(url)
}

/// The host of an address that can be opened, in small letters, and its port where it names one.
pub(crate) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())].to_ascii_lowercase()
}

/// The pages that `text` names: the runbook, where a word beside the address says so, and others.
pub(super) fn pages(text: &str) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for found in addresses(text).into_iter().take(MOST_READ) {
        if links.iter().any(|link| link.url == found.url) {
            continue;
        }
        let kind = if is_runbook(text, &found) { LinkKind::Runbook } else { LinkKind::Page };
        links.push(Link { kind, url: found.url });
    }
    let mut counts = [0; 2];
    links.retain(|link| {
        let count = &mut counts[usize::from(link.kind == LinkKind::Runbook)];
        *count += 1;
        *count <= MOST_PAGES
    });
    links.sort_by_key(|link| link.kind != LinkKind::Runbook);
    links
}

/// Whether the address leads to what to do: the word stands on the same line shortly before it, in its own form
/// (`[Runbook](https://…)` too), behind it as a label (`<https://…|Runbook>`), or in it.
fn is_runbook(text: &str, found: &Found<'_>) -> bool {
    let before: String = text[..found.start].chars().rev().take(NEAR).take_while(|c| *c != '\n').collect();
    let before: String = before.chars().rev().collect();
    // An address that stands between is what the word was about.
    let before = before.rsplit("://").next().unwrap_or_default();
    let after = text.get(found.start + found.written.len()..).unwrap_or_default();
    let label = after.strip_prefix('|').and_then(|label| label.split('>').next()).unwrap_or_default();
    [before, label, found.written].iter().any(|place| says_runbook(place))
}

fn says_runbook(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["runbook", "run book", "playbook"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runbook(url: &str) -> Link {
        Link { kind: LinkKind::Runbook, url: url.to_owned() }
    }

    #[test]
    fn a_runbook_is_found_however_it_is_written() {
        for text in [
            "Too low. Runbook: https://wiki.example.com/a_(b)",
            "See the [Runbook](https://wiki.example.com/a_(b)).",
            "see <https://wiki.example.com/a_(b)|Runbook>, and then",
            "PLAYBOOK (https://wiki.example.com/a_(b)).",
        ] {
            assert_eq!(pages(text), [runbook("https://wiki.example.com/a_(b)")], "{text}");
        }
    }

    #[test]
    fn the_runbook_comes_before_other_pages() {
        let text = "Dashboard https://a.example/x, https://b.example/y. Third https://c.example\nRunbook: https://d.example/r?x=1|2";
        let page = |url: &str| Link { kind: LinkKind::Page, url: url.to_owned() };
        let expected = [runbook("https://d.example/r?x=1"), page("https://a.example/x"), page("https://b.example/y")];
        assert_eq!(pages(text), expected);
    }

    #[test]
    fn what_cannot_be_opened_is_no_address() {
        for text in [
            "javascript:alert(1)",
            "https://",
            "https://user@host.example/",
            "http://[::1]/",
            "https://é.example",
            "https://a:b/",
            "ahttps://x.example",
            "https://a..b/x",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
        let long = format!("https://x.example/{}", "é".repeat(600));
        assert!(address(&long).is_none(), "encoded it is longer than 3,000");
        assert_eq!(address("https://x.example/é|<").as_deref(), Some("https://x.example/%C3%A9%7C%3C"));
    }
}
