//! The summary of a run: what `summary.json` holds. It is made from the records, never from counters.

use crate::spec::DatasetIdentity;
use crate::spec::RunError;
use crate::spec::Verdict;
use assay_model::Usage;
use assay_model::pricing::{Budget, Cost, TotalCost};
use assay_problem::Problems;
use assay_score::ClassificationReport;
use assay_score::stats::{Interval, Method};
use assay_store::keys::RunKeys;
use jiff::Timestamp;
use object_store::ObjectStore;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the summary's format. A reader refuses a higher one.
pub const SUMMARY_FORMAT: u32 = 1;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Every sample was asked; some may have failed.
    Completed,
    /// Nothing could be evaluated, or a model could not be asked at all; `problems` says why.
    Failed,
    /// The budget was used up before every sample was asked.
    Incomplete,
}

/// What a run amounts to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// [`SUMMARY_FORMAT`].
    pub format: u32,
    /// The version of Assay that wrote it.
    pub assay: String,
    /// The run's id.
    pub run: String,
    /// The suite that the run belongs to.
    pub suite: String,
    /// The application that the suite belongs to.
    pub application: String,
    /// How it ended.
    pub status: RunStatus,
    /// When the summary was made.
    pub finished_at: Timestamp,
    /// What was evaluated.
    pub dataset: DatasetSummary,
    /// Where the answers came from.
    pub answers: Answers,
    /// Each model, by its id.
    pub models: Vec<ModelSummary>,
    /// What embeddings took, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<SimilaritySummary>,
    /// How far the judge can be relied on, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeSummary>,
    /// What the gate says, where the spec has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Verdict>,
    /// What is wrong with the dataset, the spec or a model.
    #[serde(default, skip_serializing_if = "Problems::is_empty")]
    pub problems: Problems,
    /// What the answers cost; none when no model was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<TotalCost>,
    /// What the run could spend, where the spec bounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Warnings about the numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

/// What embeddings took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilaritySummary {
    /// The embeddings model.
    pub model: String,
    /// Its tokens, where it told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What they cost, where the price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// How far the judge of a run can be relied on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeSummary {
    /// The judge's model.
    pub model: String,
    /// Each rubric, by its name.
    pub rubrics: BTreeMap<String, RubricSummary>,
    /// The judge's tokens. They are not among those of the models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What they cost, where the price is known; for an answer: for a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Each pair of models whose answers were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<PairSummary>,
}

/// How far the judge can be relied on by one rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RubricSummary {
    /// Ratings.
    pub n: u64,
    /// Verdicts that came to nothing.
    #[serde(default)]
    pub failed: u64,
    /// Ratings of people that could not be used: no whole number on the scale.
    #[serde(default, skip_serializing_if = "assay_model::is_default")]
    pub unusable: u64,
    /// Krippendorff's alpha (ordinal) over the judge's repeats; absent without repeats, or where all ratings are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_agreement: Option<AgreementSummary>,
    /// Cohen's kappa with quadratic weights between the judge and people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_agreement: Option<AgreementSummary>,
    /// Whether every agreement that is known reaches the spec's minimum, and one is known.
    pub trusted: bool,
}

/// An agreement beyond chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementSummary {
    /// 1 for full agreement, 0 for what chance would give.
    pub value: f64,
    /// Answers it is over.
    pub n: u64,
}

/// Two models whose answers to the same questions were compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairSummary {
    /// The model that stands first.
    pub first: String,
    /// The other one.
    pub second: String,
    /// Questions where the first model's answer was preferred in both orders.
    pub wins: u64,
    /// Questions where the second model's was.
    pub losses: u64,
    /// Questions where neither was.
    pub ties: u64,
    /// Questions that could not be judged in both orders.
    pub failed: u64,
    /// 95 % interval of the share of wins among all that were judged (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_interval: Option<Interval>,
    /// 95 % interval of the share of losses (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_interval: Option<Interval>,
    /// The share of questions where both orders led to the same preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position_consistency: Option<f64>,
    /// The two-sided p-value of the exact sign test on wins and losses; ties are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_value: Option<f64>,
}

/// The dataset of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Which state of which object.
    #[serde(flatten)]
    pub identity: DatasetIdentity,
    /// Lines that were used.
    pub samples: u64,
    /// Lines that could not be used.
    pub bad_lines: u64,
}

/// Where the answers of a run came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Answers that models gave.
    pub asked: u64,
    /// Answers that came with the dataset. They are no measurement of a model.
    pub recorded: u64,
}

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

/// The summary of a run, if it has one.
///
/// # Errors
/// When the store fails, or the summary cannot be read.
pub async fn read_summary(store: &dyn ObjectStore, keys: &RunKeys) -> Result<Option<Summary>, RunError> {
    let Some(body) = assay_store::read(store, &keys.summary()).await? else { return Ok(None) };
    let unreadable = |reason: String| RunError::Record { part: keys.summary().to_string(), line: 1, reason };
    let summary: Summary = serde_json::from_slice(&body).map_err(|error| unreadable(error.to_string()))?;
    if summary.format > SUMMARY_FORMAT {
        return Err(unreadable(format!("it has format {}", summary.format)));
    }
    Ok(Some(summary))
}
