//! Diversity: how seldom the response repeats its own words.
//!
//! - Definition: the response is lower-cased and split at whitespace. `distinct_k` is the number of different runs of k
//!   words divided by the number of all runs of k words; `distinct_1` is also known as the type-token ratio.
//!   `repetition_4` is `1 - distinct_4`: the share of runs of four words that were there before.
//! - Range 0 to 1. Higher is better for `distinct_1` to `distinct_3`, lower for `repetition_4`. Long texts repeat more
//!   words than short ones, so compare answers of like length only.
//! - Source: distinct-n as in J. Li et al., "A Diversity-Promoting Objective Function for Neural Conversation Models"
//!   (2016), rep-n as in S. Welleck et al., "Neural Text Generation with Unlikelihood Training" (2020).
//! - Edge cases: a response of fewer than k words has no runs and is unscored. No reference is needed. Punctuation
//!   belongs to its word.

use super::score::{Evidence, Score};
use super::token_ids::TokenIds;
use super::words::for_each_word;

/// Scores one answer by different words among all words.
pub(super) fn distinct_1(evidence: &Evidence<'_>) -> Score {
    scored(distinct::<1>(evidence.response), 1)
}

/// Scores one answer by different pairs of words among all pairs.
pub(super) fn distinct_2(evidence: &Evidence<'_>) -> Score {
    scored(distinct::<2>(evidence.response), 2)
}

/// Scores one answer by different triples of words among all triples.
pub(super) fn distinct_3(evidence: &Evidence<'_>) -> Score {
    scored(distinct::<3>(evidence.response), 3)
}

/// Scores one answer by repeated runs of four words among all of them.
pub(super) fn repetition_4(evidence: &Evidence<'_>) -> Score {
    scored(distinct::<4>(evidence.response).map(|distinct| 1.0 - distinct), 4)
}

fn scored(share: Option<f64>, words: usize) -> Score {
    let reason = || match words {
        1 => "the response has no words".to_owned(),
        _ => format!("the response has fewer than {words} words"),
    };
    share.map_or_else(|| Score::Unscored(reason()), Score::Value)
}

/// The share of different runs of `K` words, if there is a run.
fn distinct<const K: usize>(response: &str) -> Option<f64> {
    let lowered = response.to_lowercase();
    let mut ids = TokenIds::with_room_for(lowered.len() / 8);
    let mut words = Vec::with_capacity(lowered.len() / 4);
    for_each_word(&lowered, |range| words.push(ids.id_of(&lowered[range])));
    let mut runs: Vec<[u32; K]> = words.array_windows::<K>().copied().collect();
    let all = runs.len();
    runs.sort_unstable();
    runs.dedup();
    (all > 0).then(|| runs.len() as f64 / all as f64)
}
