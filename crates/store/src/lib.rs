//! Where things lie: S3 or a folder, one wiring for both, the layout of keys, and the claim on a run.
//!
//! The storage seam itself is `object_store`'s trait; nothing downstream asks which store it has.

mod aws;
mod claim;
mod error;
pub mod keys;
mod place;

pub use aws::{aws_settings, s3};
pub use claim::{Claim, Claimed, LEASE, Stage};
pub use error::{StoreCause, StoreError};
pub use place::{Place, PlaceError, split_s3};

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};

/// Writes `body` to `path` unless something is there already. Answers whether it was written.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn create(store: &dyn ObjectStore, path: &Path, body: impl Into<PutPayload>) -> Result<bool, StoreError> {
    let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
    match store.put_opts(path, body.into(), options).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(false),
        Err(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// Writes `body` to `path`, whatever is there.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn overwrite(store: &dyn ObjectStore, path: &Path, body: impl Into<PutPayload>) -> Result<(), StoreError> {
    store.put(path, body.into()).await.map(drop).map_err(|error| StoreError::new(path.as_ref(), error))
}

/// What tells the present state of an object from later ones; `None` when there is none.
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

/// Writes `body` in the place of what has this version. Answers whether it was written. In a folder, which cannot tell,
/// it always is: there the claim's lock keeps others away.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn replace(
    place: &Place,
    path: &Path,
    body: impl Into<PutPayload>,
    version: UpdateVersion,
) -> Result<bool, StoreError> {
    if place.folder.is_some() {
        return overwrite(&*place.store, path, body).await.map(|()| true);
    }
    let options = PutOptions { mode: PutMode::Update(version), ..PutOptions::default() };
    match place.store.put_opts(path, body.into(), options).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::Precondition { .. } | object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(StoreError::new(path.as_ref(), error)),
    }
}

/// Reads all of a small object; `None` when there is none.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Option<bytes::Bytes>, StoreError> {
    let found = match store.get(path).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(StoreError::new(path.as_ref(), error)),
    };
    let bytes = found.bytes().await;
    bytes.map(Some).map_err(|error| StoreError::new(path.as_ref(), error))
}
