//! What `summary.json` holds about one model of a run.

use assay_model::Usage;
use assay_model::pricing::Cost;
use assay_score::ClassificationReport;
use assay_score::stats::{Interval, Method};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One model of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The model.
    pub model: String,
    /// Samples it had to answer.
    pub samples: u64,
    /// Samples it answered.
    pub answered: u64,
    /// Samples without an answer: `samples - answered`.
    pub failed: u64,
    /// The share of its samples with checks that passed them all; one without an answer has not. None when no sample
    /// has checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<f64>,
    /// 95 % interval of the pass rate (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate_interval: Option<Interval>,
    /// Samples with checks: what the pass rate is a share of.
    #[serde(default)]
    pub checked: u64,
    /// The mean over the same samples of the weight of the checks that passed by the weight of all, from 0 to 1; a sample
    /// without an answer counts as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_score: Option<f64>,
    /// Each scorer, by name.
    pub scores: BTreeMap<String, ScoreSummary>,
    /// What answers and right labels say together, where `classification_accuracy` is among the scorers; each repeat of an
    /// answer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<ClassificationReport>,
    /// Scores of all answers taken as one text, where their scorers are there.
    #[serde(default, skip_serializing_if = "CorpusScores::is_empty")]
    pub corpus: CorpusScores,
    /// The scores of each category.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub categories: BTreeMap<String, BTreeMap<String, ScoreSummary>>,
    /// Tokens, where models told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What its answers cost; none when that is unknown, or when it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Latency, where models were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencySummary>,
    /// Whether it got worse than the run that was the suite's baseline when this run was summarised, by the rule of the gate's
    /// `no_regression`; none where the two were not compared, or share too few samples to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regressed: Option<bool>,
    /// How it stands against the first model of the run's spec, sample by sample; none for that model itself, and where the two
    /// were not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_first: Option<Standing>,
    /// How often the model stopped for which reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stop_reasons: BTreeMap<String, u64>,
    /// Failures by class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failures: BTreeMap<String, FailureSummary>,
    /// The answers that scored lowest or failed a check, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worst: Vec<WorstSample>,
}

/// How a model stands against the first one of its run. Without a measure in either list there is no evidence of a
/// difference, which is not evidence of none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The first model.
    pub first: String,
    /// The measures in which this model is better.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub better: Vec<String>,
    /// The measures in which it is worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worse: Vec<String>,
}

/// Scores from 0 to 100 of all answers of a model taken as one text: counts are added over the first answer to each sample,
/// and scored once. They are not the means of the single scores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CorpusScores {
    /// Corpus BLEU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bleu: Option<f64>,
    /// Corpus chrF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chrf: Option<f64>,
    /// Corpus chrF++.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chrf_plus_plus: Option<f64>,
}

impl CorpusScores {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Those that are there, each with the name of its scorer.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let all = [("bleu", self.bleu), ("chrf", self.chrf), ("chrf_plus_plus", self.chrf_plus_plus)];
        all.into_iter().filter_map(|(name, score)| Some((name, score?)))
    }
}

/// A class of failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureSummary {
    /// How many.
    pub count: u64,
    /// What one of them said.
    pub example: String,
}

/// One scorer over the samples of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreSummary {
    /// Answers with a score. The mean is over these alone.
    pub n: u64,
    /// Answers without one; the scorer could not judge them.
    pub unscored: u64,
    /// The arithmetic mean.
    pub mean: Option<f64>,
    /// 95 % interval of the mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// How the interval was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_method: Option<Method>,
    /// The least score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The median, with linear interpolation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50: Option<f64>,
    /// The 90th percentile, with linear interpolation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90: Option<f64>,
    /// The greatest score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Why answers were not scored, and how many each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unscored_reasons: BTreeMap<String, u64>,
}

/// Latency in milliseconds, without waiting and without failed attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LatencySummary {
    /// Calls.
    pub n: u64,
    /// The mean, in milliseconds.
    pub mean_ms: f64,
    /// The median, in milliseconds.
    pub p50_ms: f64,
    /// The 90th percentile, in milliseconds.
    pub p90_ms: f64,
    /// The 99th percentile, in milliseconds.
    pub p99_ms: f64,
    /// The longest, in milliseconds.
    pub max_ms: f64,
}

/// An answer worth looking at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstSample {
    /// The sample's id.
    pub sample: String,
    /// Its line in the dataset.
    pub line: u64,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Its score by the first scorer that knows better from worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The checks that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_checks: Vec<String>,
    /// The beginning of the question.
    pub prompt: String,
    /// The beginning of the first reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The beginning of the answer.
    pub response: String,
}
