//! Which words may stand for each other: METEOR's synonyms, written as a table from a word to its synonyms.
//!
//! Where the table comes from is left to whoever writes it; WordNet is what METEOR was made with.

use crate::scorer::vocabulary::{Vocabulary, WordId};
use crate::scorer::word::Word;
use assay_problem::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Synonyms for METEOR: a map from a word to a list of words that it may be aligned with, as in
/// `{car: [auto, automobile], auto: [car]}`.
///
/// Words are compared in lower case and after stemming, as METEOR looks them up: `happi: [glad]`, not
/// `happy: [glad]`. The map is read from the answer's word to the reference's and is not turned round.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Table", into = "Table")]
#[schemars(with = "Table")]
pub struct Synonyms {
    table: Table,
    words: Vocabulary,
    /// For every word, its synonyms.
    lists: Vec<Vec<WordId>>,
}

type Table = BTreeMap<String, Vec<String>>;

/// A line of a table as JSON Lines.
#[derive(Deserialize)]
struct Row {
    word: String,
    synonyms: Vec<String>,
}

impl Synonyms {
    /// Reads a table as JSON Lines: `{"word": "car", "synonyms": ["auto", "automobile"]}` on each line. Empty lines
    /// and a line with the key `_header` are passed over; a word that comes twice has the synonyms of both lines.
    ///
    /// # Errors
    ///
    /// Every line that is none of these, with its number; `place` is the file that they are said to be in.
    pub fn from_json_lines(text: &str, place: &str) -> Result<Self, Vec<Problem>> {
        let (mut table, mut problems) = (Table::new(), Vec::new());
        for (number, line) in (1..).zip(text.split('\n')) {
            if line.trim().is_empty() || line.starts_with("{\"_header\"") {
                continue;
            }
            match serde_json::from_str::<Row>(line) {
                Ok(row) => table.entry(row.word).or_default().extend(row.synonyms),
                Err(error) => problems.push(
                    Problem::error(place, format!("no word with its synonyms: {error}"))
                        .on_line(number)
                        .remedy(r#"write {"word": "car", "synonyms": ["auto"]}"#),
                ),
            }
        }
        if problems.is_empty() { Ok(Self::from(table)) } else { Err(problems) }
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Number of words that ids are below.
    pub(super) fn words(&self) -> usize {
        self.words.len()
    }

    /// The table's id of a word that it has, as a word or as a synonym.
    pub(super) fn find(&self, word: &Word<'_>) -> Option<WordId> {
        self.words.find(word)
    }

    /// The synonyms of a word by its id in the table.
    pub(super) fn of(&self, word: WordId) -> &[WordId] {
        self.lists.get(word as usize).map_or(&[], Vec::as_slice)
    }
}

impl From<Table> for Synonyms {
    fn from(table: Table) -> Self {
        let mut words = Vocabulary::default();
        // The words of a text are in lower case. Ids take no account of case, so a capital would be met by mistake.
        let mut id = |word: &str| {
            let is_met = !word.bytes().any(|byte| byte.is_ascii_uppercase());
            is_met.then(|| words.id(&Word::new(word, 0..word.len())))
        };
        let mut lists = Vec::new();
        for (word, synonyms) in &table {
            let Some(word) = id(word) else { continue };
            lists.resize_with(lists.len().max(word as usize + 1), Vec::new);
            lists[word as usize] = synonyms.iter().filter_map(|synonym| id(synonym)).collect();
        }
        Self { table, words, lists }
    }
}

impl From<Synonyms> for Table {
    fn from(synonyms: Synonyms) -> Self {
        synonyms.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_a_plain_map() {
        let json = r#"{"I":["one"],"car":["auto","Auto"]}"#;
        let synonyms: Synonyms = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&synonyms).unwrap(), json);
        let schema = schemars::schema_for!(Synonyms).to_value();
        assert_eq!(schema["additionalProperties"]["items"]["type"], "string", "{schema}");
    }

    #[test]
    fn words_with_capitals_are_never_met() {
        let synonyms: Synonyms = serde_json::from_str(r#"{"I": ["one"], "one": ["I", "ace"]}"#).unwrap();
        let id = |word: &str| synonyms.find(&Word::new(word, 0..word.len()));
        assert_eq!(id("i"), None);
        assert_eq!(synonyms.of(id("one").unwrap()), [id("ace").unwrap()]);
        assert_eq!(synonyms.of(id("ace").unwrap()), [0; 0]);
    }

    #[test]
    fn every_bad_line_is_named() {
        let text = "{\"_header\": {}}\n{\"word\": \"a\", \"synonyms\": [\"b\"]}\n\n{\"word\": \"a\"}\nx\n";
        let problems = Synonyms::from_json_lines(text, "table.jsonl").unwrap_err();
        let lines: Vec<_> = problems.iter().map(|problem| (problem.place.as_str(), problem.line)).collect();
        assert_eq!(lines, [("table.jsonl", Some(4)), ("table.jsonl", Some(5))]);
        let twice = "{\"word\": \"a\", \"synonyms\": [\"b\"]}\n{\"word\": \"a\", \"synonyms\": [\"c\"]}";
        let expected: Synonyms = serde_json::from_str(r#"{"a": ["b", "c"]}"#).unwrap();
        assert_eq!(Synonyms::from_json_lines(twice, ""), Ok(expected));
    }
}
