//! Comparisons as they are kept, and what they amount to for each two models.

use super::join::{Pair, comparison_key};
use crate::judge::{Order, Preference};
use crate::run::record::{AnswerKey, Failure, RECORD_FORMAT, answer_key};
use crate::run::summary::PairSummary;
use assay_model::Usage;
use assay_score::stats::{mcnemar_exact, wilson};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Confidence of all intervals.
const CONFIDENCE: f64 = 0.95;

/// Two answers compared in one order. One line of `pairwise/part-NNNNN.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of the format, as that of records.
    pub format: u32,
    /// The sample's id.
    pub sample: String,
    /// Its line in the dataset.
    pub line: u64,
    /// The model that stands first.
    pub first: String,
    /// The other model.
    pub second: String,
    /// Which of their answers was shown as A.
    pub order: Order,
    /// The judge's model.
    pub judge: String,
    /// How often earlier deliveries of the run have asked for it in vain.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempt: u32,
    /// Whose answer is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preference: Option<Preference>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The judge's tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Milliseconds of the successful attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Why there is no preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

impl Comparison {
    /// Of this pair, not judged yet.
    pub fn new(pair: &Pair, order: Order, judge: &str) -> Self {
        Self {
            format: RECORD_FORMAT,
            sample: pair.sample.id.clone(),
            line: pair.sample.line,
            first: pair.first.0.clone(),
            second: pair.second.0.clone(),
            order,
            judge: judge.to_owned(),
            attempt: 0,
            preference: None,
            explanation: None,
            usage: None,
            latency_ms: None,
            failure: None,
        }
    }

    /// What it is known by.
    pub fn key(&self) -> AnswerKey {
        comparison_key(&self.sample, &self.first, &self.second, self.order)
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What each question came to in the two orders.
type Questions = HashMap<AnswerKey, [Option<Preference>; 2]>;

/// Gathers comparisons.
#[derive(Debug, Default)]
pub struct PairTally {
    /// Comparisons that need not be asked again.
    settled: HashSet<AnswerKey>,
    /// For each two models, what each question came to in the two orders.
    pairs: BTreeMap<(String, String), Questions>,
    /// How often each comparison was asked for.
    attempts: HashMap<AnswerKey, u32>,
    usage: Option<Usage>,
    /// Comparisons that told their tokens, and whether one did not.
    paid: u64,
    unmetered: bool,
}

impl PairTally {
    /// Takes a comparison; one that is there twice counts once.
    pub fn add(&mut self, found: &Comparison) {
        let key = found.key();
        let attempts = self.attempts.entry(key).or_default();
        // A part may be there twice; what was asked again is paid again.
        if self.settled.contains(&key) || found.attempt < *attempts {
            return;
        }
        *attempts = found.attempt + 1;
        let questions = self.pairs.entry((found.first.clone(), found.second.clone())).or_default();
        let orders = questions.entry(answer_key(&found.sample, "")).or_default();
        match (found.preference, &found.failure) {
            (Some(preference), _) => {
                let [straight, swapped] = orders;
                let place = if found.order == Order::FirstIsA { straight } else { swapped };
                *place = Some(preference);
                self.settled.insert(key);
            }
            (None, Some(failure)) if !failure.class.is_passing() => {
                self.settled.insert(key);
            }
            (None, _) => {}
        }
        match found.usage {
            Some(usage) => {
                *self.usage.get_or_insert_default() += usage;
                self.paid += 1;
            }
            None => self.unmetered |= found.failure.is_none(),
        }
    }

    /// Whether a comparison need not be asked again.
    pub fn is_settled(&self, key: &AnswerKey) -> bool {
        self.settled.contains(key)
    }

    /// How often a comparison was asked for.
    pub fn attempts(&self, key: &AnswerKey) -> u32 {
        self.attempts.get(key).copied().unwrap_or(0)
    }

    /// How many comparisons told their tokens.
    pub fn paid(&self) -> u64 {
        self.paid
    }

    /// Whether the judge compared answers without a word of its tokens.
    pub fn is_unmetered(&self) -> bool {
        self.unmetered
    }

    /// Whether the judge has preferred any answer: then it could be asked.
    pub fn has_preferences(&self) -> bool {
        self.pairs.values().flat_map(HashMap::values).flatten().any(Option::is_some)
    }

    /// The judge's tokens.
    pub fn usage(&self) -> Option<Usage> {
        self.usage
    }

    /// What the comparisons of each two models amount to.
    pub fn summaries(&self) -> Vec<PairSummary> {
        self.pairs.iter().map(|((first, second), questions)| summary(first, second, questions)).collect()
    }
}

fn summary(first: &str, second: &str, questions: &Questions) -> PairSummary {
    let (mut wins, mut losses, mut ties, mut failed, mut consistent) = (0, 0, 0, 0, 0);
    for orders in questions.values() {
        let [Some(straight), Some(swapped)] = orders else {
            failed += 1;
            continue;
        };
        consistent += u64::from(straight == swapped);
        match (straight, swapped) {
            (Preference::First, Preference::First) => wins += 1,
            (Preference::Second, Preference::Second) => losses += 1,
            _ => ties += 1,
        }
    }
    let judged = wins + losses + ties;
    PairSummary {
        first: first.to_owned(),
        second: second.to_owned(),
        wins,
        losses,
        ties,
        failed,
        win_interval: wilson(wins, judged, CONFIDENCE),
        loss_interval: wilson(losses, judged, CONFIDENCE),
        position_consistency: (judged > 0).then(|| consistent as f64 / judged as f64),
        // McNemar's exact test is the sign test on the pairs that differ.
        p_value: (wins + losses > 0).then(|| mcnemar_exact(wins, losses)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_model::FailureClass;

    fn comparison(sample: usize, order: Order, preference: Option<Preference>) -> Comparison {
        let class = FailureClass::Throttled;
        Comparison {
            format: RECORD_FORMAT,
            sample: sample.to_string(),
            line: 1,
            first: "a".to_owned(),
            second: "b".to_owned(),
            order,
            judge: "j".to_owned(),
            attempt: 0,
            preference,
            explanation: None,
            usage: Some(Usage { input_tokens: 3, output_tokens: 1, ..Usage::default() }),
            latency_ms: None,
            failure: preference.is_none().then(|| Failure { class, message: "x".to_owned() }),
        }
    }

    #[test]
    fn an_answer_wins_when_both_orders_say_so() {
        use Preference::{First, Second, Tie};
        let mut tally = PairTally::default();
        let questions = [(First, First); 9].into_iter().chain([(Second, Second), (First, Second), (Tie, Tie)]);
        for (number, (straight, swapped)) in questions.enumerate() {
            for (order, preference) in [(Order::FirstIsA, straight), (Order::FirstIsB, swapped)] {
                tally.add(&comparison(number, order, Some(preference)));
                tally.add(&comparison(number, order, Some(preference)));
            }
        }
        tally.add(&comparison(99, Order::FirstIsA, Some(First)));
        let failed = comparison(99, Order::FirstIsB, None);
        let again = Comparison { attempt: 1, ..failed.clone() };
        [&failed, &failed, &again, &failed, &again].into_iter().for_each(|found| tally.add(found));
        let found = &tally.summaries()[0];
        assert_eq!((found.wins, found.losses, found.ties, found.failed), (9, 1, 2, 1));
        assert_eq!(found.position_consistency, Some(11.0 / 12.0));
        // Two-sided: twice the chance of at most 1 of 10 heads, 11/1024.
        assert!((found.p_value.unwrap() - 22.0 / 1024.0).abs() < 1e-12);
        assert_eq!(found.win_interval, wilson(9, 12, 0.95));
        let asked = 2 * 12 + 1 + 2;
        assert_eq!((tally.usage().unwrap().input_tokens, tally.paid()), (3 * asked, asked), "asked again, paid again");
        assert_eq!(tally.attempts(&comparison_key("99", "a", "b", Order::FirstIsB)), 2);
        assert!(!tally.is_settled(&comparison_key("99", "a", "b", Order::FirstIsB)), "it may be answered yet");
    }
}
