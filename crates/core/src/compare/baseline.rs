//! The baseline of a suite: the run that later ones are compared with. It moves only when somebody sets it.

use crate::spec::RunError;
use assay_store::keys::{self, RunKeys};
use assay_store::{self as store, Place, StoreError};
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::path::Path;
use serde::{Deserialize, Serialize};

/// The version of the baseline's format. A reader refuses a higher one.
pub const BASELINE_FORMAT: u32 = 1;

/// `suites/<suite>/baseline.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// [`BASELINE_FORMAT`].
    pub format: u32,
    /// The suite.
    pub suite: String,
    /// The run's id.
    pub run: String,
    /// Where the run lies: a key in the same store such as `runs/support-faq/...`, a folder from the root, or
    /// `s3://bucket/prefix`.
    pub place: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// Why, in the words of whoever set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a run is compared with.
#[derive(Debug, Clone, Default)]
pub enum BaselineRun {
    /// Nothing: the suite has no baseline.
    #[default]
    None,
    /// A run.
    Run(Place, RunKeys),
    /// There is a baseline, but it cannot be used, for this reason.
    Unusable(String),
}

impl Baseline {
    /// The baseline of `suite`, if it has one. The inner error tells why the file cannot be used.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(store: &dyn ObjectStore, suite: &str) -> Result<Option<Result<Self, String>>, StoreError> {
        let Some(body) = store::read(store, &keys::baseline(suite)).await? else { return Ok(None) };
        Ok(Some(store::document::decode(&body, BASELINE_FORMAT)))
    }

    /// Makes it the baseline of its suite, in place of any other.
    ///
    /// # Errors
    /// When the store fails, or the baseline cannot be written as JSON.
    pub async fn set(&self, store: &dyn ObjectStore) -> Result<(), RunError> {
        let (key, body) = (keys::baseline(&self.suite), serde_json::to_vec_pretty(self).map_err(RunError::Encoding)?);
        Ok(store::overwrite(store, &key, body).await?)
    }

    /// The run, for a baseline that was read from `store`. A folder is not made when it is gone, and another bucket is
    /// not entered.
    pub fn run_from(&self, store: &Place) -> BaselineRun {
        let folder = std::path::Path::new(&self.place);
        if Place::is_s3(&self.place) {
            return BaselineRun::Unusable(format!("the run lies in another place, `{}`", self.place));
        }
        if !folder.is_absolute() {
            return match Path::parse(&self.place) {
                Ok(root) => BaselineRun::Run(store.clone(), RunKeys::at(root)),
                Err(error) => BaselineRun::Unusable(error.to_string()),
            };
        }
        if !folder.is_dir() {
            return BaselineRun::Unusable(format!("the folder `{}` is gone", self.place));
        }
        match Place::folder(folder) {
            Ok(place) => BaselineRun::Run(place, RunKeys::alone()),
            Err(error) => BaselineRun::Unusable(error.to_string()),
        }
    }
}

/// What the runs of `suite` in `store` are compared with.
///
/// # Errors
/// When the store fails.
pub async fn baseline_run(store: &Place, suite: &str) -> Result<BaselineRun, RunError> {
    Ok(match Baseline::read(&*store.store, suite).await? {
        None => BaselineRun::None,
        Some(Ok(baseline)) => baseline.run_from(store),
        Some(Err(reason)) => BaselineRun::Unusable(reason),
    })
}
