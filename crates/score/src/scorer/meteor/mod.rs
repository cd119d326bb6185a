//! METEOR: how many words of a reference a response has, inflected and synonymous ones included, and how well it keeps
//! their order.
//!
//! - Definition: with `m` aligned words in `c` runs that are contiguous on both sides, `P = m / |response|` and
//!   `R = m / |reference|`, the score is `(1 - 0.5 (c/m)³) · PR / (0.9 P + 0.1 R)`. Words are aligned if they are equal
//!   in lower case, then by their stems, then, where a table is given, by synonyms, which are looked up by stem. The
//!   reference with the highest score counts.
//! - Range 0 to 1; higher is better. A perfect answer of `m` words has `1 - 0.5 / m³`, so one word alone has 0.5.
//! - Source: `meteor_score` of nltk 3.10.4 over `word_tokenize(text, preserve_line=True)`; A. Lavie and A. Agarwal,
//!   METEOR: an automatic metric for MT evaluation with high levels of correlation with human judgments, 2007. With
//!   WordNet's table it is nltk's value, without one it is what nltk finds when WordNet has no entries.
//! - Edge cases: no reference leaves the answer unscored; without a common word the score is 0. Full stops within the
//!   text stay with their words.

mod align;
mod synonyms;
mod tokenize;

use super::score::{Evidence, Score};
use super::vocabulary::{Vocabulary, WordId, with_memory};
use super::word::Word;
use super::words::for_each_word;
use align::{align, chunks};
pub use synonyms::Synonyms;
use tokenize::spaced;

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    let best = with_memory(|memory| {
        let response = words(evidence.response, &mut memory.vocabulary);
        let score = |reference: &String| {
            let reference = words(reference, &mut memory.vocabulary);
            let pairs = align(&response, &reference, evidence.synonyms, memory);
            value(&pairs, reference.len(), response.len())
        };
        evidence.references.iter().map(score).reduce(f64::max)
    });
    best.map_or_else(Score::no_reference, Score::Value)
}

/// The words of a text in lower case.
fn words(text: &str, vocabulary: &mut Vocabulary) -> Vec<WordId> {
    let spaced = spaced(text);
    let mut words = Vec::with_capacity(spaced.len() / 5 + 1);
    for_each_word(&spaced, |range| {
        let word = &spaced[range.clone()];
        // The vocabulary folds ASCII letters itself.
        words.push(if word.is_ascii() {
            vocabulary.id(&Word::new(&spaced, range))
        } else {
            let lowered = word.to_lowercase();
            vocabulary.id(&Word::new(&lowered, 0..lowered.len()))
        });
    });
    words
}

fn value(pairs: &[(usize, usize)], reference: usize, response: usize) -> f64 {
    /// How much more recall weighs than precision.
    const ALPHA: f64 = 0.9;
    /// The most that disorder can take away, as a share.
    const GAMMA: f64 = 0.5;

    if pairs.is_empty() {
        return 0.0;
    }
    let matches = pairs.len() as f64;
    let (precision, recall) = (matches / response as f64, matches / reference as f64);
    let mean = precision * recall / (ALPHA * precision + (1.0 - ALPHA) * recall);
    let fragmentation = chunks(pairs) as f64 / matches;
    (1.0 - GAMMA * fragmentation.powi(3)) * mean
}

#[cfg(test)]
mod tests;
