//! The files themselves: each step is one conditional write, and none of them may keep a message from being posted.

use super::mark::{MarkFile, Stage};
use super::recent::Recent;
use super::{Begun, Change, Mark, POSTED_FORMAT, Recorded, change_path, mark_path};
use crate::alert::Identity;
use assay_lambda::chain;
use assay_store::document::{self, Changed, Retries};
use assay_store::{Place, StoreError};
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use object_store::{PutMode, UpdateVersion};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long one step may take before the bucket counts as down.
const LONGEST_STEP: Duration = Duration::from_secs(3);
/// How long a bucket that is down is not asked again: the time is Slack's.
const DOWN_FOR: Duration = Duration::from_secs(30);
/// How often a step is begun anew because somebody else was faster.
const RETRIES: Retries = Retries { tries: 8, pause: |_| Duration::ZERO };

/// What was posted, as the bucket of the stack knows it.
pub struct Ledger {
    place: Place,
    recent: Mutex<Recent>,
    down_until: Mutex<Option<Instant>>,
}

/// What is written at a place, and which version of it.
type Found<T> = Option<(Option<T>, UpdateVersion)>;

impl Ledger {
    /// The one in this bucket.
    pub fn new(place: Place) -> Self {
        Self { place, recent: Mutex::default(), down_until: Mutex::default() }
    }

    /// Asks to post a message. Whoever gets the right has it for as long as `lease`. While the bucket cannot be reached,
    /// everybody gets it.
    pub async fn begin(&self, destination: &str, identity: &Identity, lease: Duration, holder: &str) -> Begun {
        let path = mark_path(destination, identity);
        if self.recent.lock().unwrap_or_else(PoisonError::into_inner).has(&path) {
            return Begun::Done;
        }
        let begun = self.step(self.try_begin(&path, identity, lease, holder)).await.flatten();
        begun.unwrap_or(Begun::Ours(Mark { path, version: None, was_begun: false }))
    }

    async fn try_begin(
        &self,
        path: &Path,
        identity: &Identity,
        lease: Duration,
        holder: &str,
    ) -> Result<Option<Begun>, StoreError> {
        let now = Timestamp::now();
        let until = now.checked_add(SignedDuration::try_from(lease).unwrap_or(SignedDuration::ZERO)).unwrap_or(now);
        let file = MarkFile::posting(holder, &identity.subject, now, until);
        let ours = |version, was_begun| Begun::Ours(Mark { path: path.clone(), version: Some(version), was_begun });
        let mut was_begun = false;
        for _ in 0..RETRIES.tries {
            if let Some(version) = self.put(path, &file, PutMode::Create).await? {
                return Ok(Some(ours(version, false)));
            }
            let Some((found, version)) = self.get::<MarkFile>(path).await? else { continue };
            was_begun = match found {
                Some(found) if found.stage == Stage::Posted => {
                    self.recent.lock().unwrap_or_else(PoisonError::into_inner).add(path);
                    return Ok(Some(Begun::Done));
                }
                // The store's client repeats a write whose answer was lost, and is then told that something is there.
                Some(found) if found == file => return Ok(Some(ours(version, was_begun))),
                Some(found) if found.is_held(now) => return Ok(Some(Begun::Busy(found.lease_until))),
                Some(found) => found.stage == Stage::Posting,
                // Half a file, or one of a later version: nobody knows, so it may be posted already.
                None => true,
            };
            if let Some(version) = self.put(path, &file, PutMode::Update(version)).await? {
                return Ok(Some(ours(version, was_begun)));
            }
        }
        Ok(None)
    }

    /// Writes down that the message is posted.
    pub async fn finish(&self, mark: Mark, identity: &Identity, holder: &str) {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).add(&mark.path);
        self.end(mark, identity, holder, Stage::Posted).await;
    }

    /// Gives the right back, so that the next delivery need not wait for the end of the lease.
    pub async fn give_back(&self, mark: Mark, identity: &Identity, holder: &str) {
        self.end(mark, identity, holder, Stage::GivenBack).await;
    }

    async fn end(&self, mark: Mark, identity: &Identity, holder: &str, stage: Stage) {
        let now = Timestamp::now();
        let file = MarkFile { stage, ..MarkFile::posting(holder, &identity.subject, now, now) };
        let mode = match (mark.version, stage) {
            (Some(version), _) => PutMode::Update(version),
            // The bucket was down before; what is posted is worth writing down whatever stands there.
            (None, Stage::Posted) => PutMode::Overwrite,
            (None, _) => return,
        };
        self.step(self.put(&mark.path, &file, mode)).await;
    }

    /// The last change of the alarm that the destination was told; none where nothing is known.
    pub async fn last(&self, destination: &str, identity: &Identity) -> Option<Recorded> {
        let path = change_path(destination, identity);
        let (change, version) = self.step(self.get::<Change>(&path)).await.flatten()?;
        change.map(|change| Recorded { change, version })
    }

    /// Writes a change down, unless a newer one stands there. Answers what stands there then, ours or the newer one; none
    /// while the bucket cannot be reached.
    pub async fn record(&self, destination: &str, identity: &Identity, change: &Change) -> Option<Recorded> {
        let path = change_path(destination, identity);
        self.step(self.try_record(&path, change)).await.flatten()
    }

    async fn try_record(&self, path: &Path, change: &Change) -> Result<Option<Recorded>, StoreError> {
        let newer = |found: &Change| found.changed > change.changed;
        let changed = document::change(&self.place, path, RETRIES, |body| {
            Ok::<_, StoreError>(match body.and_then(decoded::<Change>).filter(newer) {
                Some(found) => (found, None),
                None => (change.clone(), Some(encoded(change))),
            })
        });
        Ok(match changed.await? {
            Changed::Written(change, version) | Changed::Unchanged(change, Some(version)) => {
                Some(Recorded { change, version })
            }
            Changed::Unchanged(_, None) | Changed::Crossed(_) => None,
        })
    }

    /// Reads a file. One that cannot be understood is there all the same.
    async fn get<T: DeserializeOwned>(&self, path: &Path) -> Result<Found<T>, StoreError> {
        let found = document::read_versioned(&*self.place.store, path).await?;
        Ok(found.map(|(body, version)| (decoded(&body), version)))
    }

    /// Writes a file under a condition. Answers its version; none where the condition did not hold.
    async fn put(
        &self,
        path: &Path,
        what: &impl Serialize,
        mode: PutMode,
    ) -> Result<Option<UpdateVersion>, StoreError> {
        Ok(document::put(&*self.place.store, path, encoded(what), mode).await?.version())
    }

    /// Takes a step, unless the bucket is down; none where it failed.
    async fn step<T>(&self, step: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
        let is_down = |until: Option<Instant>| until.is_some_and(|until| until > Instant::now());
        if is_down(*self.down_until.lock().unwrap_or_else(PoisonError::into_inner)) {
            return None;
        }
        let error = match tokio::time::timeout(LONGEST_STEP, step).await {
            Ok(Ok(done)) => return Some(done),
            Ok(Err(error)) => chain(&error),
            Err(_) => "no answer in time".to_owned(),
        };
        *self.down_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + DOWN_FOR);
        tracing::error!(
            error,
            "what was posted cannot be written down; messages are posted all the same, perhaps twice"
        );
        None
    }
}

/// What a file says; none where it cannot be understood.
fn decoded<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    document::decode(body, POSTED_FORMAT).ok()
}

fn encoded(what: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(what).unwrap_or_default()
}
