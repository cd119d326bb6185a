//! Where a word may be hyphenated, by the American patterns of Hyphen.
//!
//! The method is F. M. Liang's (1983): every pattern that occurs in the word, a dot standing for its ends, gives values to
//! the places between letters; the highest value counts, and an odd one allows a hyphen.

use std::collections::HashMap;
use std::sync::LazyLock;

const PATTERNS: &str = include_str!("hyph_en_US.dic");

/// No hyphen within so many characters of either end, as pyphen has it.
const MARGIN: usize = 2;

/// How many parts hyphenation makes of a word in lower case.
pub(super) fn parts(word: &str) -> u64 {
    let pointed: Vec<char> = std::iter::once('.').chain(word.chars()).chain(['.']).collect();
    let mut values = vec![0_u8; pointed.len() + 1];
    for start in 0..pointed.len() {
        let (rest, places) = (&pointed[start..], &mut values[start..]);
        PATTERNS_BY_LETTERS.for_each_at(rest, |pattern| {
            for (value, found) in places.iter_mut().zip(pattern) {
                *value = (*value).max(*found);
            }
        });
    }
    // One value stands in front of the dot that stands in front of the word.
    let within = values.get(MARGIN + 1..pointed.len().saturating_sub(MARGIN)).unwrap_or_default();
    1 + within.iter().filter(|value| **value % 2 == 1).count() as u64
}

static PATTERNS_BY_LETTERS: LazyLock<Patterns> = LazyLock::new(|| Patterns::read(PATTERNS));

/// The patterns as a tree of their letters.
struct Patterns {
    /// From a node, by a letter, to the next node. The root is 0.
    next: HashMap<(u32, char), u32>,
    /// The values of the pattern that ends at the node, one in front of each letter and one behind; none where no
    /// pattern ends.
    values: Vec<Vec<u8>>,
}

impl Patterns {
    /// The file's first line is its encoding; lines in capitals are settings that pyphen does not use.
    fn read(file: &str) -> Self {
        let mut patterns = Self { next: HashMap::with_capacity(1 << 15), values: vec![Vec::new()] };
        let lines = file.lines().skip(1).filter(|line| !line.starts_with(|first: char| first.is_ascii_uppercase()));
        for line in lines {
            let (mut node, mut values) = (0, vec![0]);
            for character in line.trim().chars() {
                match (character.to_digit(10), values.last_mut()) {
                    (Some(digit), Some(value)) => *value = digit as u8,
                    _ => {
                        node = patterns.node_behind(node, character);
                        values.push(0);
                    }
                }
            }
            if let Some(place) = patterns.values.get_mut(node as usize) {
                *place = values;
            }
        }
        patterns
    }

    fn node_behind(&mut self, node: u32, letter: char) -> u32 {
        let new = self.values.len() as u32;
        let next = *self.next.entry((node, letter)).or_insert(new);
        if next == new {
            self.values.push(Vec::new());
        }
        next
    }

    /// Calls `visit` with the values of every pattern that the text begins with.
    fn for_each_at(&self, text: &[char], mut visit: impl FnMut(&[u8])) {
        let mut node = 0;
        for letter in text {
            let Some(&next) = self.next.get(&(node, *letter)) else {
                return;
            };
            node = next;
            if let Some(values) = self.values.get(node as usize) {
                visit(values);
            }
        }
    }
}
