//! Scorers: pure functions from the evidence of one answer to a score, one small file each.
//!
//! Collecting evidence, aggregating scores and publishing them is left to the floors above; confidence intervals
//! are in [`crate::stats`]. A scorer does no I/O, knows no clock and never fails: it says why there is no number.

mod answer_words;
mod bleu;
mod catalogue;
mod check;
mod chrf;
mod classification;
mod diversity;
mod edit_similarity;
mod edits;
mod error_rate;
mod exact_match;
mod f1;
mod factual_knowledge;
mod forms;
mod job_measure;
mod measure;
mod meteor;
mod n_grams;
pub mod perturbation;
mod precision;
mod quasi_exact_match;
mod readability;
mod recall;
mod refusal;
mod relevance;
mod response_length;
pub mod robustness;
mod rouge;
mod score;
mod semantic_similarity;
mod squad;
mod squad_form;
mod stem;
mod symbols;
mod token_ids;
mod toxicity;
mod vocabulary;
mod word;
mod word_overlap;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

pub use crate::stats::Scale;
pub use bleu::BleuStatistics;
pub use catalogue::{Direction, Scorer};
pub use check::{Assertion, Check, CheckResult, CheckSet, CompiledCheck, check_score};
pub use chrf::{ChrfKind, ChrfStatistics};
pub use classification::{ClassificationFigures, ClassificationReport, ConfusionTable, LabelFigures, extract_label};
pub use forms::Forms;
pub use job_measure::{BUILT_IN_METRICS, BuiltInMetric, JobMeasure, built_in};
pub use measure::Measure;
pub use meteor::Synonyms;
pub use score::{Evidence, Score};
pub use semantic_similarity::cosine;
pub use toxicity::{ToxicityCategory, severity, toxicity};

impl fmt::Display for Scorer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A name that no scorer has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scorer {given:?}{}; known are {}", suggestion(.given), known_names())]
pub struct UnknownScorer {
    given: String,
}

impl FromStr for Scorer {
    type Err = UnknownScorer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|scorer| scorer.name() == text);
        known.copied().ok_or_else(|| UnknownScorer { given: text.to_owned() })
    }
}

/// By hand, so that a misspelt name in a spec gets the same answer as one on the command line.
impl<'de> Deserialize<'de> for Scorer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        name.parse().map_err(de::Error::custom)
    }
}

fn known_names() -> String {
    let names: Vec<&str> = Scorer::ALL.iter().map(|scorer| scorer.name()).collect();
    names.join(", ")
}

/// The nearest name, if it is near enough to be what was meant: `Exact-Match`, `relevence`.
fn suggestion(given: &str) -> String {
    let folded = given.trim().to_lowercase().replace(['-', ' '], "_");
    let distance = |scorer: &Scorer| strsim::damerau_levenshtein(&folded, scorer.name());
    let near = Scorer::ALL.iter().map(|scorer| (distance(scorer), scorer.name()));
    match near.min() {
        Some((distance, name)) if distance * 3 <= name.len() => format!(", did you mean {name:?}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod agreement;

#[cfg(test)]
mod tests {
    use super::*;

    fn score(scorer: Scorer, response: &str, references: &[&str]) -> Score {
        let references: Vec<String> = references.iter().map(|text| text.to_string()).collect();
        scorer.score(&Evidence::new(response, &references))
    }

    #[test]
    fn names_round_trip_through_text_and_json() {
        for &scorer in Scorer::ALL {
            assert_eq!(scorer.name().parse(), Ok(scorer));
            let json = serde_json::to_string(&scorer).unwrap();
            assert_eq!(json, format!("{:?}", scorer.name()));
            assert_eq!(serde_json::from_str::<Scorer>(&json).unwrap(), scorer);
            assert_eq!(format!("{scorer:?}"), scorer.metric_name());
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        let message = |name: &str| name.parse::<Scorer>().unwrap_err().to_string();
        assert_eq!(
            message("Exact-Mach"),
            "unknown scorer \"Exact-Mach\", did you mean \"exact_match\"; \
             known are "
                .to_owned()
                + &known_names()
        );
        assert!(!message("perplexity").contains("did you mean"));
        let error = serde_json::from_str::<Scorer>("\"relevence\"").unwrap_err();
        assert!(error.to_string().contains("did you mean \"relevance\""), "{error}");
    }

    #[test]
    fn the_json_schema_lists_the_names() {
        let schema = schemars::schema_for!(Scorer).to_value().to_string();
        for scorer in Scorer::ALL {
            assert!(schema.contains(&format!("{:?}", scorer.name())), "{schema}");
        }
    }

    #[test]
    fn missing_references_are_not_zero() {
        for scorer in [Scorer::Relevance, Scorer::ExactMatch, Scorer::F1] {
            assert_eq!(score(scorer, "yes", &[]), Score::Unscored("no reference".to_owned()));
        }
        assert_eq!(score(Scorer::Relevance, "yes", &[""]).value(), None);
        assert_eq!(score(Scorer::Relevance, "yes", &[" "]), Score::Value(0.0));
        assert_eq!(score(Scorer::ExactMatch, " ", &[""]), Score::Value(1.0));
        assert_eq!(score(Scorer::F1, "", &[""]), Score::Value(0.0));
        assert_eq!(score(Scorer::ResponseLength, "na\u{ef}ve", &[]), Score::Value(5.0));
    }

    #[test]
    fn the_best_of_several_answers_counts() {
        assert_eq!(score(Scorer::F1, "The 30 days.", &["two weeks<OR>30 days", "a month"]), Score::Value(1.0));
        assert_eq!(score(Scorer::ExactMatch, "30 days", &["a month", "two weeks<OR> 30 days"]), Score::Value(1.0));
        assert_eq!(score(Scorer::Relevance, "A MONTH", &["a week", "a month"]), Score::Value(0.5));
    }
}
