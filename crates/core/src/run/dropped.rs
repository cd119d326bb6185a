//! A dropped object, or a probe, to a run: which spec is meant, which suite it is of, and which state of the object.

use super::prepared::PreparedRun;
use crate::compare::baseline_run;
use crate::dataset::Dataset;
use crate::spec::{DatasetIdentity, Execution, ModelSpec, RunError, RunSpec, parse_spec, run_id};
use assay_model::Models;
use assay_model::pricing::Prices;
use assay_problem::{Problem, Problems};
use assay_store::keys::{self, RunKeys};
use assay_store::{self as store, Place, StoreError};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{GetOptions, ObjectMeta};

/// An object that was dropped, as an event tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped {
    /// The bucket.
    pub bucket: String,
    /// The key, not encoded.
    pub key: String,
    /// The version, in a bucket that keeps versions.
    pub version: Option<String>,
    /// The ETag, without quotes.
    pub e_tag: Option<String>,
    /// When it was written, as the event says.
    pub written: Option<Timestamp>,
}

/// What the door brings to every run.
#[derive(Clone)]
pub struct Surroundings {
    /// The bucket or folder of datasets and runs.
    pub place: Place,
    /// Who is asked where a spec names no models.
    pub model_ids: Vec<String>,
    /// The application of suites that name none.
    pub application: String,
    /// The most requests at a time, to each model.
    pub concurrency: usize,
    /// What models cost, unless a spec says otherwise.
    pub prices: Prices,
    /// Makes the models.
    pub models: Models,
    /// Who runs it, for people who look at the claim.
    pub holder: String,
}

/// The run that a dropped object asks for; `None` when its key asks for none.
///
/// # Errors
/// When the store refuses or cannot be reached. A key that cannot be addressed, an object that is gone and a broken
/// spec are no errors: they become a run that fails and says why.
pub async fn prepare(dropped: &Dropped, around: &Surroundings) -> Result<Option<PreparedRun>, RunError> {
    if !keys::is_dataset(&dropped.key) {
        return Ok(None);
    }
    prepared(dropped, None, around).await.map(Some)
}

/// The run of the dataset `probe` in the round of `occasion`; `None` when it does not lie below `probes/`. Its id is made of
/// that time and not of when the dataset was written, so that each round is a run of its own, however often it comes.
///
/// # Errors
/// As those of [`prepare`].
pub async fn prepare_probe(
    probe: &Dropped,
    occasion: Timestamp,
    around: &Surroundings,
) -> Result<Option<PreparedRun>, RunError> {
    if !keys::is_probe(&probe.key) {
        return Ok(None);
    }
    prepared(probe, Some(occasion), around).await.map(Some)
}

/// The spec of the dataset at `key`: the nearest above it, or the default where there is none. The inner error tells what is
/// wrong with it.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn spec_of(key: &str, place: &Place) -> Result<Result<RunSpec, Vec<Problem>>, StoreError> {
    find_spec(key, place).await
}

/// The run of `dropped`, at `occasion` or else when it was written.
async fn prepared(
    dropped: &Dropped,
    occasion: Option<Timestamp>,
    around: &Surroundings,
) -> Result<PreparedRun, RunError> {
    let mut problems = Problems::default();
    let (path, meta) = locate(dropped, occasion.is_some(), around, &mut problems).await?;
    let mut spec = match find_spec(&dropped.key, &around.place).await? {
        Ok(spec) => spec,
        Err(found) => {
            found.into_iter().for_each(|problem| problems.add(problem));
            RunSpec::default()
        }
    };
    if spec.models.is_empty() {
        spec.models = around.model_ids.iter().map(ModelSpec::new).collect();
    }
    let identity = identity(dropped, meta.as_ref());
    let modified = meta.and_then(|meta| Timestamp::from_second(meta.last_modified.timestamp()).ok());
    let written = occasion.or(modified).or(dropped.written).unwrap_or(Timestamp::UNIX_EPOCH);
    let suite = spec.suite.clone().unwrap_or_else(|| keys::suite_of(&dropped.key));
    let run = run_id(written, &identity, &spec);
    let baseline = baseline_run(&around.place, &suite).await?;
    let execution = Execution {
        place: around.place.clone(),
        keys: RunKeys::new(&suite, &run),
        run,
        suite,
        application: spec.application.clone().unwrap_or_else(|| around.application.clone()),
        prices: around.prices.clone().with_models(spec.prices.clone()),
        spec,
        dataset: Dataset {
            store: around.place.store.clone(),
            path,
            version: version(dropped),
            place: dropped.key.clone(),
        },
        identity,
        problems,
        limit: None,
        concurrency: around.concurrency,
        ask_again: false,
        recorded_only: false,
        retry_failed: false,
        concludes_when_spent: true,
        models: around.models.clone(),
        holder: around.holder.clone(),
    };
    Ok(PreparedRun { execution, baseline })
}

/// Where the dataset is and which state of it; what keeps it from being read is added to `problems`.
async fn locate(
    dropped: &Dropped,
    is_probe: bool,
    around: &Surroundings,
    problems: &mut Problems,
) -> Result<(Path, Option<ObjectMeta>), RunError> {
    let problem = match find(dropped, around).await {
        Ok((path, meta)) => return Ok((path, Some(meta))),
        Err(StoreError::Missing { .. }) => {
            let problem = Problem::error(&dropped.key, "the dataset was deleted before it was read");
            problem.remedy(if is_probe { "put it back; the next round then asks it" } else { "drop it again" })
        }
        Err(StoreError::Unaddressable { reason, .. }) => Problem::error(&dropped.key, reason),
        Err(error) => return Err(error.into()),
    };
    problems.add(problem);
    Ok((Path::ROOT, None))
}

/// What a run's id is made of beside the time and the spec. The ETag and not the version: not every shape of event has the
/// version, and each shape has to name the same run.
fn identity(dropped: &Dropped, meta: Option<&ObjectMeta>) -> DatasetIdentity {
    let e_tag = meta.and_then(|meta| meta.e_tag.clone()).or_else(|| dropped.e_tag.clone());
    DatasetIdentity {
        bucket: dropped.bucket.clone(),
        key: dropped.key.clone(),
        state: e_tag.map(|tag| tag.trim_matches('"').to_owned()),
    }
}

/// The version to read. An unversioned bucket calls its only version `null`.
fn version(dropped: &Dropped) -> Option<String> {
    dropped.version.clone().filter(|version| !version.is_empty() && version != "null")
}

async fn find(dropped: &Dropped, around: &Surroundings) -> Result<(Path, ObjectMeta), StoreError> {
    let path = keys::parse(&dropped.key)?;
    let options = GetOptions { head: true, version: version(dropped), ..GetOptions::default() };
    let found = around.place.store.get_opts(&path, options).await;
    let meta = found.map_err(|error| StoreError::new(&dropped.key, error))?.meta;
    Ok((path, meta))
}

/// The nearest spec above the dataset; the default where there is none.
async fn find_spec(key: &str, place: &Place) -> Result<Result<RunSpec, Vec<Problem>>, StoreError> {
    for candidate in keys::spec_candidates(key) {
        let Ok(path) = keys::parse(&candidate) else { continue };
        let Some(body) = store::read(&*place.store, &path).await? else { continue };
        let Ok(text) = std::str::from_utf8(&body) else {
            let problem = Problem::error(&candidate, "not UTF-8").remedy("save the file as UTF-8");
            return Ok(Err(vec![problem]));
        };
        return Ok(parse_spec(&candidate, text));
    }
    Ok(Ok(RunSpec::default()))
}
