//! Files that people name: on this machine or in S3.

use crate::aws;
use crate::error::{Context, Result};
use crate::exit::UsageError;
use assay_core::dataset::Dataset;
use assay_core::spec::{RunSpec, parse_spec};
use assay_model::pricing::{PriceTable, Prices};
use assay_store::{Place, StoreError, keys, read};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt};
use std::path::Path as FilePath;

/// A file, and the store that holds it.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// The folder or bucket it lies in.
    pub place: Place,
    /// Its path there.
    pub path: Path,
    /// As it was named.
    pub name: String,
}

/// A suite: its spec and its dataset.
#[derive(Debug)]
pub(crate) struct Suite {
    /// The spec; the default where there is none.
    pub spec: RunSpec,
    /// The dataset.
    pub dataset: Input,
    /// The name that the folder gives.
    pub folder: String,
}

impl Input {
    /// The file called `name`; it need not exist.
    pub(crate) async fn open(name: &str) -> Result<Self> {
        if Place::is_s3(name) {
            let Some((folder, file)) =
                name.rsplit_once('/').filter(|(folder, file)| folder.len() > 5 && !file.is_empty())
            else {
                return Err(UsageError(format!("`{name}` names no object; write s3://bucket/key")).into());
            };
            let place = Place::s3(folder, aws::settings().await)?;
            return Ok(Self { place, path: keys::parse(file)?, name: name.to_owned() });
        }
        let file = FilePath::new(name);
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(FilePath::new("."));
        if !parent.is_dir() {
            return Err(UsageError(format!("`{name}` does not exist")).into());
        }
        let last = file.file_name().and_then(|last| last.to_str());
        let last = last.ok_or_else(|| UsageError(format!("`{name}` names no file")))?;
        Ok(Self { place: Place::folder(parent)?, path: keys::parse(last)?, name: name.to_owned() })
    }

    /// A name that is the same however the file was named: below this folder from here, elsewhere from the root.
    pub(crate) fn identity_name(&self) -> String {
        if Place::is_s3(&self.name) {
            return self.name.clone();
        }
        let whole = FilePath::new(&self.name).canonicalize().unwrap_or_else(|_| self.name.clone().into());
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        whole.strip_prefix(here).unwrap_or(&whole).display().to_string()
    }

    /// Size, time and state of the file.
    pub(crate) async fn meta(&self) -> Result<ObjectMeta> {
        match self.place.store.head(&self.path).await {
            Ok(meta) => Ok(meta),
            Err(object_store::Error::NotFound { .. }) => {
                Err(UsageError(format!("`{}` does not exist", self.name)).into())
            }
            Err(error) => Err(StoreError::new(&self.name, error).into()),
        }
    }

    /// All of a small file, if it exists.
    pub(crate) async fn text(&self) -> Result<Option<String>> {
        let Some(body) = read(&*self.place.store, &self.path).await? else { return Ok(None) };
        let text = String::from_utf8(body.to_vec());
        Ok(Some(text.map_err(|_| UsageError(format!("`{}` is not UTF-8; save it as UTF-8", self.name)))?))
    }

    /// The file as a dataset.
    pub(crate) fn dataset(&self) -> Dataset {
        Dataset { store: self.place.store.clone(), path: self.path.clone(), version: None, place: self.name.clone() }
    }
}

/// The prices of a run: those in the file that was typed, else the spec's, else those that come with the tool.
pub(crate) async fn prices(file: Option<&str>, spec: &RunSpec) -> Result<Prices> {
    let prices = Prices::default().with_models(spec.prices.clone());
    let Some(file) = file else { return Ok(prices) };
    let text = text_of(file).await?.ok_or_else(|| UsageError(format!("`{file}` does not exist")))?;
    let table = PriceTable::read(&text).map_err(|error| UsageError(format!("`{file}`: {error}")))?;
    Ok(prices.with(table))
}

/// A folder's name without slashes at its end; those of a bare `s3://` are part of it.
fn without_slash(name: &str) -> &str {
    if name == "s3://" { name } else { name.trim_end_matches('/') }
}

/// Whether `name` is that of a spec.
pub(crate) fn is_spec(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

/// The spec file of the folder `name`.
pub(crate) fn spec_of_folder(name: &str) -> String {
    format!("{}/{}", without_slash(name), keys::SPEC_FILE)
}

/// The dataset that a spec in `folder` names.
pub(crate) fn beside(folder: &str, dataset: &str) -> String {
    if Place::is_s3(dataset) || dataset.starts_with('/') {
        dataset.to_owned()
    } else {
        format!("{}/{dataset}", folder.trim_end_matches('/'))
    }
}

/// The text of a spec, if there is one.
pub(crate) async fn text_of(name: &str) -> Result<Option<String>> {
    let missing = !Place::is_s3(name) && !FilePath::new(name).is_file();
    if missing { Ok(None) } else { Input::open(name).await?.text().await }
}

/// Said where a spec should be.
pub(crate) fn no_spec(spec_name: &str) -> UsageError {
    UsageError(format!(
        "`{spec_name}` does not exist; name a folder with {}, a spec (.yaml, .yml, .json) or a dataset (.jsonl)",
        keys::SPEC_FILE
    ))
}

/// Reads a suite: a folder, a spec or a dataset. `dataset` is used in place of the spec's.
pub(crate) async fn suite(name: &str, dataset: Option<&str>) -> Result<Suite> {
    let bare = without_slash(name);
    let (spec_name, own_dataset) = if name.ends_with(".jsonl") {
        let folder = bare.rsplit_once('/').map_or(".", |(folder, _)| folder);
        (spec_of_folder(folder), Some(name.to_owned()))
    } else if is_spec(name) {
        (name.to_owned(), None)
    } else {
        (spec_of_folder(bare), None)
    };
    let folder = spec_name.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
    let spec = match text_of(&spec_name).await? {
        Some(text) => parse_spec(&spec_name, &text).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            UsageError(format!("the spec cannot be used:\n  {}", problems.join("\n  ")))
        })?,
        None if own_dataset.is_some() => RunSpec::default(),
        None => return Err(no_spec(&spec_name).into()),
    };
    let dataset = match (dataset, own_dataset, &spec.dataset) {
        (Some(dataset), _, _) => dataset.to_owned(),
        (None, Some(own), _) => own,
        (None, None, Some(dataset)) => beside(&folder, dataset),
        (None, None, None) => {
            let message = format!("`{spec_name}` names no dataset; add `dataset: cases.jsonl`, or give --dataset");
            return Err(UsageError(message).into());
        }
    };
    let whole = if Place::is_s3(&folder) {
        folder.clone()
    } else {
        let whole = FilePath::new(&folder).canonicalize();
        whole.with_context(|| format!("failed to enter `{folder}`"))?.display().to_string()
    };
    Ok(Suite {
        spec,
        dataset: Input::open(&dataset).await?,
        folder: whole.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}
