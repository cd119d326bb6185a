//! Scorers, checks and statistics for the responses of language models.
//!
//! A scorer is a pure function from the evidence of one response to a score; collecting the evidence is left to the caller.
//! [`stats`] has the statistics of scores: intervals, tests of paired differences, agreement of raters.

mod scorer;
pub mod stats;

pub use scorer::{
    Assertion, BUILT_IN_METRICS, BleuStatistics, BuiltInMetric, Check, CheckResult, CheckSet, ChrfKind, ChrfStatistics,
    ClassificationFigures, ClassificationReport, CompiledCheck, ConfusionTable, Direction, Evidence, Forms, JobMeasure,
    LabelFigures, Measure, Scale, Score, Scorer, Synonyms, ToxicityCategory, built_in, check_score, cosine,
    extract_label, perturbation, robustness, severity, toxicity,
};
