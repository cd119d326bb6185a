//! Everything that one run needs, gathered by a door.

use super::RunSpec;
use super::identity::DatasetIdentity;
use crate::dataset::Dataset;
use assay_model::Models;
use assay_model::pricing::Prices;
use assay_problem::Problems;
use assay_store::Place;
use assay_store::keys::RunKeys;

/// Everything that one run needs.
#[derive(Clone)]
pub struct Execution {
    /// Where the run writes.
    pub place: Place,
    /// Its keys there.
    pub keys: RunKeys,
    /// Its id.
    pub run: String,
    /// Its suite.
    pub suite: String,
    /// The application that the suite belongs to.
    pub application: String,
    /// What to ask whom.
    pub spec: RunSpec,
    /// The dataset.
    pub dataset: Dataset,
    /// Which state of it.
    pub identity: DatasetIdentity,
    /// Problems that were found before the dataset was read; with an error among them nothing is asked.
    pub problems: Problems,
    /// At most so many samples.
    pub limit: Option<u64>,
    /// The most requests at a time, to each model.
    pub concurrency: usize,
    /// Whether models are asked even where the dataset brings recorded answers.
    pub ask_again: bool,
    /// Whether recorded answers alone are used.
    pub recorded_only: bool,
    /// What the models cost.
    pub prices: Prices,
    /// Whether samples that failed are asked again, also those that were refused, and also when the run is done.
    pub retry_failed: bool,
    /// Whether a run whose budget is used up gets its summary as it is, because nobody is there to raise the budget
    /// and go on. Otherwise it waits for that without one.
    pub concludes_when_spent: bool,
    /// Makes the models.
    pub models: Models,
    /// Who runs it, for people who look at the claim.
    pub holder: String,
}
