//! A place that a person names: a folder, or `s3://bucket/prefix`.

use crate::{StoreError, keys};
use assay_problem::{Classified, ErrorClass, ErrorKind};
use aws_config::SdkConfig;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use std::path::PathBuf;
use std::sync::Arc;

/// A store, rooted where a person said.
#[derive(Debug, Clone)]
pub struct Place {
    /// The store; its root is this place.
    pub store: Arc<dyn ObjectStore>,
    /// The folder, where it is one: a folder can be appended to and locked, which an object store cannot.
    pub folder: Option<PathBuf>,
    /// How people name it.
    pub name: String,
}

/// A place could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The folder cannot be made or entered.
    #[error("the folder `{folder}` cannot be used")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The name is not `s3://bucket` or `s3://bucket/prefix`.
    #[error("`{0}` is not a place in S3; write s3://bucket or s3://bucket/prefix")]
    NotS3(String),
    /// The store refuses its settings.
    #[error("`{name}` cannot be opened")]
    Settings {
        /// The place.
        name: String,
        /// What the store said.
        source: object_store::Error,
    },
    /// The prefix cannot be addressed.
    #[error(transparent)]
    Prefix(#[from] StoreError),
}

impl Classified for PlaceError {
    fn classify(&self) -> ErrorClass {
        ErrorKind::User.named("PlaceUnusable")
    }
}

impl Place {
    /// A folder, which is made when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or entered.
    pub fn folder(folder: impl Into<PathBuf>) -> Result<Self, PlaceError> {
        let folder = folder.into();
        let name = folder.display().to_string();
        let wrong = |source: std::io::Error| PlaceError::Folder { folder: name.clone(), source };
        std::fs::create_dir_all(&folder).map_err(wrong)?;
        let whole = folder.canonicalize().map_err(wrong)?;
        let store = LocalFileSystem::new_with_prefix(&whole)
            .map_err(|source| PlaceError::Settings { name: name.clone(), source })?;
        Ok(Self { store: Arc::new(store), folder: Some(whole), name })
    }

    /// `s3://bucket` or `s3://bucket/prefix`, with the endpoint, Region and credentials of `config`.
    ///
    /// # Errors
    /// When the name is none, or the store refuses the settings.
    pub fn s3(name: &str, config: &SdkConfig) -> Result<Self, PlaceError> {
        let Some((bucket, prefix)) = split_s3(name) else {
            return Err(PlaceError::NotS3(name.to_owned()));
        };
        let bucket_store =
            crate::s3(bucket, config).map_err(|source| PlaceError::Settings { name: name.to_owned(), source })?;
        let store: Arc<dyn ObjectStore> = match prefix {
            "" => bucket_store,
            prefix => Arc::new(PrefixStore::new(bucket_store, keys::parse(prefix)?)),
        };
        Ok(Self { store, folder: None, name: name.trim_end_matches('/').to_owned() })
    }

    /// Whether `name` means S3.
    pub fn is_s3(name: &str) -> bool {
        name.starts_with("s3://")
    }

    /// How people name `path` in this place.
    pub fn name_of(&self, path: &Path) -> String {
        match path.as_ref() {
            "" => self.name.clone(),
            path => format!("{}/{path}", self.name.trim_end_matches('/')),
        }
    }

    /// The file behind `path`, in a folder.
    pub fn file(&self, path: &Path) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(path.as_ref()))
    }
}

/// Bucket and prefix of `s3://bucket/prefix`; the prefix may be empty.
pub fn split_s3(name: &str) -> Option<(&str, &str)> {
    let rest = name.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    (!bucket.is_empty()).then_some((bucket, prefix.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_names_are_split() {
        assert_eq!(split_s3("s3://b"), Some(("b", "")));
        assert_eq!(split_s3("s3://b/p/q/"), Some(("b", "p/q")));
        assert_eq!(split_s3("s3:///p"), None);
        assert_eq!(split_s3("b/p"), None);
    }
}
