//! What lies below `probes/`: its datasets, and what keeps some of it from being asked.

use assay_core::run::dropped;
use assay_problem::{Problem, Problems};
use assay_store::keys::{self, PROBES};
use assay_store::{Place, StoreError};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};

/// One dataset that a round asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Probe {
    /// Its suite, as the nearest spec names it, else by its folder.
    pub suite: String,
    /// Its key.
    pub key: String,
    /// Its ETag at that time, without quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// Its version at that time, in a bucket that keeps versions: then this one is asked, whatever is put there later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The datasets below `probes/`.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Them, in the order of their keys.
    pub datasets: Vec<ObjectMeta>,
    /// What keeps others from being asked.
    pub problems: Problems,
    /// Whether everything could be listed. Of what is not in an incomplete listing, nobody knows whether it is there.
    pub complete: bool,
}

impl Listing {
    /// When the oldest dataset was put there.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        let written = self.datasets.iter().map(|meta| meta.last_modified.timestamp());
        written.min().and_then(|seconds| Timestamp::from_second(seconds).ok())
    }
}

/// Lists `probes/`, folder by folder: a key that cannot be addressed spoils the listing that it is in.
///
/// # Errors
/// When the store refuses or cannot be reached.
pub(crate) async fn list(place: &Place) -> Result<Listing, StoreError> {
    let root = Path::from(PROBES.trim_end_matches('/'));
    let mut listing = Listing { complete: true, ..Listing::default() };
    let folders = match unaddressable(PROBES, place.store.list_with_delimiter(Some(&root)).await)? {
        Ok(found) => {
            listing.datasets.extend(found.objects.into_iter().filter(is_probe));
            found.common_prefixes
        }
        Err(reason) => {
            listing.unlisted(PROBES, &reason);
            folders_without(place, &root).await?
        }
    };
    for folder in folders {
        let name = format!("{folder}/");
        let objects = place.store.list(Some(&folder)).try_collect::<Vec<_>>().await;
        match unaddressable(&name, objects)? {
            Ok(objects) => {
                let before = listing.datasets.len();
                listing.datasets.extend(objects.into_iter().filter(is_probe));
                if listing.datasets.len() == before {
                    let problem = Problem::warning(&name, "no dataset lies there, so nothing is asked");
                    listing.problems.add(problem.remedy("put a .jsonl file into it, or remove the folder"));
                }
            }
            Err(reason) => listing.unlisted(&name, &reason),
        }
    }
    listing.datasets.sort_by(|left, right| left.location.cmp(&right.location));
    Ok(listing)
}

impl Listing {
    fn unlisted(&mut self, place: &str, reason: &str) {
        let message = format!("a key there cannot be addressed, so nothing beside it is asked: {reason}");
        let problem = Problem::error(place, message);
        self.problems.add(problem.remedy("rename the object so that no part of its key is empty, `.` or `..`"));
        self.complete = false;
    }
}

/// The folders of a `probes/` that has a part without a name, or called `.` or `..`, directly below: all of these stand before
/// the digits and letters that other names begin with.
async fn folders_without(place: &Place, root: &Path) -> Result<Vec<Path>, StoreError> {
    let found = place.store.list_with_offset(Some(root), &root.clone().join("0")).try_collect::<Vec<_>>().await;
    let found = unaddressable(PROBES, found)?.unwrap_or_default();
    let folder = |meta: ObjectMeta| {
        let mut parts = meta.location.prefix_match(root)?;
        let folder = parts.next()?;
        parts.next().map(|_| root.clone().join(folder))
    };
    let mut folders: Vec<Path> = found.into_iter().filter_map(folder).collect();
    folders.dedup();
    Ok(folders)
}

/// Tells a key that cannot be addressed, as the inner error, from a store that does not answer.
fn unaddressable<T>(place: &str, found: object_store::Result<T>) -> Result<Result<T, String>, StoreError> {
    match found.map_err(|error| StoreError::new(place, error)) {
        Ok(found) => Ok(Ok(found)),
        Err(StoreError::Unaddressable { reason, .. }) => Ok(Err(reason)),
        Err(error) => Err(error),
    }
}

fn is_probe(meta: &ObjectMeta) -> bool {
    keys::is_probe(meta.location.as_ref())
}

/// The probes that are asked, and what is known of their specs.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    /// Each dataset with its suite and its state as it is now, by suite and key.
    pub probes: Vec<Probe>,
    /// Whether every spec could be read, so that each suite has the name that its spec gives it.
    pub all_named: bool,
}

/// Looks at each dataset and its spec. A broken spec is passed over here: the suite's run fails and says what is wrong.
///
/// # Errors
/// When the store cannot be reached. What may not be read is named all the same: its run tells of that.
pub(crate) async fn probes(place: &Place, listing: &Listing) -> Result<Probes, StoreError> {
    let mut found = Probes { probes: Vec::with_capacity(listing.datasets.len()), all_named: true };
    for meta in &listing.datasets {
        let key = meta.location.to_string();
        let spec = match dropped::spec_of(&key, place).await {
            Ok(spec) => spec.ok(),
            Err(StoreError::Denied { .. }) => None,
            Err(error) => return Err(error),
        };
        found.all_named &= spec.is_some();
        let suite = spec.and_then(|spec| spec.suite).unwrap_or_else(|| keys::suite_of(&key));
        // A listing tells no versions.
        let state = match place.store.head(&meta.location).await.map_err(|error| StoreError::new(&key, error)) {
            Ok(state) => state,
            Err(StoreError::Denied { .. } | StoreError::Missing { .. }) => meta.clone(),
            Err(error) => return Err(error),
        };
        let e_tag = state.e_tag.map(|tag| tag.trim_matches('"').to_owned());
        found.probes.push(Probe { suite, key, e_tag, version: state.version });
    }
    found.probes.sort_by(|left, right| (&left.suite, &left.key).cmp(&(&right.suite, &right.key)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use object_store::memory::InMemory;
    use std::sync::Arc;

    #[tokio::test]
    async fn suites_go_by_their_specs_and_folders() {
        let place = Place { store: Arc::new(InMemory::new()), folder: None, name: "memory".to_owned() };
        for (key, text) in [
            ("probes/b/x.jsonl", ""),
            ("probes/b/assay.yaml", "suite: a\n"),
            ("probes/c/de/x.jsonl", ""),
            ("probes/broken/x.jsonl", ""),
            ("probes/broken/assay.yaml", "suite: [\n"),
            ("probes/empty/assay.yaml", ""),
            ("probes/top.jsonl", ""),
            ("datasets/d/x.jsonl", ""),
        ] {
            place.store.put(&Path::from(key), text.into()).await.unwrap();
        }
        let listing = list(&place).await.unwrap();
        assert!(listing.complete && listing.oldest().is_some());
        let found = probes(&place, &listing).await.unwrap();
        assert!(!found.all_named, "one spec is broken");
        let named: Vec<_> = found.probes.iter().map(|probe| (probe.suite.as_str(), probe.key.as_str())).collect();
        assert_eq!(
            named,
            [
                ("a", "probes/b/x.jsonl"),
                ("broken", "probes/broken/x.jsonl"),
                ("c-de", "probes/c/de/x.jsonl"),
                ("default", "probes/top.jsonl"),
            ]
        );
        assert_eq!((listing.problems.errors, listing.problems.warnings), (0, 1));
        assert!(listing.problems.first[0].to_string().starts_with("probes/empty/: warning: no dataset"));
    }
}
