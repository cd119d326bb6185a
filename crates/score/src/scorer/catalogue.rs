//! The scorers there are: each with its name, the values it can take and its direction, in the order of reports.
//!
//! What a scorer computes is in the file that its entry names; docs/metrics.md is held to this list.

use super::score::{Evidence, Score};
use super::{
    bleu, chrf, classification, diversity, edit_similarity, error_rate, exact_match, f1, factual_knowledge, meteor,
    precision, quasi_exact_match, readability, recall, refusal, relevance, response_length, rouge, semantic_similarity,
    squad,
};
use crate::stats::Scale;
use Direction::{HigherIsBetter, LowerIsBetter, Neither};
use Scale::{Count, Hundred, NonNegative, Signed, Unbounded, UnitInterval};
use schemars::JsonSchema;
use serde::Serialize;

/// A way to score answers. The set is closed: what a run can be scored by is known when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub enum Scorer {
    /// Share of the expected answer's words that the response contains.
    #[serde(rename = "relevance")]
    Relevance,
    /// Balance of precision and recall over sets of words.
    #[serde(rename = "f1")]
    F1,
    /// Share of the response's words that are expected.
    #[serde(rename = "precision")]
    Precision,
    /// Share of the expected words that the response has, in normal form.
    #[serde(rename = "recall")]
    Recall,
    /// Whether the response equals an expected answer.
    #[serde(rename = "exact_match")]
    ExactMatch,
    /// Whether it does but for case, punctuation and articles.
    #[serde(rename = "quasi_exact_match")]
    QuasiExactMatch,
    /// Whether the response contains an expected answer, case ignored.
    #[serde(rename = "factual_knowledge")]
    FactualKnowledge,
    /// Whether it contains every expected answer.
    #[serde(rename = "factual_knowledge_all")]
    FactualKnowledgeAll,
    /// Whether it contains an expected answer but for case, punctuation and articles.
    #[serde(rename = "factual_knowledge_quasi_exact")]
    FactualKnowledgeQuasiExact,
    /// Whether it contains every one.
    #[serde(rename = "factual_knowledge_quasi_exact_all")]
    FactualKnowledgeQuasiExactAll,
    /// Exact match in the normal form of SQuAD 1.1.
    #[serde(rename = "squad_exact_match")]
    SquadExactMatch,
    /// F1 over counted words, as SQuAD 1.1.
    #[serde(rename = "squad_f1")]
    SquadF1,
    /// Exact match of SQuAD 2.0, which knows questions without an answer.
    #[serde(rename = "squad_v2_exact_match")]
    SquadV2ExactMatch,
    /// F1 of SQuAD 2.0.
    #[serde(rename = "squad_v2_f1")]
    SquadV2F1,
    /// Overlap of words (F-measure).
    #[serde(rename = "rouge_1")]
    Rouge1,
    /// Overlap of pairs of words.
    #[serde(rename = "rouge_2")]
    Rouge2,
    /// Longest common subsequence of words.
    #[serde(rename = "rouge_l")]
    RougeL,
    /// The same sentence by sentence (line by line).
    #[serde(rename = "rouge_lsum")]
    RougeLsum,
    /// `rouge_1` over word stems.
    #[serde(rename = "rouge_1_stemmed")]
    Rouge1Stemmed,
    /// `rouge_2` over word stems.
    #[serde(rename = "rouge_2_stemmed")]
    Rouge2Stemmed,
    /// `rouge_l` over word stems.
    #[serde(rename = "rouge_l_stemmed")]
    RougeLStemmed,
    /// `rouge_lsum` over word stems.
    #[serde(rename = "rouge_lsum_stemmed")]
    RougeLsumStemmed,
    /// Precision of runs of one to four words, as sacrebleu.
    #[serde(rename = "bleu")]
    Bleu,
    /// F-score of runs of one to six characters.
    #[serde(rename = "chrf")]
    Chrf,
    /// The same with words and pairs of words.
    #[serde(rename = "chrf_plus_plus")]
    ChrfPlusPlus,
    /// Alignment of words by form, stem and synonym.
    #[serde(rename = "meteor")]
    Meteor,
    /// Edits of words for each word of the reference.
    #[serde(rename = "word_error_rate")]
    WordErrorRate,
    /// Edits of characters for each character of the reference.
    #[serde(rename = "character_error_rate")]
    CharacterErrorRate,
    /// 1 less the edits of characters by the longer length.
    #[serde(rename = "edit_similarity")]
    EditSimilarity,
    /// Whether the label found in the response is the right one.
    #[serde(rename = "classification_accuracy")]
    ClassificationAccuracy,
    /// Cosine of the embeddings of response and reference.
    #[serde(rename = "semantic_similarity")]
    SemanticSimilarity,
    /// Whether the response declines to answer.
    #[serde(rename = "refusal")]
    Refusal,
    /// Code points of the response.
    #[serde(rename = "response_length")]
    ResponseLength,
    /// How easy the response is to read.
    #[serde(rename = "flesch_reading_ease")]
    FleschReadingEase,
    /// The school grade that the response asks for.
    #[serde(rename = "flesch_kincaid_grade")]
    FleschKincaidGrade,
    /// Different words among all words.
    #[serde(rename = "distinct_1")]
    Distinct1,
    /// Different pairs of words among all pairs.
    #[serde(rename = "distinct_2")]
    Distinct2,
    /// Different triples of words among all triples.
    #[serde(rename = "distinct_3")]
    Distinct3,
    /// Repeated runs of four words among all runs of four.
    #[serde(rename = "repetition_4")]
    Repetition4,
}

/// Which way a change of a score is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A higher score is a better answer.
    HigherIsBetter,
    /// A lower score is a better answer.
    LowerIsBetter,
    /// Neither more nor less is better in itself.
    Neither,
}

/// What is known of a scorer.
struct Entry {
    scorer: Scorer,
    name: &'static str,
    metric: &'static str,
    scale: Scale,
    direction: Direction,
    score: fn(&Evidence<'_>) -> Score,
}

const fn entry(
    scorer: Scorer,
    name: &'static str,
    metric: &'static str,
    scale: Scale,
    direction: Direction,
    score: fn(&Evidence<'_>) -> Score,
) -> Entry {
    Entry { scorer, name, metric, scale, direction, score }
}

/// In the order of the enum, so that a scorer finds its own by its place.
#[rustfmt::skip]
const CATALOGUE: [Entry; 39] = [
    entry(Scorer::Relevance, "relevance", "Relevance", UnitInterval, HigherIsBetter, relevance::score),
    entry(Scorer::F1, "f1", "F1", UnitInterval, HigherIsBetter, f1::score),
    entry(Scorer::Precision, "precision", "Precision", UnitInterval, HigherIsBetter, precision::score),
    entry(Scorer::Recall, "recall", "Recall", UnitInterval, HigherIsBetter, recall::score),
    entry(Scorer::ExactMatch, "exact_match", "ExactMatch", UnitInterval, HigherIsBetter, exact_match::score),
    entry(Scorer::QuasiExactMatch, "quasi_exact_match", "QuasiExactMatch", UnitInterval, HigherIsBetter, quasi_exact_match::score),
    entry(Scorer::FactualKnowledge, "factual_knowledge", "FactualKnowledge", UnitInterval, HigherIsBetter, factual_knowledge::any),
    entry(Scorer::FactualKnowledgeAll, "factual_knowledge_all", "FactualKnowledgeAll", UnitInterval, HigherIsBetter, factual_knowledge::all),
    entry(Scorer::FactualKnowledgeQuasiExact, "factual_knowledge_quasi_exact", "FactualKnowledgeQuasiExact", UnitInterval, HigherIsBetter, factual_knowledge::quasi_any),
    entry(Scorer::FactualKnowledgeQuasiExactAll, "factual_knowledge_quasi_exact_all", "FactualKnowledgeQuasiExactAll", UnitInterval, HigherIsBetter, factual_knowledge::quasi_all),
    entry(Scorer::SquadExactMatch, "squad_exact_match", "SquadExactMatch", UnitInterval, HigherIsBetter, squad::exact_match),
    entry(Scorer::SquadF1, "squad_f1", "SquadF1", UnitInterval, HigherIsBetter, squad::f1),
    entry(Scorer::SquadV2ExactMatch, "squad_v2_exact_match", "SquadV2ExactMatch", UnitInterval, HigherIsBetter, squad::v2_exact_match),
    entry(Scorer::SquadV2F1, "squad_v2_f1", "SquadV2F1", UnitInterval, HigherIsBetter, squad::v2_f1),
    entry(Scorer::Rouge1, "rouge_1", "Rouge1", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::One, false)),
    entry(Scorer::Rouge2, "rouge_2", "Rouge2", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Two, false)),
    entry(Scorer::RougeL, "rouge_l", "RougeL", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::L, false)),
    entry(Scorer::RougeLsum, "rouge_lsum", "RougeLsum", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Lsum, false)),
    entry(Scorer::Rouge1Stemmed, "rouge_1_stemmed", "Rouge1Stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::One, true)),
    entry(Scorer::Rouge2Stemmed, "rouge_2_stemmed", "Rouge2Stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Two, true)),
    entry(Scorer::RougeLStemmed, "rouge_l_stemmed", "RougeLStemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::L, true)),
    entry(Scorer::RougeLsumStemmed, "rouge_lsum_stemmed", "RougeLsumStemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Lsum, true)),
    entry(Scorer::Bleu, "bleu", "Bleu", Hundred, HigherIsBetter, bleu::score),
    entry(Scorer::Chrf, "chrf", "Chrf", Hundred, HigherIsBetter, chrf::chrf),
    entry(Scorer::ChrfPlusPlus, "chrf_plus_plus", "ChrfPlusPlus", Hundred, HigherIsBetter, chrf::chrf_plus_plus),
    entry(Scorer::Meteor, "meteor", "Meteor", UnitInterval, HigherIsBetter, meteor::score),
    entry(Scorer::WordErrorRate, "word_error_rate", "WordErrorRate", NonNegative, LowerIsBetter, error_rate::words),
    entry(Scorer::CharacterErrorRate, "character_error_rate", "CharacterErrorRate", NonNegative, LowerIsBetter, error_rate::characters),
    entry(Scorer::EditSimilarity, "edit_similarity", "EditSimilarity", UnitInterval, HigherIsBetter, edit_similarity::score),
    entry(Scorer::ClassificationAccuracy, "classification_accuracy", "ClassificationAccuracy", UnitInterval, HigherIsBetter, classification::accuracy),
    entry(Scorer::SemanticSimilarity, "semantic_similarity", "SemanticSimilarity", Signed, HigherIsBetter, semantic_similarity::score),
    entry(Scorer::Refusal, "refusal", "Refusal", UnitInterval, Neither, refusal::score),
    entry(Scorer::ResponseLength, "response_length", "ResponseLength", Count, Neither, response_length::score),
    entry(Scorer::FleschReadingEase, "flesch_reading_ease", "FleschReadingEase", Unbounded, Neither, readability::reading_ease),
    entry(Scorer::FleschKincaidGrade, "flesch_kincaid_grade", "FleschKincaidGrade", Unbounded, Neither, readability::grade),
    entry(Scorer::Distinct1, "distinct_1", "Distinct1", UnitInterval, HigherIsBetter, diversity::distinct_1),
    entry(Scorer::Distinct2, "distinct_2", "Distinct2", UnitInterval, HigherIsBetter, diversity::distinct_2),
    entry(Scorer::Distinct3, "distinct_3", "Distinct3", UnitInterval, HigherIsBetter, diversity::distinct_3),
    entry(Scorer::Repetition4, "repetition_4", "Repetition4", UnitInterval, LowerIsBetter, diversity::repetition_4),
];

const _: () = {
    let mut place = 0;
    while place < CATALOGUE.len() {
        assert!(CATALOGUE[place].scorer as usize == place, "a scorer stands out of order");
        place += 1;
    }
};

impl Scorer {
    /// Every scorer, in the order of reports.
    pub const ALL: &[Scorer] = &[
        Self::Relevance,
        Self::F1,
        Self::Precision,
        Self::Recall,
        Self::ExactMatch,
        Self::QuasiExactMatch,
        Self::FactualKnowledge,
        Self::FactualKnowledgeAll,
        Self::FactualKnowledgeQuasiExact,
        Self::FactualKnowledgeQuasiExactAll,
        Self::SquadExactMatch,
        Self::SquadF1,
        Self::SquadV2ExactMatch,
        Self::SquadV2F1,
        Self::Rouge1,
        Self::Rouge2,
        Self::RougeL,
        Self::RougeLsum,
        Self::Rouge1Stemmed,
        Self::Rouge2Stemmed,
        Self::RougeLStemmed,
        Self::RougeLsumStemmed,
        Self::Bleu,
        Self::Chrf,
        Self::ChrfPlusPlus,
        Self::Meteor,
        Self::WordErrorRate,
        Self::CharacterErrorRate,
        Self::EditSimilarity,
        Self::ClassificationAccuracy,
        Self::SemanticSimilarity,
        Self::Refusal,
        Self::ResponseLength,
        Self::FleschReadingEase,
        Self::FleschKincaidGrade,
        Self::Distinct1,
        Self::Distinct2,
        Self::Distinct3,
        Self::Repetition4,
    ];

    /// Scorers of a spec that names none.
    pub const DEFAULT: &[Scorer] = &[Self::Relevance, Self::F1, Self::ExactMatch, Self::ResponseLength];

    fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }

    /// The name in specs and records, such as `response_length`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The name as a metric, such as `ResponseLength`.
    pub fn metric_name(self) -> &'static str {
        self.entry().metric
    }

    /// Which values the score can take.
    pub fn scale(self) -> Scale {
        self.entry().scale
    }

    /// Which way a change is for the better.
    pub fn direction(self) -> Direction {
        self.entry().direction
    }

    /// Scores one answer.
    pub fn score(self, evidence: &Evidence<'_>) -> Score {
        (self.entry().score)(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_named_as_the_scorers_are() {
        assert_eq!(Scorer::ALL.len(), CATALOGUE.len());
        for (place, (scorer, entry)) in Scorer::ALL.iter().zip(&CATALOGUE).enumerate() {
            assert_eq!((*scorer as usize, format!("{scorer:?}").as_str()), (place, entry.metric));
        }
    }
}
