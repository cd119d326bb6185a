//! What is written down of rounds, below `monitor/rounds/<id>/`: what a round asks, once; what became of each probe, once; and
//! that it has ended.

use crate::error::RunnerError;
use crate::probes::Probe;
use assay_problem::{Problem, Problems};
use assay_store::keys::{MONITOR, RunKeys};
use assay_store::{self as store, Place, StoreError, document};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectStore, UpdateVersion};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of these files' format. A reader refuses a higher one.
pub(crate) const ROUND_FORMAT: u32 = 1;

/// One go over the probes: `round.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Round {
    /// [`ROUND_FORMAT`].
    pub format: u32,
    /// Its name.
    pub id: String,
    /// The time that it counts as; the ids of its runs begin with it.
    pub time: Timestamp,
    /// When this was written down.
    pub begun_at: Timestamp,
    /// Whether the schedule asked for all suites.
    pub sign_of_life: bool,
    /// The suites that were named; none where all were meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suites: Option<Vec<String>>,
    /// Whether all of `probes/` could be listed and every spec be read: only then is it known which suites are gone.
    pub complete: bool,
    /// What it asks, in this order.
    pub probes: Vec<Probe>,
    /// What was found on the way.
    #[serde(default, skip_serializing_if = "Problems::is_empty")]
    pub findings: Problems,
}

/// What became of one probe: `outcomes/<number>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// [`ROUND_FORMAT`].
    pub format: u32,
    /// The suite, as it was when it was run.
    pub suite: String,
    /// The application that it belongs to; empty where a broken spec does not say.
    pub application: String,
    /// The dataset.
    pub key: String,
    /// The run.
    pub run: String,
    /// What became of it, in a word.
    pub result: String,
    /// When that was.
    pub at: Timestamp,
    /// What could not be done beside the run, as a line each: it kept the run from nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Problem>,
}

/// That a round has ended: `end.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    /// [`ROUND_FORMAT`].
    pub format: u32,
    /// When.
    pub at: Timestamp,
    /// Probes that were done.
    pub done: usize,
    /// Whether the others were given up.
    pub given_up: bool,
}

/// The keys of a round.
pub(crate) struct RoundKeys {
    root: Path,
}

impl RoundKeys {
    /// Those of the round `id`.
    pub(crate) fn new(id: &str) -> Self {
        Self { root: rounds().join(id) }
    }

    /// Where its claim lies.
    pub(crate) fn claim(&self) -> RunKeys {
        RunKeys::at(self.root.clone())
    }

    /// What it asks.
    pub(crate) fn round(&self) -> Path {
        self.root.clone().join("round.json")
    }

    /// That it has ended.
    pub(crate) fn end(&self) -> Path {
        self.root.clone().join("end.json")
    }

    /// What became of the probe of this number, from 0.
    pub(crate) fn outcome(&self, number: usize) -> Path {
        self.root.clone().join("outcomes").join(format!("{number:05}.json"))
    }
}

fn rounds() -> Path {
    Path::from_iter([MONITOR.trim_end_matches('/'), "rounds"])
}

/// What is written down at `path`; none where nothing is.
///
/// # Errors
/// When the store fails, or what is there cannot be read.
pub(crate) async fn read<T: DeserializeOwned>(place: &Place, path: &Path) -> Result<Option<T>, RunnerError> {
    Ok(read_versioned(place, path).await?.map(|(found, _)| found))
}

/// What is written down at `path`, and which version of it.
///
/// # Errors
/// As those of [`read`].
pub(crate) async fn read_versioned<T: DeserializeOwned>(
    place: &Place,
    path: &Path,
) -> Result<Option<(T, UpdateVersion)>, RunnerError> {
    let Some((body, version)) = document::read_versioned(&*place.store, path).await? else { return Ok(None) };
    match document::decode(&body, ROUND_FORMAT) {
        Ok(found) => Ok(Some((found, version))),
        Err(reason) => Err(RunnerError::Unreadable { place: path.to_string(), reason }),
    }
}

/// Writes it down, unless something is there. Answers what stands.
///
/// # Errors
/// When the store fails, or what is there cannot be read.
pub(crate) async fn create<T: Serialize + DeserializeOwned>(
    place: &Place,
    path: &Path,
    what: T,
) -> Result<T, RunnerError> {
    let body = encoded(path, &what)?;
    if store::create(&*place.store, path, body).await? {
        return Ok(what);
    }
    // Nothing of a round is ever removed by us; should somebody do it between the two calls, ours stands for what was there.
    Ok(read(place, path).await?.unwrap_or(what))
}

/// As JSON.
///
/// # Errors
/// When that is not possible, which no type of ours allows.
pub(crate) fn encoded<T: Serialize>(path: &Path, what: &T) -> Result<Vec<u8>, RunnerError> {
    let unwritable =
        |error: serde_json::Error| RunnerError::Unreadable { place: path.to_string(), reason: error.to_string() };
    serde_json::to_vec_pretty(what).map_err(unwritable)
}

/// The outcomes that are written down of a round, by the probe's number.
///
/// # Errors
/// When the store fails, or one cannot be read.
pub(crate) async fn outcomes(place: &Place, round: &Round) -> Result<BTreeMap<usize, Outcome>, RunnerError> {
    let keys = RoundKeys::new(&round.id);
    let folder = keys.root.clone().join("outcomes");
    let written = place.store.list(Some(&folder)).try_collect::<Vec<_>>().await;
    let written = written.map_err(|error| StoreError::new(folder.as_ref(), error))?;
    let written: BTreeSet<Path> = written.into_iter().map(|meta| meta.location).collect();
    let mut outcomes = BTreeMap::new();
    for number in 0..round.probes.len() {
        let path = keys.outcome(number);
        if written.contains(&path)
            && let Some(outcome) = read(place, &path).await?
        {
            outcomes.insert(number, outcome);
        }
    }
    Ok(outcomes)
}

/// The names of rounds that have not ended.
///
/// # Errors
/// When the store fails.
pub(crate) async fn unfinished(place: &Place) -> Result<Vec<String>, StoreError> {
    let root = rounds();
    let mut begun = BTreeSet::new();
    let mut ended = BTreeSet::new();
    let mut listed = place.store.list(Some(&root));
    while let Some(meta) = listed.try_next().await.map_err(|error| StoreError::new(root.as_ref(), error))? {
        let Some(parts) = meta.location.prefix_match(&root) else { continue };
        let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
        match parts.as_slice() {
            [id, file] if file == "round.json" => begun.insert(id.clone()),
            [id, file] if file == "end.json" => ended.insert(id.clone()),
            _ => continue,
        };
    }
    Ok(begun.difference(&ended).cloned().collect())
}
