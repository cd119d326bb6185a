//! ROUGE: how much of the words of a reference, and of their order, a response has.
//!
//! - Definition: the F-measure `2pr / (p + r)` of precision `p = h / |response|` and recall `r = h / |reference|`,
//!   where `h` counts hits. ROUGE-1: words that can be paired off. ROUGE-2: the same for pairs of neighbours, lengths
//!   being numbers of pairs. ROUGE-L: the longest common subsequence of words. ROUGE-Lsum: for each line of the
//!   reference, its words that are part of a longest common subsequence with any line of the response, as far as the
//!   response has enough of them. Words are runs of a to z and 0 to 9 after lower-casing; with stems, words of more
//!   than three letters are stemmed. The reference with the highest F-measure counts.
//! - Range 0 to 1; higher is better.
//! - Source: `RougeScorer` of rouge-score 0.1.2 with `score_multi`; stems by nltk 3.10.4. C.-Y. Lin, ROUGE: a package
//!   for automatic evaluation of summaries, 2004.
//! - Edge cases: no reference leaves the answer unscored; a text without words scores 0, also against another one.
//!   Letters with accents separate words, and text in other scripts has none. Lines end at U+000A alone.

mod lcs;
mod lsum;
mod overlap;
pub(super) mod tokens;

use super::score::{Evidence, Score};
use super::vocabulary::Scratch;
use tokens::{Lines, TokenisedTexts};

/// Which hits are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words.
    One,
    /// Pairs of neighbours.
    Two,
    /// The longest common subsequence.
    L,
    /// The same line by line.
    Lsum,
}

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>, kind: Kind, stemmed: bool) -> Score {
    best(evidence, kind, stemmed).map_or_else(Score::no_reference, |best| Score::Value(best.f_measure))
}

/// Hits beside the lengths of the two texts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Overlap {
    precision: f64,
    recall: f64,
    f_measure: f64,
}

impl Overlap {
    /// In the order of the reference's arithmetic, which decides about the last bit.
    fn new(hits: usize, reference: usize, response: usize) -> Self {
        let precision = hits as f64 / response.max(1) as f64;
        let recall = hits as f64 / reference.max(1) as f64;
        let sum = precision + recall;
        let f_measure = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        Self { precision, recall, f_measure }
    }
}

/// The overlap with the reference that has the highest F-measure, the first of several.
fn best(evidence: &Evidence<'_>, kind: Kind, stemmed: bool) -> Option<Overlap> {
    let texts = evidence.forms.rouge[usize::from(stemmed)]
        .get_or_init(|| TokenisedTexts::of(evidence.response, evidence.references, stemmed));
    let response = &texts.response;
    let overlap = |reference: &Lines| {
        let mut scratch = Scratch::default();
        scratch.fit(texts.words);
        let hits = match kind {
            Kind::One => overlap::shared_words(&reference.tokens, &response.tokens, &mut scratch.counts),
            Kind::Two => overlap::shared_pairs(&reference.tokens, &response.tokens),
            Kind::L => lcs::length(&reference.tokens, &response.tokens, &mut scratch.masks),
            Kind::Lsum => lsum::hits(reference, response, &mut scratch),
        };
        let length = |lines: &Lines| lines.tokens.len().saturating_sub(usize::from(kind == Kind::Two));
        Overlap::new(hits, length(reference), length(response))
    };
    let overlaps = texts.references.iter().map(overlap);
    overlaps.reduce(|best, next| if next.f_measure > best.f_measure { next } else { best })
}

#[cfg(test)]
mod tests;
