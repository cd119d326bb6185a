//! Recall over words: how much of what is expected the response says.
//!
//! - Definition: `|O ∩ T| / |T|` over the sets of words of the response (`O`) and of an expected answer (`T`) in
//!   normal form (lower case, no ASCII punctuation, no articles). Every reference may hold several answers with
//!   `<OR>` between them; the best counts.
//! - Range 0 to 1; higher is better.
//! - Source: `recall_over_words` of the question-answering accuracy in fmeval 1.2.3. Relevance is the same share of
//!   words that keep their punctuation and articles.
//! - Edge cases: no reference leaves the answer unscored; an expected answer without words in normal form scores 0.

use super::answer_words::{best, share};
use super::score::{Evidence, Score};

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    best(evidence, |words| share(words.shared.distinct, words.right.distinct))
}
