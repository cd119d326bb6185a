//! chrF: how far response and reference consist of the same runs of characters; chrF++ looks at words as well.
//!
//! - Definition: all whitespace is taken out. For each order n from 1 to 6 precision and recall are the shares of the
//!   response's and the reference's character n-grams that they have in common, each counted as often as in both.
//!   chrF++ adds orders 1 and 2 of words, after one ASCII punctuation mark at the end of a word, or else at its
//!   start, became a word of its own. With `P` and `R` the means over the orders in which both texts have n-grams,
//!   the score is `100 * 5PR / (4P + R)`: recall counts twice as much as precision. Case counts. The best reference
//!   counts; `<OR>` inside of one is text.
//! - Range 0 to 100; higher is better.
//! - Source: `CHRF().sentence_score` of sacrebleu 2.6.0, chrF++ with `word_order=2`, and `corpus_score` for
//!   [`ChrfStatistics::score`] of sums, which is not the mean of the single scores.
//! - Edge cases: no reference leaves the answer unscored, and so do texts of 16 MiB and more; a text without
//!   characters other than whitespace scores 0, also against another one.

mod words;

use super::n_grams::{Layout, total};
use super::score::{Evidence, Score};
use super::words::is_space;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// The longest n-grams of characters counted.
const CHARACTER_ORDERS: usize = 6;
/// The longest n-grams of words counted, in chrF++ alone.
const WORD_ORDERS: usize = 2;

/// Response and reference together have to be shorter than this many bytes.
const TOO_LONG: usize = 1 << 24;

/// For texts of characters up to U+03FE, in numbers of 64 bits. A character's unit is its code point plus one.
type Narrow = Layout<10, 4>;
/// The first unit that is too wide for it.
const TOO_WIDE: u32 = 1 << 10;
/// For all characters.
type Wide = Layout<21, 2>;

/// Scores one answer by chrF.
pub(super) fn chrf(evidence: &Evidence<'_>) -> Score {
    score(evidence, ChrfKind::Chrf)
}

/// Scores one answer by chrF++.
pub(super) fn chrf_plus_plus(evidence: &Evidence<'_>) -> Score {
    score(evidence, ChrfKind::ChrfPlusPlus)
}

fn score(evidence: &Evidence<'_>, kind: ChrfKind) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    match ChrfStatistics::of(kind, evidence.response, evidence.references) {
        Some(statistics) => Score::Value(statistics.score()),
        None => Score::Unscored("response and reference are longer than 16 MiB".to_owned()),
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChrfKind {
    /// Characters.
    Chrf,
    /// Characters and words.
    ChrfPlusPlus,
}

/// The counts behind chrF of one answer, or their sums over many of the same kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChrfStatistics {
    /// One to six characters, then one and two words.
    orders: [Order; CHARACTER_ORDERS + WORD_ORDERS],
}

/// The n-grams of one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// In the response; 0 where the reference has none.
    response: u64,
    /// In the reference.
    reference: u64,
    /// In both.
    matches: u64,
}

impl ChrfStatistics {
    /// Counts one answer against the reference that gives it the best score, the first one on a tie; nothing without a
    /// reference, or where response and a reference have 16 MiB or more.
    pub fn of(kind: ChrfKind, response: &str, references: &[String]) -> Option<Self> {
        let mut best: Option<(f64, Self)> = None;
        for reference in references {
            let statistics = Self::of_pair(kind, response, reference)?;
            let score = statistics.score();
            if best.is_none_or(|(best_score, _)| score > best_score) {
                best = Some((score, statistics));
            }
        }
        best.map(|(_, statistics)| statistics)
    }

    fn of_pair(kind: ChrfKind, response: &str, reference: &str) -> Option<Self> {
        if response.len().saturating_add(reference.len()) >= TOO_LONG {
            return None;
        }
        let mut statistics = Self::default();
        let (characters, word_orders) = statistics.orders.split_at_mut(CHARACTER_ORDERS);
        count_characters(&units(response), &units(reference), characters);
        if kind == ChrfKind::ChrfPlusPlus {
            words::count(response, reference, word_orders);
        }
        Some(statistics)
    }

    /// The score, 0 to 100, of the one answer or of all that were added.
    pub fn score(&self) -> f64 {
        let both = self.orders.iter().filter(|order| order.response > 0 && order.reference > 0);
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for order in both {
            precision += order.matches as f64 / order.response as f64;
            recall += order.matches as f64 / order.reference as f64;
            orders += 1.0;
        }
        if precision + recall == 0.0 {
            return 0.0;
        }
        let (precision, recall) = (precision / orders, recall / orders);
        100.0 * (5.0 * precision * recall / (4.0 * precision + recall))
    }
}

impl AddAssign for ChrfStatistics {
    fn add_assign(&mut self, other: Self) {
        for (sum, order) in self.orders.iter_mut().zip(other.orders) {
            sum.response += order.response;
            sum.reference += order.reference;
            sum.matches += order.matches;
        }
    }
}

/// The characters that are not whitespace, as units of n-grams.
fn units(text: &str) -> Vec<u32> {
    let mut units = Vec::with_capacity(text.len());
    if text.is_ascii() {
        units.extend(text.bytes().filter(|&byte| !is_space(char::from(byte))).map(|byte| u32::from(byte) + 1));
    } else {
        units.extend(text.chars().filter(|&character| !is_space(character)).map(|character| u32::from(character) + 1));
    }
    units
}

fn count_characters(response: &[u32], reference: &[u32], orders: &mut [Order]) {
    let matches: [u64; CHARACTER_ORDERS] = if response.iter().chain(reference).all(|&unit| unit < TOO_WIDE) {
        let mut grams: Vec<u64> = Vec::with_capacity(response.len() + reference.len());
        grams.extend(Narrow::pack::<CHARACTER_ORDERS>(response, 0).map(|gram| gram as u64));
        grams.extend(Narrow::pack::<CHARACTER_ORDERS>(reference, 1).map(|gram| gram as u64));
        grams.sort_unstable();
        Narrow::matches(grams.into_iter().map(u128::from), 2)
    } else {
        let mut grams: Vec<u128> = Wide::pack::<CHARACTER_ORDERS>(response, 0).collect();
        grams.extend(Wide::pack::<CHARACTER_ORDERS>(reference, 1));
        grams.sort_unstable();
        Wide::matches(grams.into_iter(), 2)
    };
    fill(orders, &matches, response.len(), reference.len());
}

/// Enters what was counted over texts of so many units.
fn fill(orders: &mut [Order], matches: &[u64], response: usize, reference: usize) {
    for (index, (order, &matches)) in orders.iter_mut().zip(matches).enumerate() {
        let [in_response, in_reference] = [response, reference].map(|units| total(units as u64, index + 1));
        let response = if in_reference > 0 { in_response } else { 0 };
        *order = Order { response, reference: in_reference, matches };
    }
}
