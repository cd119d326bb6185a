//! What one collection starts from, shares and ends with.

use super::progress::Progress;
use super::respondent::Asking;
use super::stop::Stop;
use crate::record::{AnswerKey, Fold, RecordEvidence};
use crate::score_record::Scoring;
use crate::spec::Execution;
use assay_model::pricing::{Budget, Spending};
use assay_problem::Problem;
use assay_store::keys::RunKeys;
use std::collections::HashSet;
use std::sync::Arc;

/// What calling the models has come to.
#[derive(Debug)]
pub(crate) struct Collected {
    /// Whether every sample has its records and every pair its preferences.
    pub complete: bool,
    /// What keeps the run from going on: models that cannot be called, a budget that is used up.
    pub problems: Vec<Problem>,
    /// Who else cannot be called, and why: the responses are there all the same.
    pub warnings: Vec<Problem>,
    /// The budget, where it is used up.
    pub used_up: Option<Budget>,
}

/// What earlier deliveries of the same run have written.
#[derive(Debug, Default)]
pub(crate) struct ResumeState {
    /// What is answered, or refused for good.
    pub finals: HashSet<AnswerKey>,
    /// What was collected for records that are not whole: the run was cut off, or a later call failed.
    pub unfinished: Fold<RecordEvidence>,
    /// Who has answered anything: models, judges, embeddings models, guardrails.
    pub answerers: HashSet<String>,
    /// The budget and what is spent of it, where the run has one.
    pub spending: Option<Arc<Spending>>,
    /// The number of the next part.
    pub next_part: u32,
}

/// One collection.
pub(crate) struct Collection<'a> {
    /// The run.
    pub execution: &'a Execution,
    /// Its keys.
    pub keys: &'a RunKeys,
    /// How answers are judged.
    pub scoring: &'a Scoring,
    /// What is there already.
    pub earlier: &'a ResumeState,
    /// When to end.
    pub stop: &'a Stop,
    /// Where to tell how far it is.
    pub progress: &'a Progress,
}

impl<'a> Collection<'a> {
    /// What all who are asked share.
    pub(crate) fn asking(&self) -> Asking<'a> {
        Asking {
            execution: self.execution,
            progress: self.progress,
            stop: self.stop,
            spending: self.earlier.spending.as_ref(),
        }
    }
}
