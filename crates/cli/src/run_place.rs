//! Where a run on this machine writes, and whether it goes on with an earlier one.

use crate::aws;
use crate::error::{Result, ToolError};
use crate::exit::UsageError;
use assay_core::spec::{DatasetIdentity, RunSpec, run_id, spec_digest};
use assay_store::keys::RunKeys;
use assay_store::{Place, read};
use jiff::Timestamp;
use object_store::path::Path;
use serde_json::Value;

/// Where a run writes.
#[derive(Debug)]
pub(crate) struct RunPlace {
    /// The folder or bucket.
    pub place: Place,
    /// The run's keys in it.
    pub keys: RunKeys,
    /// The run's id.
    pub run: String,
    /// Whether the run was begun before.
    pub begun: bool,
}

/// The place for a run of this dataset and spec: the one that was named, else `runs/<suite>/<run>` here. A run of the
/// same dataset and spec that was cut off is gone on with; one that is done only where it is to be `reopened`.
///
/// # Errors
/// When the place cannot be used, or holds another run.
pub(crate) async fn find(
    out: Option<&str>,
    suite: &str,
    dataset: &DatasetIdentity,
    spec: &RunSpec,
    reopened: bool,
) -> Result<RunPlace> {
    let digest = spec_digest(dataset, spec);
    let fresh = run_id(Timestamp::now(), dataset, spec);
    if let Some(out) = out {
        let place = open(out).await?;
        let keys = RunKeys::alone();
        return match run_in(&place, &keys).await? {
            None => Ok(RunPlace { place, keys, run: fresh, begun: false }),
            Some(run) if run.ends_with(&digest) => Ok(RunPlace { place, keys, run, begun: true }),
            Some(run) => Err(UsageError(format!(
                "`{out}` holds the run {run} of another dataset or spec; name another folder, or remove that one"
            ))
            .into()),
        };
    }
    let place = open(".").await?;
    let runs = Path::from_iter(["runs", suite]);
    let earlier = if std::path::Path::new(runs.as_ref()).is_dir() {
        place.store.list_with_delimiter(Some(&runs)).await.map_err(ToolError::unsorted)?.common_prefixes
    } else {
        Vec::new()
    };
    let mut earlier: Vec<String> = earlier.iter().filter_map(|run| run.filename().map(str::to_owned)).collect();
    earlier.retain(|run| run.ends_with(&digest));
    earlier.sort();
    if let Some(run) = earlier.pop() {
        let keys = RunKeys::new(suite, &run);
        if reopened || !is_done(&place, &keys).await? {
            return Ok(RunPlace { place, keys, run, begun: true });
        }
    }
    Ok(RunPlace { place, keys: RunKeys::new(suite, &fresh), run: fresh, begun: false })
}

async fn open(name: &str) -> Result<Place> {
    Ok(if Place::is_s3(name) { Place::s3(name, aws::settings().await)? } else { Place::folder(name)? })
}

/// Whether there is nothing left to do: the claim says so, also where a summary is written but not all that follows it.
async fn is_done(place: &Place, keys: &RunKeys) -> Result<bool> {
    let claim = read(&*place.store, &keys.claim()).await?;
    let claim = claim.and_then(|body| serde_json::from_slice::<Value>(&body).ok());
    Ok(claim.is_some_and(|claim| claim["stage"] == "done"))
}

async fn run_in(place: &Place, keys: &RunKeys) -> Result<Option<String>> {
    let Some(body) = read(&*place.store, &keys.spec()).await? else { return Ok(None) };
    let spec: Value = serde_json::from_slice(&body)?;
    Ok(spec.get("run").and_then(Value::as_str).map(str::to_owned))
}
