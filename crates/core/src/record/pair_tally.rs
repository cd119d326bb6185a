//! Gathers the comparisons of a run: which need not be asked again, and what each question came to.

use super::answer_key::{AnswerKey, answer_key};
use super::preference::Comparison;
use crate::judge::{Order, Preference};
use assay_model::Usage;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What each question came to in the two orders.
pub(crate) type Questions = HashMap<AnswerKey, [Option<Preference>; 2]>;

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

    /// For each two models, what each question came to in the two orders.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str, &Questions)> {
        self.pairs.iter().map(|((first, second), questions)| (first.as_str(), second.as_str(), questions))
    }
}
