//! Small documents that several processes read and write: a write is conditional on the state that its writer has read, so
//! that no update is lost.
//!
//! What a document says is left to its owner; most are JSON and name the version of their format.

use crate::{Place, StoreError};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::time::Duration;

/// The result of a conditional write.
#[derive(Debug)]
pub enum Put {
    /// The document is written; the version identifies its new state.
    Written(UpdateVersion),
    /// The condition did not hold, since another writer came first, or one is writing now. This is what the store returned.
    Refused(object_store::Error),
}

impl Put {
    /// The version that was written; `None` where another writer came first.
    pub fn version(self) -> Option<UpdateVersion> {
        match self {
            Self::Written(version) => Some(version),
            Self::Refused(_) => None,
        }
    }
}

/// The result of [`change`]: what the closure returned beside the bytes.
#[derive(Debug)]
pub enum Changed<T> {
    /// The document is written, as this version.
    Written(T, UpdateVersion),
    /// There was nothing to change in the document of this version, or there is none.
    Unchanged(T, Option<UpdateVersion>),
    /// Other writers came first each time. This is what the store returned the last time.
    Crossed(StoreError),
}

/// How often a change is tried, and how long the pause is after each attempt, counted from 0.
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    /// The number of attempts, at least one.
    pub tries: u32,
    /// The pause after an attempt.
    pub pause: fn(u32) -> Duration,
}

/// Reads all of a small object; `None` when there is none.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Option<Bytes>, StoreError> {
    Ok(read_versioned(store, path).await?.map(|(body, _)| body))
}

/// Reads all of a small object, with the version that a conditional write of it takes; `None` when there is none.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn read_versioned(
    store: &dyn ObjectStore,
    path: &Path,
) -> Result<Option<(Bytes, UpdateVersion)>, StoreError> {
    let found = match store.get(path).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(StoreError::new(path.as_ref(), error)),
    };
    let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
    let body = found.bytes().await.map_err(|error| StoreError::new(path.as_ref(), error))?;
    Ok(Some((body, version)))
}

/// Returns the version of an object, which identifies its present state; `None` when there is none.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn version(store: &dyn ObjectStore, path: &Path) -> Result<Option<UpdateVersion>, StoreError> {
    match store.head(path).await {
        Ok(meta) => Ok(Some(UpdateVersion { e_tag: meta.e_tag, version: meta.version })),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// Writes `body` to `path` under the condition that `mode` states.
///
/// # Errors
/// When the store refuses for another reason than the condition, or cannot be reached.
pub async fn put(
    store: &dyn ObjectStore,
    path: &Path,
    body: impl Into<PutPayload>,
    mode: PutMode,
) -> Result<Put, StoreError> {
    let options = PutOptions { mode, ..PutOptions::default() };
    match store.put_opts(path, body.into(), options).await {
        Ok(written) => Ok(Put::Written(written.into())),
        Err(error @ (object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. })) => {
            Ok(Put::Refused(error))
        }
        Err(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// Writes `body` to `path` unless something is there already. Returns whether it was written.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn create(store: &dyn ObjectStore, path: &Path, body: impl Into<PutPayload>) -> Result<bool, StoreError> {
    Ok(put(store, path, body, PutMode::Create).await?.version().is_some())
}

/// Writes `body` to `path`, whatever is there.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn overwrite(store: &dyn ObjectStore, path: &Path, body: impl Into<PutPayload>) -> Result<(), StoreError> {
    match put(store, path, body, PutMode::Overwrite).await? {
        Put::Written(_) => Ok(()),
        // A write without a condition meets S3's 409 where another one is going on: it is not written.
        Put::Refused(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// Writes `body` in the place of what has this version. Returns whether it was written. In a folder, which knows no versions,
/// it always is: there the claim's lock keeps others away.
///
/// # Errors
/// When the store refuses, also since another writer is writing at this moment, or cannot be reached.
pub async fn replace(
    place: &Place,
    path: &Path,
    body: impl Into<PutPayload>,
    version: UpdateVersion,
) -> Result<bool, StoreError> {
    match put(&*place.store, path, body, update(place, version)).await? {
        Put::Written(_) => Ok(true),
        Put::Refused(object_store::Error::Precondition { .. }) => Ok(false),
        Put::Refused(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// The mode that replaces this version; a folder knows no versions.
fn update(place: &Place, version: UpdateVersion) -> PutMode {
    if place.folder.is_some() { PutMode::Overwrite } else { PutMode::Update(version) }
}

/// Reads the document at `path` (`None` where there is none), calls `next` with it, and writes the bytes that it returns, if any,
/// provided that no other writer came first; otherwise reads again, calls `next` again, and so on. As with [`replace`], in a folder
/// a document is replaced without a condition.
///
/// # Errors
/// When the store refuses or cannot be reached, and the errors of `next`.
pub async fn change<T, E: From<StoreError>>(
    place: &Place,
    path: &Path,
    retries: Retries,
    mut next: impl FnMut(Option<&[u8]>) -> Result<(T, Option<Vec<u8>>), E>,
) -> Result<Changed<T>, E> {
    let store = &*place.store;
    let mut attempt = 0;
    loop {
        let (body, version) = read_versioned(store, path).await?.unzip();
        let (value, body) = next(body.as_deref())?;
        let Some(body) = body else { return Ok(Changed::Unchanged(value, version)) };
        let mode = version.map_or(PutMode::Create, |version| update(place, version));
        let refused = match put(store, path, body, mode).await? {
            Put::Written(version) => return Ok(Changed::Written(value, version)),
            Put::Refused(error) => error,
        };
        let pause = (retries.pause)(attempt);
        attempt += 1;
        if attempt >= retries.tries {
            return Ok(Changed::Crossed(StoreError::new(path.as_ref(), refused)));
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
}

/// Reads a JSON document whose field `format` is at most `newest`. The format is checked first, since a later one may lack what
/// this version requires.
///
/// # Errors
/// The reason, in words.
pub fn decode<T: DeserializeOwned>(body: &[u8], newest: u32) -> Result<T, String> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if format > newest {
        return Err(format!("it has format {format}, this version reads up to {newest}"));
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// Changes a file of a folder, locked for the moment of a small write: `next` takes what the file holds, nothing where it is new,
/// and returns what to write, if anything.
///
/// # Errors
/// When the system refuses.
pub fn change_file(path: &std::path::Path, next: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> std::io::Result<()> {
    let mut file = open(path)?;
    file.lock()?;
    let mut body = Vec::new();
    file.read_to_end(&mut body)?;
    next(&body).map_or(Ok(()), |body| rewrite(&file, &body))
}

/// Opens a file to be locked and changed, and makes it and its folder where they are missing.
pub(crate) fn open(path: &std::path::Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Writes `body` in place of all that the file holds.
pub(crate) fn rewrite(mut file: &File, body: &[u8]) -> std::io::Result<()> {
    file.rewind()?;
    file.write_all(body)?;
    file.set_len(body.len() as u64)
}

#[cfg(test)]
mod tests;
