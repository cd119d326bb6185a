//! Scorers, checks and statistics for the responses of language models.
//!
//! Everything here is a pure function: no I/O, no clock, nothing async, and no word of AWS. What is needed beside the
//! response (references, class labels, embeddings) the caller brings along.
//!
//! - A [`Scorer`] turns the [`Evidence`] of one response into a [`Score`]: a number, or the reason why there is none.
//!   [`Scorer::ALL`] lists all of them; names parse, so `"rouge_l".parse::<Scorer>()` works. Those with a reference
//!   program (rouge-score, sacrebleu, nltk, fmeval, jiwer, SQuAD, textstat) are held to its output, see `tests/oracle`.
//! - A [`Check`] is an assertion that a response passes or fails, such as `{icontains: "30 days"}`.
//! - [`stats`] has the statistics of scores: intervals, tests of paired differences, corrections, agreement of raters.
//! - [`perturbation`] words a prompt differently, and [`robustness`] tells how much a score changes by that.
//!
//! ```
//! use assay_score::stats::{Distribution, mean_interval};
//! use assay_score::{Assertion, CheckSet, Evidence, Score, Scorer};
//!
//! let references = ["within 30 days".to_owned()];
//! let evidence = Evidence::new("Within 30 days of delivery.", &references);
//! // All three expected words are among the five of the response: 2 * 3 / (3 + 5).
//! let f1 = Scorer::F1.score(&evidence).value().ok_or("no score")?;
//! assert!((f1 - 0.75).abs() < 1e-12);
//! assert_eq!(Scorer::ExactMatch.score(&evidence), Score::Value(0.0));
//!
//! // Missing is not zero: without a reference there is no score, and it says why.
//! let unscored = Scorer::F1.score(&Evidence::new("Within 30 days.", &[]));
//! assert_eq!(unscored, Score::Unscored("no reference".to_owned()));
//!
//! let checks = [Assertion::Icontains("30 DAYS".to_owned()).into(), Assertion::MaxLength(10).into()];
//! let checks = CheckSet::compile(&checks).map_err(|problems| problems.join("; "))?;
//! let results = checks.evaluate("Within 30 days.");
//! assert_eq!(results.iter().map(|result| result.passed).collect::<Vec<_>>(), [true, false]);
//!
//! let mut scores = Distribution::new();
//! for score in [0.5, 0.75, 1.0] {
//!     scores.push(score)?;
//! }
//! assert_eq!(scores.mean(), Some(0.75));
//! // Student's t with two degrees of freedom: 0.75 ± 4.303 * 0.25 / sqrt(3).
//! let interval = mean_interval(&scores, 0.95).ok_or("too few scores")?;
//! assert!((interval.high - 1.371).abs() < 0.001);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod scorer;
pub mod stats;

pub use scorer::{
    Assertion, BUILT_IN_METRICS, BleuStatistics, BuiltInMetric, Check, CheckResult, CheckSet, ChrfKind, ChrfStatistics,
    ClassificationFigures, ClassificationReport, CompiledCheck, ConfusionTable, Direction, Evidence, Forms, JobMeasure,
    LabelFigures, Measure, Scale, Score, Scorer, Synonyms, ToxicityCategory, built_in, check_score, cosine,
    extract_label, perturbation, robustness, severity, toxicity,
};
