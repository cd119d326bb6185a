//! Semantic similarity: how near the meaning of the response is to that of a reference, by their embeddings.
//!
//! - Definition: the cosine of the angle between the embedding of the response and that of a reference; the best of all
//!   references. The embeddings come from a model on Bedrock that the run names; scores of different embedding
//!   models cannot be compared.
//! - Range -1 to 1; higher is better. What counts as near differs from model to model.
//! - Source: the definition of the cosine. This is not BERTScore, which matches the embeddings of single tokens:
//!   Bedrock's embedding models give one vector for a whole text.
//! - Edge cases: without embeddings the answer is unscored, with the reason why there are none; a vector of length
//!   zero has no direction and no cosine.

use super::score::{Evidence, Score};

/// Scores one answer.
pub(super) fn score(evidence: &Evidence<'_>) -> Score {
    let similarities = match evidence.similarities {
        Some(Ok(similarities)) => similarities,
        Some(Err(reason)) => return Score::Unscored(reason.to_owned()),
        None => return Score::Unscored("no embeddings: name an embedding model in the spec".to_owned()),
    };
    let known = similarities.iter().copied().filter(|similarity| !similarity.is_nan());
    known.reduce(f64::max).map_or_else(Score::no_reference, Score::Value)
}

/// The cosine of the angle between two vectors, -1 to 1; nothing if their lengths differ, or if one of them has no
/// direction because it is empty, all zero or not finite.
///
/// Sums are compensated, so that the result is right to 1e-12 also where large products cancel.
pub fn cosine<T: Copy + Into<f64>>(one: &[T], other: &[T]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let lengths = dot(one, one).sqrt() * dot(other, other).sqrt();
    let cosine = dot(one, other) / lengths;
    (lengths > 0.0 && cosine.is_finite()).then(|| cosine.clamp(-1.0, 1.0))
}

/// The sum of products, each addition's rounding error kept aside (A. Neumaier, 1974).
fn dot<T: Copy + Into<f64>>(one: &[T], other: &[T]) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for (&left, &right) in one.iter().zip(other) {
        let product = left.into() * right.into();
        let next = sum + product;
        lost += if sum.abs() >= product.abs() { (sum - next) + product } else { (product - next) + sum };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_without_direction_have_no_cosine() {
        let none = |one: &[f64], other: &[f64]| assert_eq!(cosine(one, other), None);
        none(&[], &[]);
        none(&[0.0, 0.0], &[1.0, 0.0]);
        none(&[1.0], &[1.0, 0.0]);
        none(&[f64::NAN, 1.0], &[1.0, 0.0]);
        none(&[f64::INFINITY, 1.0], &[1.0, 0.0]);
    }

    #[test]
    fn published_angles_come_out() {
        assert_eq!(cosine(&[3.0_f32, 4.0], &[4.0, 3.0]), Some(0.96));
        let opposite = cosine(&[1.0, 1.0], &[-2.0, -2.0]).unwrap();
        assert!((opposite + 1.0).abs() < 1e-15, "{opposite}");
        // Summed plainly, 1e16 + 1 - 1e16 would be 0.
        let small = cosine(&[1e8, 1.0, -1e8], &[1e8, 1.0, 1e8]).unwrap();
        assert!((small / 0.5e-16 - 1.0).abs() < 1e-12, "{small}");
    }

    #[test]
    fn the_best_reference_counts_and_reasons_are_kept() {
        let of = |similarities| score(&Evidence { similarities, ..Evidence::default() });
        assert_eq!(of(Some(Ok(&[0.2, 0.9, -1.0]))), Score::Value(0.9));
        assert_eq!(of(Some(Ok(&[]))), Score::no_reference());
        assert_eq!(of(Some(Err("throttled"))), Score::Unscored("throttled".to_owned()));
        assert!(matches!(of(None), Score::Unscored(reason) if reason.contains("embedding model")));
    }
}
