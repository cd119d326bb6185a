//! A look at YAML before it is loaded: the loader calls itself for each level, so a file of nothing but brackets or
//! dashes would end the process instead of giving an error.
//!
//! Levels are counted from the parser's events, which come one by one and build nothing.

use assay_problem::Problem;
use saphyr_parser::{Event, Parser, ScanError};

/// So many levels a file may have, of block and of flow collections each. A spec has fewer than ten.
pub(super) const DEEPEST: usize = 64;

/// How the parser calls more brackets inside each other than it counts, which is 255.
const PARSER_LIMIT: &str = "recursion limit exceeded";

/// Why the loader must not see `text`, if it must not.
pub(super) fn refusal(place: &str, text: &str) -> Option<Problem> {
    deeper_than(DEEPEST, place, text)
}

fn deeper_than(deepest: usize, place: &str, text: &str) -> Option<Problem> {
    let (refused, line) = first_refused(deepest, text)?;
    let problem = match refused {
        Refused::TooDeep => Problem::error(place, format!("nested deeper than {deepest} levels"))
            .remedy("a spec has fewer than ten levels: is this one?"),
        // Also because each use of an anchor repeats its levels.
        Refused::Reference => Problem::error(place, "anchors, aliases and tags are not read")
            .remedy("write the value out, or put it in quotes"),
    };
    Some(problem.on_line(line as u64))
}

#[derive(Clone, Copy)]
enum Refused {
    TooDeep,
    Reference,
}

/// A collection that is open.
#[derive(PartialEq)]
enum Open {
    Brackets,
    /// One that begins in this column; also the pair of a flow list, which has no brackets of its own.
    Block(usize),
    /// One that begins where the one around it does: a list in the column of its mapping begins with its first item. They count
    /// as one level.
    SameColumn,
}

/// What is refused first, and its line.
fn first_refused(deepest: usize, text: &str) -> Option<(Refused, usize)> {
    let mut open: Vec<Open> = Vec::new();
    // As the loader reads it, character by character.
    let mut parser = Parser::new_from_iter(text.chars());
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(found) => found,
            Err(error) => return refused_by_parser(text, &error).map(|refused| (refused, error.marker().line())),
        };
        let line = span.start.line();
        match event {
            Event::Alias(_) => return Some((Refused::Reference, line)),
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag)
                if anchor > 0 || tag.is_some() =>
            {
                return Some((Refused::Reference, line));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let block = Open::Block(span.start.col());
                open.push(match open.last() {
                    // A block collection begins with what is in it, and has nothing of its own.
                    _ if !span.is_empty() => Open::Brackets,
                    Some(around) if *around == block => Open::SameColumn,
                    _ => block,
                });
                let in_brackets = open.iter().filter(|level| **level == Open::Brackets).count();
                let in_blocks = open.iter().filter(|level| matches!(level, Open::Block(_))).count();
                if in_brackets.max(in_blocks) > deepest {
                    return Some((Refused::TooDeep, line));
                }
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            _ => {}
        }
    }
    None
}

/// What the parser refuses for reasons of ours: brackets beyond its own limit, and references that it cannot follow. Other faults
/// are left to the loader, which finds the same and says what they are.
fn refused_by_parser(text: &str, error: &ScanError) -> Option<Refused> {
    if error.info() == PARSER_LIMIT {
        return Some(Refused::TooDeep);
    }
    let at = text.chars().nth(error.marker().index())?;
    matches!(at, '&' | '*' | '!').then_some(Refused::Reference)
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
            stairs,
            format!("a: it's\nb: {}", "[".repeat(100)),
            format!("a: |\n  text\nb: {}", "[".repeat(100)),
            format!("a: text\n  \"more\nb: {}", "[".repeat(100)),
            format!("a: 'it''s' # \"\nb: {}", "[".repeat(100)),
            format!("a: \"\\\"\" # |\nb: {}", "[".repeat(100)),
            format!("[ \"x |\n  \", {}", "[".repeat(100)),
            format!("---\n{}", "- ".repeat(100)),
            format!("a: [x, \"]\", ']', # ]\n{}", "[".repeat(64)),
        ] {
            assert!(refused(&text).unwrap().contains("nested deeper than 64 levels"), "{:.60}", text);
        }
        assert!(refused(&format!("a: 1\nb:\n  {}", "- ".repeat(65))).unwrap().starts_with("f:3: nested"));
    }

    #[test]
    fn each_kind_of_collection_has_so_many_levels() {
        let both = |dashes: usize, brackets: usize| "- ".repeat(dashes) + &"[".repeat(brackets) + &"]".repeat(brackets);
        // A list in the column of its mapping is a level only where it is the innermost.
        let lists =
            |levels: usize| (0..levels).map(|level| format!("a:\n{}- ", "  ".repeat(level))).collect::<String>();
        for text in [both(64, 64), lists(63)] {
            assert_eq!(refused(&text), None, "{text}");
            assert!(MarkedYaml::load_from_str(&text).is_ok());
        }
        for text in [both(65, 1), both(1, 65), lists(64)] {
            assert!(refused(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_deep_text_that_is_no_yaml_is_left_to_the_loader() {
        for text in ["-\t".repeat(20_000), format!("--- {}", "- ".repeat(100))] {
            assert_eq!(refused(&text), None);
            assert!(MarkedYaml::load_from_str(&text).is_err());
        }
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
        for text in [
            "a: &x [1]\n",
            "a: 1\nb: *x\n",
            "a: [*x]\n",
            "- !!str 1\n",
            "a: &x\n  b: 1\n",
            "a: *.txt\n",
            "a: * b\n",
            "a: !x!y 1\n",
            "a: ! b\n",
        ] {
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

        // A mapping and its list in one column are two levels of the loader.
        #[test]
        fn the_loader_never_goes_deeper(parts in vec(select(&PARTS[..]), 1..40)) {
            let text = parts.concat();
            if deeper_than(2, "f", &text).is_none()
                && let Ok(documents) = MarkedYaml::load_from_str(&text)
            {
                let found = documents.iter().map(depth).max().unwrap_or(0);
                prop_assert!(found <= 6, "{found} levels in {text:?}");
            }
        }
    }
}
