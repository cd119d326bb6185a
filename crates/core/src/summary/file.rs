//! The summary of a run: what `summary.json` holds. It is made from the records, never from counters.
//!
//! What it holds about each model is in `model_summary`, about the judge in `judge_summary`.

use super::judge_summary::JudgeSummary;
use super::model_summary::ModelSummary;
use crate::spec::{DatasetIdentity, RunError, Verdict};
use assay_model::Usage;
use assay_model::pricing::{Budget, Cost, TotalCost};
use assay_problem::Problems;
use assay_store::keys::RunKeys;
use jiff::Timestamp;
use object_store::ObjectStore;
use serde::{Deserialize, Serialize};

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
