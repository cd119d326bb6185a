//! Robustness: how much answers change when questions are worded differently.
//!
//! - Definition: with `s` the score of the answer to the original question and `s_i` those of the answers to its
//!   variants, [`delta`] is the mean of `|s - s_i|` and [`bedrock_percent`] is `100 * delta / s`. [`word_error_rate`] takes
//!   no score: it is the sum of the word edits between the original answer and each of the others, by the sum of the
//!   words of the original. A model that answers differently when asked the same again has a noise of its own; [`noise`]
//!   and [`baseline_word_error_rate`] measure it over repeats, and [`above_noise`] subtracts it.
//! - Range 0 and up; lower is better. A delta is at most 1 where the score is between 0 and 1.
//! - Source: fmeval 1.2.3 (`MeanDeltaScores`, general semantic robustness) and, for the percentage, the Bedrock user
//!   guide. That noise is subtracted from a delta too is ours.
//! - Edge cases: without variants there is no number. The percentage of an original score of 0 is not defined. Words
//!   are those of the word error rate; when the original has none, the rate is not defined, as the reference divides by
//!   zero.

use super::error_rate::word_edits;

/// The mean of `|original - perturbed|`; `None` without a variant.
pub fn delta(original: f64, perturbed: &[f64]) -> Option<f64> {
    let sum: f64 = perturbed.iter().map(|score| (original - score).abs()).sum();
    (!perturbed.is_empty()).then(|| sum / perturbed.len() as f64)
}

/// [`delta`] in percent of the original score, as Bedrock's automatic jobs report it; `None` for an original score of 0.
pub fn bedrock_percent(original: f64, perturbed: &[f64]) -> Option<f64> {
    delta(original, perturbed).filter(|_| original != 0.0).map(|delta| 100.0 * delta / original)
}

/// How much the score changes when the same question is asked again: the mean of `|original - repeat|`. `None` without
/// a repeat.
pub fn noise(original: f64, repeats: &[f64]) -> Option<f64> {
    delta(original, repeats)
}

/// A difference without the noise in it: not below 0, and as it is when no noise was measured.
pub fn above_noise(difference: f64, noise: Option<f64>) -> f64 {
    noise.map_or(difference, |noise| (difference - noise).max(0.0))
}

/// Word edits from the original answer to the answers to variants, by the words of the original; `None` without a
/// variant, or when the original has no words.
pub fn word_error_rate(original: &str, perturbed: &[&str]) -> Option<f64> {
    rate(perturbed.iter().map(|answer| (original, *answer)))
}

/// The word error rate among repeated answers to the same question: over each pair of `repeats` and, last, `original`,
/// with the second of the pair as the reference. `None` without a repeat, or when no reference has a word.
pub fn baseline_word_error_rate(original: &str, repeats: &[&str]) -> Option<f64> {
    let answers: Vec<&str> = repeats.iter().copied().chain([original]).collect();
    let pairs = answers.iter().enumerate().flat_map(|(index, first)| {
        let later = answers.get(index + 1..).unwrap_or_default();
        later.iter().map(|second| (*second, *first))
    });
    rate(pairs)
}

/// Summed edits by summed words of (reference, hypothesis).
fn rate<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<f64> {
    let (edits, words) = pairs.fold((0, 0), |(edits, words), (reference, hypothesis)| {
        let (more_edits, more_words) = word_edits(reference, hypothesis);
        (edits + more_edits, words + more_words)
    });
    (words > 0).then(|| edits as f64 / words as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_said_is_not() {
        assert_eq!(delta(0.5, &[]), None);
        assert_eq!(bedrock_percent(0.0, &[0.5]), None);
        assert_eq!(word_error_rate("a", &[]), None);
        assert_eq!(word_error_rate(" ", &["a"]), None);
        assert_eq!(baseline_word_error_rate("a", &[]), None);
    }

    #[test]
    fn noise_is_subtracted_and_nothing_goes_below_zero() {
        assert_eq!(noise(1.0, &[0.5, 1.0]), Some(0.25));
        assert_eq!(above_noise(0.75, noise(1.0, &[0.5, 1.0])), 0.5);
        assert_eq!(above_noise(0.125, Some(0.25)), 0.0);
        assert_eq!(above_noise(0.125, None), 0.125);
    }
}
