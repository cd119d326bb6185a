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

/// Makes of the table below the scorers and what is known of each: a row has the variant, which is also the name as a metric, the
/// name in specs and records, the scale, the direction, and the function that scores.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $scorer:ident, $name:tt, $scale:expr, $direction:expr, $score:expr;)*) => {
        /// A way to score answers. The set is closed: what a run can be scored by is known when it starts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum Scorer {
            $($(#[$doc])* #[serde(rename = $name)] $scorer,)*
        }

        impl Scorer {
            /// Every scorer, in the order of reports.
            pub const ALL: &[Scorer] = &[$(Self::$scorer),*];

            fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$scorer => {
                        const ENTRY: Entry = Entry {
                            name: $name,
                            metric: stringify!($scorer),
                            scale: $scale,
                            direction: $direction,
                            score: $score,
                        };
                        &ENTRY
                    })*
                }
            }
        }
    };
}

catalogue! {
    /// Share of the expected answer's words that the response contains.
    Relevance, "relevance", UnitInterval, HigherIsBetter, relevance::score;
    /// Balance of precision and recall over sets of words.
    F1, "f1", UnitInterval, HigherIsBetter, f1::score;
    /// Share of the response's words that are expected.
    Precision, "precision", UnitInterval, HigherIsBetter, precision::score;
    /// Share of the expected words that the response has, in normal form.
    Recall, "recall", UnitInterval, HigherIsBetter, recall::score;
    /// Whether the response equals an expected answer.
    ExactMatch, "exact_match", UnitInterval, HigherIsBetter, exact_match::score;
    /// Whether it does but for case, punctuation and articles.
    QuasiExactMatch, "quasi_exact_match", UnitInterval, HigherIsBetter, quasi_exact_match::score;
    /// Whether the response contains an expected answer, case ignored.
    FactualKnowledge, "factual_knowledge", UnitInterval, HigherIsBetter, factual_knowledge::any;
    /// Whether it contains every expected answer.
    FactualKnowledgeAll, "factual_knowledge_all", UnitInterval, HigherIsBetter, factual_knowledge::all;
    /// Whether it contains an expected answer but for case, punctuation and articles.
    FactualKnowledgeQuasiExact, "factual_knowledge_quasi_exact", UnitInterval, HigherIsBetter, factual_knowledge::quasi_any;
    /// Whether it contains every one.
    FactualKnowledgeQuasiExactAll, "factual_knowledge_quasi_exact_all", UnitInterval, HigherIsBetter, factual_knowledge::quasi_all;
    /// Exact match in the normal form of SQuAD 1.1.
    SquadExactMatch, "squad_exact_match", UnitInterval, HigherIsBetter, squad::exact_match;
    /// F1 over counted words, as SQuAD 1.1.
    SquadF1, "squad_f1", UnitInterval, HigherIsBetter, squad::f1;
    /// Exact match of SQuAD 2.0, which knows questions without an answer.
    SquadV2ExactMatch, "squad_v2_exact_match", UnitInterval, HigherIsBetter, squad::v2_exact_match;
    /// F1 of SQuAD 2.0.
    SquadV2F1, "squad_v2_f1", UnitInterval, HigherIsBetter, squad::v2_f1;
    /// Overlap of words (F-measure).
    Rouge1, "rouge_1", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::One, false);
    /// Overlap of pairs of words.
    Rouge2, "rouge_2", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Two, false);
    /// Longest common subsequence of words.
    RougeL, "rouge_l", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::L, false);
    /// The same sentence by sentence (line by line).
    RougeLsum, "rouge_lsum", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Lsum, false);
    /// `rouge_1` over word stems.
    Rouge1Stemmed, "rouge_1_stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::One, true);
    /// `rouge_2` over word stems.
    Rouge2Stemmed, "rouge_2_stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Two, true);
    /// `rouge_l` over word stems.
    RougeLStemmed, "rouge_l_stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::L, true);
    /// `rouge_lsum` over word stems.
    RougeLsumStemmed, "rouge_lsum_stemmed", UnitInterval, HigherIsBetter, |evidence| rouge::score(evidence, rouge::Kind::Lsum, true);
    /// Precision of runs of one to four words, as sacrebleu.
    Bleu, "bleu", Hundred, HigherIsBetter, bleu::score;
    /// F-score of runs of one to six characters.
    Chrf, "chrf", Hundred, HigherIsBetter, chrf::chrf;
    /// The same with words and pairs of words.
    ChrfPlusPlus, "chrf_plus_plus", Hundred, HigherIsBetter, chrf::chrf_plus_plus;
    /// Alignment of words by form, stem and synonym.
    Meteor, "meteor", UnitInterval, HigherIsBetter, meteor::score;
    /// Edits of words for each word of the reference.
    WordErrorRate, "word_error_rate", NonNegative, LowerIsBetter, error_rate::words;
    /// Edits of characters for each character of the reference.
    CharacterErrorRate, "character_error_rate", NonNegative, LowerIsBetter, error_rate::characters;
    /// 1 less the edits of characters by the longer length.
    EditSimilarity, "edit_similarity", UnitInterval, HigherIsBetter, edit_similarity::score;
    /// Whether the label found in the response is the right one.
    ClassificationAccuracy, "classification_accuracy", UnitInterval, HigherIsBetter, classification::accuracy;
    /// Cosine of the embeddings of response and reference.
    SemanticSimilarity, "semantic_similarity", Signed, HigherIsBetter, semantic_similarity::score;
    /// Whether the response declines to answer.
    Refusal, "refusal", UnitInterval, Neither, refusal::score;
    /// Code points of the response.
    ResponseLength, "response_length", Count, Neither, response_length::score;
    /// How easy the response is to read.
    FleschReadingEase, "flesch_reading_ease", Unbounded, Neither, readability::reading_ease;
    /// The school grade that the response asks for.
    FleschKincaidGrade, "flesch_kincaid_grade", Unbounded, Neither, readability::grade;
    /// Different words among all words.
    Distinct1, "distinct_1", UnitInterval, HigherIsBetter, diversity::distinct_1;
    /// Different pairs of words among all pairs.
    Distinct2, "distinct_2", UnitInterval, HigherIsBetter, diversity::distinct_2;
    /// Different triples of words among all triples.
    Distinct3, "distinct_3", UnitInterval, HigherIsBetter, diversity::distinct_3;
    /// Repeated runs of four words among all runs of four.
    Repetition4, "repetition_4", UnitInterval, LowerIsBetter, diversity::repetition_4;
}

/// What is known of a scorer.
struct Entry {
    name: &'static str,
    metric: &'static str,
    scale: Scale,
    direction: Direction,
    score: fn(&Evidence<'_>) -> Score,
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

impl Scorer {
    /// Scorers of a spec that names none.
    pub const DEFAULT: &[Scorer] = &[Self::Relevance, Self::F1, Self::ExactMatch, Self::ResponseLength];

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
