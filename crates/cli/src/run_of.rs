//! Runs that people name: a run's folder, its place in S3, or its id.

use crate::aws;
use crate::error::Result;
use crate::exit::UsageError;
use assay_core::compare::RunAnswers;
use assay_store::keys::RunKeys;
use assay_store::{Place, read};
use object_store::path::Path;
use std::path::Path as FilePath;

/// A run, and the store that it belongs to.
#[derive(Debug)]
pub(crate) struct NamedRun {
    /// The store: the folder or bucket above `runs/`, else the run's own folder.
    pub place: Place,
    /// The run's keys there.
    pub keys: RunKeys,
    /// Where `suites/` lies beside `runs/`; none for a run that is alone in its folder.
    pub home: Option<Place>,
    /// How a baseline names it: a key in `home`, or the run's own place from the root.
    pub address: String,
}

/// A folder, or a bucket with a prefix.
pub(crate) async fn open(name: &str) -> Result<Place> {
    if Place::is_s3(name) {
        return Ok(Place::s3(name, aws::settings().await)?);
    }
    if !FilePath::new(name).is_dir() {
        return Err(UsageError(format!("`{name}` is no folder")).into());
    }
    Ok(Place::folder(name)?)
}

/// The run called `name`.
///
/// # Errors
/// When there is no such run, or its place cannot be used.
pub(crate) async fn find(name: &str) -> Result<NamedRun> {
    let bare = name.trim_end_matches('/');
    let full = match full_name(bare) {
        Some(full) => full,
        None => folder_of_id(bare).ok_or_else(|| no_run(name))?,
    };
    let named = match split(&full) {
        Some((home, key)) => {
            let place = open(home).await?;
            let keys = RunKeys::at(Path::parse(key).map_err(|_| no_run(name))?);
            NamedRun { place: place.clone(), keys, home: Some(place), address: key.to_owned() }
        }
        None => {
            let place = open(&full).await?;
            let address = place.folder.as_ref().map_or(full.clone(), |folder| folder.display().to_string());
            NamedRun { place, keys: RunKeys::alone(), home: None, address }
        }
    };
    match read(&*named.place.store, &named.keys.spec()).await? {
        Some(_) => Ok(named),
        None => Err(no_run(name).into()),
    }
}

/// Reads the answers of a finished run.
///
/// # Errors
/// When there is no such run, or it has not finished.
pub(crate) async fn answers(name: &str) -> Result<RunAnswers> {
    let named = find(name).await?;
    let answers = RunAnswers::read(&named.place, &named.keys).await?.ok_or_else(|| no_run(name))?;
    if !answers.is_finished {
        return Err(UsageError(format!("the run `{name}` has no summary yet; finish it with `assay run` first")).into());
    }
    if answers.models.is_empty() {
        return Err(UsageError(format!("the run `{name}` has no records, so there is nothing to compare")).into());
    }
    Ok(answers)
}

fn no_run(name: &str) -> UsageError {
    UsageError(format!(
        "`{name}` is no run; name a run's folder, s3://bucket/runs/SUITE/RUN, or the id of a run in runs/"
    ))
}

/// The name from the root on, so that a run in the folder of its suite is found from within.
fn full_name(name: &str) -> Option<String> {
    if Place::is_s3(name) {
        return Some(name.to_owned());
    }
    FilePath::new(name).canonicalize().ok().filter(|folder| folder.is_dir()).map(|folder| folder.display().to_string())
}

/// The folder of the run with this id below `runs/` here.
fn folder_of_id(id: &str) -> Option<String> {
    if id.is_empty() || id.contains('/') {
        return None;
    }
    let suites = std::fs::read_dir("runs").ok()?;
    let mut found = suites.flatten().map(|suite| suite.path().join(id)).filter(|run| run.is_dir());
    full_name(&found.next()?.display().to_string())
}

/// `<home>/runs/<suite>/<run>` as home and key.
fn split(name: &str) -> Option<(&str, &str)> {
    let mut ends = name.rmatch_indices('/').map(|(at, _)| at);
    let (_, _, third) = (ends.next()?, ends.next()?, ends.next()?);
    let (home, key) = (name.get(..third)?, name.get(third + 1..)?);
    let is_home = !home.is_empty() && home != "s3:/" && home != "s3:";
    (key.starts_with("runs/") && is_home).then_some((home, key))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_run_in_the_layout_of_a_bucket_has_a_home() {
        assert_eq!(split("s3://b/runs/faq/r1"), Some(("s3://b", "runs/faq/r1")));
        assert_eq!(split("/home/a/runs/faq/r1"), Some(("/home/a", "runs/faq/r1")));
        for alone in ["s3://b/r1", "/out", "/a/b/c/d", "s3://runs/faq/r1", "/runs/faq/r1"] {
            assert_eq!(split(alone), None, "{alone}");
        }
    }
}
