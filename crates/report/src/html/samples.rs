//! The samples of a page: what failed in full, and as many of all as fit, the worst first.

use super::excerpt;
use super::kept::Kept;
use crate::counting::State;
use crate::numbers::{score, thousands};
use assay_core::record::Record;
use assay_core::summary::Summary;
use assay_score::Measure;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of the failures that are shown in full.
const CARDS_BUDGET: usize = 1_000_000;
/// Bytes of the rows.
const ROWS_BUDGET: usize = 2_600_000;
/// Characters of a text of a failure.
const LONGEST: usize = 8_000;
/// What a card and a row take beside their texts, in bytes.
const CARD_FRAME: usize = 900;
const ROW_FRAME: usize = 340;

/// What the samples of a run are ranked by: no answer, failed checks, the rest; within that the worst score first.
type Rank = (u8, Badness, u64, String, usize);

/// Lower is worse; no score comes last.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Badness(f64);

impl Eq for Badness {}

impl Ord for Badness {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Badness {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A sample that has no answer or failed a check, in full.
#[derive(Debug)]
pub(super) struct Card {
    pub number: usize,
    pub state: &'static str,
    pub sample: String,
    pub line: String,
    pub model: String,
    pub category: String,
    pub failure: Option<(String, String)>,
    pub failed_checks: Vec<(String, String)>,
    pub prompt: String,
    pub references: Vec<String>,
    pub responses: Vec<String>,
}

/// A sample in the table.
#[derive(Debug)]
pub(super) struct Row {
    pub card: Option<usize>,
    pub state: (&'static str, &'static str, &'static str),
    pub sample: String,
    pub line: u64,
    pub model: String,
    pub category: String,
    pub score: String,
    pub value: String,
    pub prompt: String,
    pub reference: String,
    pub response: String,
    pub told: String,
}

/// Gathers the samples.
#[derive(Debug)]
pub(super) struct Samples {
    lead: Option<String>,
    cards: Kept<Rank, Card>,
    rows: Kept<Rank, Row>,
    seen: usize,
}

/// The samples of a page.
#[derive(Debug)]
pub(super) struct SamplesView {
    pub lead: Option<String>,
    pub cards: Vec<Card>,
    pub cards_left_out: u64,
    pub rows: Vec<Row>,
    pub rows_left_out: u64,
    pub models: Vec<String>,
    pub categories: Vec<String>,
}

/// The measure that ranks.
pub(super) fn lead(summary: &Summary) -> Option<String> {
    let names = summary.models.iter().flat_map(|model| model.scores.keys());
    Measure::lead(names.map(String::as_str)).map(|measure| measure.to_string())
}

impl Samples {
    /// For the samples of the summary's run.
    pub(super) fn of(summary: &Summary) -> Self {
        Self { lead: lead(summary), cards: Kept::new(CARDS_BUDGET), rows: Kept::new(ROWS_BUDGET), seen: 0 }
    }

    /// Takes the next record that counts.
    pub(super) fn see(&mut self, record: &Record) {
        let state = State::of(record);
        let value = self.lead.as_ref().and_then(|lead| record.scores.get(lead)?.value());
        let group = match state {
            State::Unanswered => 0,
            State::Failed => 1,
            State::Unchecked | State::Passed => 2,
        };
        let badness = Badness(value.unwrap_or(f64::INFINITY));
        let rank = || (group, badness, record.sample.line, record.model.clone(), self.seen);
        if group < 2 {
            self.cards.push(rank(), || sized(card(record, state)));
        }
        self.rows.push(rank(), || {
            let row = row(record, state, value);
            let texts = [&row.sample, &row.model, &row.category, &row.prompt, &row.reference, &row.response, &row.told];
            (ROW_FRAME + texts.iter().map(|text| escaped_length(text)).sum::<usize>(), row)
        });
        self.seen += 1;
    }

    /// The samples, the worst first.
    pub(super) fn finish(self) -> SamplesView {
        let (cards_left_out, rows_left_out) = (self.cards.left_out(), self.rows.left_out());
        let mut numbers: BTreeMap<Rank, usize> = BTreeMap::new();
        let cards = self.cards.into_items().enumerate().map(|(index, (rank, card))| {
            numbers.insert(rank, index + 1);
            Card { number: index + 1, ..card }
        });
        let cards: Vec<Card> = cards.collect();
        let rows = self.rows.into_items().map(|(rank, row)| Row { card: numbers.get(&rank).copied(), ..row });
        let rows: Vec<Row> = rows.collect();
        let models: BTreeSet<&String> = rows.iter().map(|row| &row.model).collect();
        let categories: BTreeSet<&String> =
            rows.iter().map(|row| &row.category).filter(|name| !name.is_empty()).collect();
        SamplesView {
            lead: self.lead,
            models: models.into_iter().cloned().collect(),
            categories: categories.into_iter().take(500).cloned().collect(),
            cards,
            cards_left_out,
            rows,
            rows_left_out,
        }
    }
}

fn card(record: &Record, state: State) -> Card {
    let sample = &record.sample;
    let failed = record.checks.iter().filter(|check| !check.passed).take(50);
    Card {
        number: 0,
        state: told(state).2,
        sample: excerpt(&sample.id, 200),
        line: thousands(sample.line),
        model: excerpt(&record.model, 120),
        category: sample.category.as_deref().map_or(String::new(), |category| excerpt(category, 120)),
        failure: record
            .failure
            .as_ref()
            .map(|failure| (failure.class.name().to_owned(), excerpt(&failure.message, 2000))),
        failed_checks: failed
            .map(|check| (excerpt(&check.check, 500), excerpt(check.reason.as_deref().unwrap_or_default(), 500)))
            .collect(),
        prompt: excerpt(&sample.prompt, LONGEST),
        references: sample.references.iter().take(10).map(|text| excerpt(text, LONGEST)).collect(),
        responses: texts(record).take(10).map(|text| shown(text, LONGEST)).collect(),
    }
}

fn sized(card: Card) -> (usize, Card) {
    let short = [&card.sample, &card.model, &card.category, &card.prompt];
    let texts = short.into_iter().chain(&card.references).chain(&card.responses);
    let pairs = card.failed_checks.iter().chain(&card.failure).flat_map(|(left, right)| [left, right]);
    (CARD_FRAME + texts.chain(pairs).map(|text| 40 + escaped_length(text)).sum::<usize>(), card)
}

fn row(record: &Record, state: State, value: Option<f64>) -> Row {
    let sample = &record.sample;
    let failed = record.checks.iter().filter(|check| !check.passed).map(|check| check.check.as_str());
    let why = match &record.failure {
        Some(failure) => format!("{}: {}", failure.class.name(), excerpt(&failure.message, 160)),
        None => excerpt(&failed.take(4).collect::<Vec<_>>().join("; "), 160),
    };
    Row {
        card: None,
        state: told(state),
        sample: excerpt(&sample.id, 60),
        line: sample.line,
        model: excerpt(&record.model, 120),
        category: sample.category.as_deref().map_or(String::new(), |category| excerpt(category, 60)),
        score: value.map_or("–".to_owned(), score),
        value: value.map_or(String::new(), |value| value.to_string()),
        prompt: excerpt(&sample.prompt, 140),
        reference: sample.references.first().map_or(String::new(), |text| excerpt(text, 100)),
        response: texts(record).next().map_or(String::new(), |text| shown(text, 200)),
        told: why,
    }
}

/// An answer; one that is empty says so.
fn shown(text: &str, longest: usize) -> String {
    if text.is_empty() { "(an empty text)".to_owned() } else { excerpt(text, longest) }
}

fn texts(record: &Record) -> impl Iterator<Item = &str> {
    record.evidence.responses.iter().filter_map(|response| response.text.as_deref())
}

/// Class, symbol and words of a state.
fn told(state: State) -> (&'static str, &'static str, &'static str) {
    match state {
        State::Unanswered => ("unanswered", "!", "no answer"),
        State::Failed => ("failed", "✗", "failed"),
        State::Unchecked => ("unchecked", "–", "not checked"),
        State::Passed => ("passed", "✓", "passed"),
    }
}

/// Bytes of a text once it is escaped.
fn escaped_length(text: &str) -> usize {
    text.len() + 4 * text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count()
}
