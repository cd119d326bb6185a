//! A look at YAML before it is loaded: the loader calls itself for each level, so a file of nothing but brackets or
//! dashes would end the process instead of giving an error.
//!
//! Levels are counted without building anything, block and flow collections apart. Where a text could be read both
//! ways, it counts; texts in quotes and literal blocks do not.

use assay_problem::Problem;

/// So many levels a file may have, of block and of flow collections each. A spec has fewer than ten.
pub(super) const DEEPEST: usize = 64;

/// Why the loader must not see `text`, if it must not.
pub(super) fn refusal(place: &str, text: &str) -> Option<Problem> {
    deeper_than(DEEPEST, place, text)
}

fn deeper_than(deepest: usize, place: &str, text: &str) -> Option<Problem> {
    let mut scan = Scan { deepest, ..Scan::default() };
    for (line, number) in text.split('\n').zip(1..) {
        for piece in line.split('\r') {
            match scan.line(piece) {
                None => {}
                Some(Refused::TooDeep) => {
                    let problem = Problem::error(place, format!("nested deeper than {deepest} levels"));
                    return Some(problem.on_line(number).remedy("a spec has fewer than ten levels: is this one?"));
                }
                // Also because each use of an anchor repeats its levels.
                Some(Refused::Reference) => {
                    let problem = Problem::error(place, "anchors, aliases and tags are not read");
                    return Some(problem.on_line(number).remedy("write the value out, or put it in quotes"));
                }
            }
        }
    }
    None
}

enum Refused {
    TooDeep,
    Reference,
}

/// What is open at the end of a line.
#[derive(Default)]
struct Scan {
    /// So many levels are taken.
    deepest: usize,
    /// The columns of the block collections.
    columns: Vec<usize>,
    /// How many brackets and braces.
    flow: usize,
    /// The quote of a text.
    quote: Option<char>,
    /// The least indentation of a literal block's text.
    literal: Option<usize>,
    /// Whether a text without quotes, which may go on in the next line.
    plain: bool,
}

impl Scan {
    fn line(&mut self, line: &str) -> Option<Refused> {
        let mut column = line.bytes().take_while(|byte| *byte == b' ').count();
        let mut content = line.trim_start();
        let is_marker = column == 0 && (begins(line, "---") || begins(line, "..."));
        if content.is_empty() {
            return None;
        }
        if is_marker {
            (self.literal, self.plain) = (None, false);
            self.columns.clear();
            content = content[3..].trim_start();
            column = 4;
        } else {
            let inside = self.columns.last().map_or(0, |parent| parent + 1);
            if self.literal.is_some_and(|least| column >= least) {
                return None;
            }
            self.literal = None;
            if self.flow == 0 && self.quote.is_none() {
                if self.plain && column >= inside {
                    self.plain = !content.starts_with('#') && !content.contains(" #");
                    return None;
                }
                self.plain = false;
                if content.starts_with('#') {
                    return None;
                }
            }
            self.columns.retain(|open| *open <= column);
        }
        while ["-", "?", ":"].iter().any(|indicator| begins(content, indicator)) {
            self.open(column);
            let rest = content[1..].trim_start();
            column += content.len() - rest.len();
            content = rest;
        }
        if content.contains(": ") || content.contains(":\t") || content.trim_end().ends_with(':') {
            self.open(column);
        }
        if self.columns.len() > self.deepest { Some(Refused::TooDeep) } else { self.content(content) }
    }

    fn open(&mut self, column: usize) {
        if self.columns.last() != Some(&column) {
            self.columns.push(column);
        }
    }

    /// The rest of a line, after the indicators of block lists.
    fn content(&mut self, content: &str) -> Option<Refused> {
        let mut chars = content.chars().peekable();
        let (mut after_space, mut after_quoted) = (true, false);
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let was_quoted = std::mem::take(&mut after_quoted);
            match (self.quote, c) {
                (Some('"'), '\\') => drop(chars.next()),
                (Some('\''), '\'') if next == Some('\'') => drop(chars.next()),
                (Some(quote), c) if quote == c => {
                    self.quote = None;
                    after_quoted = true;
                }
                (Some(_), _) => {}
                (None, '#') if after_space => {
                    self.plain = false;
                    break;
                }
                (None, c) if c.is_whitespace() => after_quoted = was_quoted,
                (None, '[' | '{') if self.flow > 0 || !self.plain => {
                    self.flow += 1;
                    self.plain = false;
                    if self.flow > self.deepest {
                        return Some(Refused::TooDeep);
                    }
                }
                (None, ']' | '}') if self.flow > 0 => {
                    self.flow -= 1;
                    self.plain = false;
                    after_quoted = true;
                }
                (None, ',') if self.flow > 0 => self.plain = false,
                (None, ':') if self.is_colon(next, was_quoted) => self.plain = false,
                (None, _) if self.plain => {}
                (None, '"' | '\'') => self.quote = Some(c),
                (None, '&' | '*' | '!') => return Some(Refused::Reference),
                (None, '|' | '>') if self.flow == 0 => {
                    self.literal = Some(self.columns.last().map_or(0, |parent| parent + 1));
                    break;
                }
                // The dash and the question mark of a flow collection are no text.
                (None, '-' | '?') if next.is_none_or(char::is_whitespace) => {}
                (None, _) => self.plain = true,
            }
            after_space = c.is_whitespace();
        }
        None
    }

    /// Whether a colon stands between a key and its value.
    fn is_colon(&self, next: Option<char>, was_quoted: bool) -> bool {
        let ends_key = |next: char| self.flow > 0 && matches!(next, ',' | '[' | ']' | '{' | '}');
        next.is_none_or(|next| next.is_whitespace() || ends_key(next)) || (self.flow > 0 && was_quoted && !self.plain)
    }
}

/// Whether `text` begins with `indicator` as a word of its own.
fn begins(text: &str, indicator: &str) -> bool {
    text.strip_prefix(indicator).is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

    fn refused(text: &str) -> Option<String> {
        refusal("f", text).map(|problem| problem.to_string())
    }

    #[test]
    fn what_is_too_deep_is_refused_with_its_line() {
        let stairs: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        for text in [
            "- ".repeat(20_000),
            "[".repeat(20_000),
            "{a: ".repeat(20_000),
            "[\n".repeat(20_000),
            "? ".repeat(20_000),
            "-\t".repeat(20_000),
            stairs,
            format!("a: it's\nb: {}", "[".repeat(100)),
            format!("a: |\n  text\nb: {}", "[".repeat(100)),
            format!("a: text\n  \"more\nb: {}", "[".repeat(100)),
            format!("a: 'it''s' # \"\nb: {}", "[".repeat(100)),
            format!("a: \"\\\"\" # |\n  b: {}", "[".repeat(100)),
            format!("[ \"x |\n  \", {}", "[".repeat(100)),
            format!("--- {}", "- ".repeat(100)),
            format!("a: [x, \"]\", ']', # ]\n{}", "[".repeat(64)),
        ] {
            assert!(refused(&text).unwrap().contains("nested deeper than 64 levels"), "{:.60}", text);
        }
        assert!(refused(&format!("a: 1\nb:\n  {}", "- ".repeat(65))).unwrap().starts_with("f:3: nested"));
    }

    #[test]
    fn texts_may_hold_anything() {
        let (dashes, brackets) = ("- ".repeat(1000), "[".repeat(1000));
        for text in [
            format!("system: |\n  {dashes}\n\n  {brackets}\n   \"'\n\nmodels: [{{id: a}}]\n"),
            format!("models:\n  - id: >-\n      {dashes}\n      {brackets}\n  - id: b\n"),
            format!("a: \"{brackets}\n  {brackets} \\\" {brackets}\"\nb: 'it''s {brackets}'\n"),
            format!("a: text {brackets} it's\n  *more* {brackets}\nb: 1 # {brackets}\n# {brackets}\n"),
            format!("--- |\n{dashes}\n{brackets}\n"),
            "a: [{\"a\":\"b\",\"c\":[1, 2]}]\nb:\n".to_owned() + &"- {icontains: \"]\"}\n".repeat(1000),
        ] {
            assert_eq!(refused(&text), None, "{text:.60}");
        }
    }

    #[test]
    fn references_are_refused_where_they_are_references() {
        for text in ["a: &x [1]\n", "a: 1\nb: *x\n", "a: [*x]\n", "- !!str 1\n"] {
            assert!(refused(text).unwrap().contains("anchors, aliases and tags are not read"), "{text}");
        }
        assert_eq!(refused("a: R&D *all* you!\nb: '*x'\nc: |\n  *x\nd: a&b\n"), None);
    }

    fn depth(node: &MarkedYaml<'_>) -> usize {
        match &node.data {
            YamlData::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            YamlData::Mapping(entries) => {
                1 + entries.iter().map(|(key, value)| depth(key).max(depth(value))).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    const PARTS: [&str; 26] = [
        "- ", "- ", "? ", ": ", "a: ", "a:\n", "[", "{", "]", "}", ", ", "\"", "'", "\\", "#", " #", "|\n", ">-\n",
        "\n", "\n  ", "\n    ", " ", "x", "-", "\n- ", "---\n",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        // A mapping and its list in one column, and a flow list with a pair, are two levels of the loader.
        #[test]
        fn the_loader_never_goes_deeper(parts in vec(select(&PARTS[..]), 1..40)) {
            let text = parts.concat();
            if deeper_than(2, "f", &text).is_none()
                && let Ok(documents) = MarkedYaml::load_from_str(&text)
            {
                let found = documents.iter().map(depth).max().unwrap_or(0);
                prop_assert!(found <= 4, "{found} levels in {text:?}");
            }
        }
    }
}
