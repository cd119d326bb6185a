//! `spec.json`: what was run, to the last detail.

use super::error::RunError;
use super::identity::DatasetIdentity;
use super::{JobSpec, RunSpec};
use assay_store::keys::RunKeys;
use assay_store::{self as store, Place};
use serde::Serialize;

/// The version of the file's format.
const SPEC_FORMAT: u32 = 1;

/// What was run. Whoever compares runs reads it.
#[derive(Debug, Clone, Copy)]
pub struct SpecFile<'a> {
    /// The run's id.
    pub run: &'a str,
    /// Its suite.
    pub suite: &'a str,
    /// The application that the suite belongs to.
    pub application: &'a str,
    /// What was evaluated.
    pub dataset: &'a DatasetIdentity,
    /// At most so many samples.
    pub limit: Option<u64>,
    /// The resolved spec.
    pub spec: &'a RunSpec,
    /// The managed job, where the run is one.
    pub job: Option<&'a JobSpec>,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    assay: &'a str,
    run: &'a str,
    suite: &'a str,
    application: &'a str,
    dataset: &'a DatasetIdentity,
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a JobSpec>,
    spec: &'a RunSpec,
}

impl SpecFile<'_> {
    /// Writes it into the run's folder, unless it is there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn write(&self, place: &Place, keys: &RunKeys) -> Result<(), RunError> {
        let Self { run, suite, application, dataset, limit, spec, job } = *self;
        let assay = crate::VERSION;
        let file = Written { format: SPEC_FORMAT, assay, run, suite, application, dataset, limit, job, spec };
        let body = serde_json::to_vec_pretty(&file).map_err(RunError::Encoding)?;
        store::create(&*place.store, &keys.spec(), body).await?;
        Ok(())
    }
}
