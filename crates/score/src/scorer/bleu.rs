//! BLEU: how many of the response's runs of one to four tokens some reference has too.
//!
//! - Definition: texts are cut into tokens by the rules of mteval-v13a. For each order n from 1 to 4 the precision is
//!   the share of the response's n-grams that a reference has, each counted at most as often as in the reference that
//!   has most of it. The score is 100 times the geometric mean of the precisions times the brevity penalty,
//!   `exp(1 - r/c)` where the response of `c` tokens is shorter than the reference of `r` tokens nearest in length (the
//!   shorter one on a tie). An order without a match counts as `1 / (2^k total)` where it is the k-th such order.
//!   Orders longer than the response are left out. Case counts. All references count together; `<OR>` inside of
//!   one is text.
//! - Range 0 to 100; higher is better. A perfect match may stand at 100.00000000000004.
//! - Source: `BLEU(effective_order=True).sentence_score` of sacrebleu 2.6.0, and its `corpus_score` for
//!   [`BleuStatistics::corpus_score`], which is not the mean of the single scores.
//! - Edge cases: no reference leaves the answer unscored, and so do texts of 16 MiB and more; without a single shared
//!   token, as for an empty response, the score is 0.

mod tokenize_13a;

use super::n_grams::{Layout, total};
use super::score::{Evidence, Score};
use super::token_ids::TokenIds;
use super::words::for_each_word;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// The longest n-grams counted.
const ORDERS: usize = 4;

/// Numbers of tokens have 24 bits, of references 32.
type Grams = Layout<24, 32>;

/// Texts together have to be shorter than this many bytes, so that the numbers of their tokens fit.
const TOO_LONG: usize = 1 << 24;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    if evidence.references.is_empty() {
        return Score::no_reference();
    }
    match BleuStatistics::of(evidence.response, evidence.references) {
        Some(statistics) => Score::Value(statistics.sentence_score()),
        None => Score::Unscored("response and references are longer than 16 MiB".to_owned()),
    }
}

/// The counts behind BLEU of one answer, or their sums over many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BleuStatistics {
    /// For each order the n-grams of the responses that references have too.
    pub matches: [u64; ORDERS],
    /// For each order the n-grams of the responses.
    pub totals: [u64; ORDERS],
    /// Tokens of the responses.
    pub response_length: u64,
    /// Tokens of the references nearest in length.
    pub reference_length: u64,
}

impl BleuStatistics {
    /// Counts one answer; nothing without a reference, or where the texts together have 16 MiB or more.
    pub fn of(response: &str, references: &[String]) -> Option<Self> {
        let length = references.iter().fold(response.len(), |sum, text| sum.saturating_add(text.len()));
        if references.is_empty() || length >= TOO_LONG {
            return None;
        }
        let texts: Vec<String> =
            std::iter::once(response).chain(references.iter().map(String::as_str)).map(tokenize_13a::spaced).collect();
        let mut ids = TokenIds::with_room_for(length / 8);
        let (mut tokens, mut lengths) = (Vec::new(), Vec::with_capacity(texts.len()));
        let mut grams = Vec::with_capacity(length / 4);
        for (number, text) in texts.iter().enumerate() {
            tokens.clear();
            for_each_word(text, |range| tokens.push(ids.id_of(&text[range])));
            lengths.push(tokens.len() as u64);
            grams.extend(Grams::pack::<ORDERS>(&tokens, number));
        }
        grams.sort_unstable();
        let (&response_length, reference_lengths) = lengths.split_first()?;
        let nearest = reference_lengths.iter().min_by_key(|&&length| (length.abs_diff(response_length), length));
        Some(Self {
            matches: Grams::matches(grams.into_iter(), texts.len()),
            totals: [1, 2, 3, 4].map(|order| total(response_length, order)),
            response_length,
            reference_length: *nearest?,
        })
    }

    /// BLEU of a single answer, 0 to 100: orders longer than the answer are left out.
    pub fn sentence_score(&self) -> f64 {
        let orders = self.totals.iter().take_while(|&&total| total > 0).count();
        self.score(orders)
    }

    /// BLEU of many answers whose statistics were added, 0 to 100: all four orders count. Nothing where neither responses
    /// nor references have a token, as before anything was added.
    pub fn corpus_score(&self) -> Option<f64> {
        (self.response_length + self.reference_length > 0).then(|| self.score(ORDERS))
    }

    /// For each order the share of n-grams that references have too, in percent, with orders without a match smoothed;
    /// all 0 where nothing matches.
    pub fn precisions(&self) -> [f64; ORDERS] {
        let mut precisions = [0.0; ORDERS];
        if self.matches == [0; ORDERS] {
            return precisions;
        }
        let mut smoothing = 1.0;
        let counts = self.matches.iter().zip(&self.totals).take_while(|(_, total)| **total > 0);
        for (precision, (&matches, &total)) in precisions.iter_mut().zip(counts) {
            *precision = if matches == 0 {
                smoothing *= 2.0;
                100.0 / (smoothing * total as f64)
            } else {
                100.0 * matches as f64 / total as f64
            };
        }
        precisions
    }

    /// The factor, 0 to 1, for responses shorter than their references.
    pub fn brevity_penalty(&self) -> f64 {
        match (self.response_length, self.reference_length) {
            (response, reference) if response >= reference => 1.0,
            (0, _) => 0.0,
            (response, reference) => (1.0 - reference as f64 / response as f64).exp(),
        }
    }

    fn score(&self, orders: usize) -> f64 {
        if self.matches == [0; ORDERS] {
            return 0.0;
        }
        let precisions = self.precisions();
        let logarithms = precisions.iter().take(orders).map(|&precision| floored_logarithm(precision));
        self.brevity_penalty() * (logarithms.sum::<f64>() / orders as f64).exp()
    }
}

impl AddAssign for BleuStatistics {
    fn add_assign(&mut self, other: Self) {
        for order in 0..ORDERS {
            self.matches[order] += other.matches[order];
            self.totals[order] += other.totals[order];
        }
        self.response_length += other.response_length;
        self.reference_length += other.reference_length;
    }
}

/// The reference has a very low number in the place of the logarithm of zero.
fn floored_logarithm(number: f64) -> f64 {
    if number == 0.0 { -9_999_999_999.0 } else { number.ln() }
}
