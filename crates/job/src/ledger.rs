//! The notes of all jobs, as files of the bucket: read, created once, and changed under the condition that nobody else did
//! meanwhile.

use crate::note::{JobNote, NOTE_FORMAT};
use assay_store::document::{self, Changed, Retries};
use assay_store::keys::{self, JOBS};
use assay_store::{self as store, Place, StoreError};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};
use std::time::Duration;

/// How often a change is tried anew after somebody else's came first.
const RETRIES: Retries = Retries { tries: 12, pause: |attempt| Duration::from_millis(20) * (1 << attempt.min(6)) };

/// The note of the job `name`, if there is one.
///
/// # Errors
/// When the store fails, or the note cannot be read.
pub async fn read(place: &Place, name: &str) -> Result<Option<JobNote>, LedgerError> {
    stands(place, &keys::job_note(name)).await
}

/// Writes a note, unless the job has one. Answers the one that stands.
///
/// # Errors
/// When the store fails, or the note cannot be read.
pub(crate) async fn create(place: &Place, note: &JobNote) -> Result<JobNote, LedgerError> {
    let path = keys::job_note(&note.job);
    if store::create(&*place.store, &path, encoded(note)?).await? {
        return Ok(note.clone());
    }
    stands(place, &path).await?.ok_or_else(|| LedgerError::Crossed(path.to_string()))
}

/// Changes the note of the job `name`; `change` answers whether there is anything to change, and is asked again with what
/// stands then where somebody else came first. Answers the note as it stands in the end, and whether it was changed here.
///
/// # Errors
/// When the store fails, the note is gone or cannot be read, or others write all the time.
pub(crate) async fn change(
    place: &Place,
    name: &str,
    mut change: impl FnMut(&mut JobNote) -> bool,
) -> Result<(JobNote, bool), LedgerError> {
    let path = keys::job_note(name);
    let changed = document::change(place, &path, RETRIES, |body| {
        let mut note = decoded(&path, body.ok_or_else(|| missing(name))?)?;
        let body = change(&mut note).then(|| encoded(&note)).transpose()?;
        Ok::<_, LedgerError>((note, body))
    });
    match changed.await? {
        Changed::Written(note, _) => Ok((note, true)),
        Changed::Unchanged(note, _) => Ok((note, false)),
        Changed::Crossed(_) => Err(LedgerError::Crossed(path.to_string())),
    }
}

/// Said where the job `name` should have a note and has none.
pub(crate) fn missing(name: &str) -> LedgerError {
    LedgerError::Missing(keys::job_note(name).to_string())
}

/// Every note there is, by its key and state; none is read.
///
/// # Errors
/// When the store fails.
pub async fn list(place: &Place) -> Result<Vec<ObjectMeta>, LedgerError> {
    let folder = Path::from(JOBS.trim_end_matches('/'));
    let found = place.store.list(Some(&folder)).try_collect::<Vec<_>>().await;
    let mut found = found.map_err(|error| StoreError::new(JOBS, error))?;
    found.retain(|meta| name_of(&meta.location).is_some());
    found.sort_by(|left, right| left.location.cmp(&right.location));
    Ok(found)
}

/// The job whose note lies at `path`; none where there is no note.
pub fn name_of(path: &Path) -> Option<&str> {
    let name = path.as_ref().strip_prefix(JOBS)?.strip_suffix(".json")?;
    (!name.contains('/')).then_some(name)
}

async fn stands(place: &Place, path: &Path) -> Result<Option<JobNote>, LedgerError> {
    store::read(&*place.store, path).await?.map(|body| decoded(path, &body)).transpose()
}

fn decoded(path: &Path, body: &[u8]) -> Result<JobNote, LedgerError> {
    let unreadable = |reason| LedgerError::Unreadable { place: path.to_string(), reason };
    let note: JobNote = document::decode(body, NOTE_FORMAT).map_err(unreadable)?;
    if note.jobs.is_empty() {
        return Err(unreadable("it names no job of its run".to_owned()));
    }
    Ok(note)
}

fn encoded(note: &JobNote) -> Result<Vec<u8>, LedgerError> {
    serde_json::to_vec_pretty(note)
        .map_err(|error| LedgerError::Unreadable { place: note.job.clone(), reason: error.to_string() })
}

/// A note cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not what this version writes.
    #[error("the note `{place}` cannot be read: {reason}; move it away, or use the version of Assay that wrote it")]
    Unreadable {
        /// Its key.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// It is gone.
    #[error("the note `{0}` is gone")]
    Missing(String),
    /// Others write it all the time.
    #[error("the note `{0}` is written by others all the time")]
    Crossed(String),
}
