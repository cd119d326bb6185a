//! The claim on a run: of all deliveries of an event, one works on it at a time, and how far it is outlives it.
//!
//! In an object store the claim is `claim.json`, created conditionally and renewed while its holder lives; another
//! takes it over with a conditional update once the lease has ended. In a folder the operating system's file lock does
//! the same without a lease, since it falls with the process.

use crate::document::{self, open, read_versioned, rewrite};
use crate::keys::RunKeys;
use crate::{Place, StoreError};
use jiff::Timestamp;
use object_store::{ObjectStore, PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How long a claim holds without being renewed. It is renewed three times as often.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often somebody else's claim is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The version of the claim's format. A reader refuses a higher one.
const CLAIM_FORMAT: u32 = 1;

/// How far a run is. Each stage is reached once, unless the run is reopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Models are being asked.
    Collecting,
    /// The summary is written.
    Summarised,
    /// The metrics are published.
    Published,
    /// People were told; there is nothing left to do.
    Done,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ClaimFile {
    format: u32,
    holder: String,
    stage: Stage,
    lease_until: Timestamp,
    /// Whether the run was done before and went on: its summary is replaced then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reopened: bool,
}

/// What came of asking for a run.
#[derive(Debug)]
pub enum Claimed {
    /// The run is ours, at this stage.
    Held(Claim),
    /// Somebody who is alive works on it.
    Busy,
    /// There is nothing left to do.
    Done,
}

/// A run that is ours.
#[derive(Debug, Clone)]
pub struct Claim {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    file: ClaimFile,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Object { store: Arc<dyn ObjectStore>, path: object_store::path::Path, version: UpdateVersion },
    Locked(File),
}

impl Claim {
    /// Asks for the run with these keys. `holder` says who asks, for people who look. A claim of somebody else is watched
    /// until its lease ends or it is renewed; a retry of the same delivery is somebody else too, since the first attempt
    /// may still be alive.
    ///
    /// # Errors
    /// When the store refuses or cannot be reached.
    pub async fn acquire(place: &Place, keys: &RunKeys, holder: &str) -> Result<Claimed, StoreError> {
        Self::ask(place, keys, Asking { holder, reopens: false }).await
    }

    /// The same, but a run that is done is taken up again from the collecting on.
    ///
    /// # Errors
    /// When the store refuses or cannot be reached.
    pub async fn reopen(place: &Place, keys: &RunKeys, holder: &str) -> Result<Claimed, StoreError> {
        Self::ask(place, keys, Asking { holder, reopens: true }).await
    }

    async fn ask(place: &Place, keys: &RunKeys, asking: Asking<'_>) -> Result<Claimed, StoreError> {
        match place.file(&keys.claim()) {
            Some(file) => {
                Self::lock(&file, asking).map_err(|source| StoreError::of_file(&place.name_of(&keys.claim()), source))
            }
            None => Self::acquire_object(Arc::clone(&place.store), keys.claim(), asking).await,
        }
    }

    async fn acquire_object(
        store: Arc<dyn ObjectStore>,
        path: object_store::path::Path,
        asking: Asking<'_>,
    ) -> Result<Claimed, StoreError> {
        let mut seen: Option<(UpdateVersion, Instant)> = None;
        loop {
            let fresh = asking.taken_from(None);
            if let Some(version) = put(&*store, &path, &fresh, PutMode::Create).await? {
                return Ok(Self::held(store, path, fresh, version));
            }
            // Whoever had it may be gone between the two calls.
            let Some((body, version)) = read_versioned(&*store, &path).await? else { continue };
            let claim = ClaimFile::read(&body, path.as_ref())?;
            let done = claim.as_ref().is_some_and(|claim| claim.stage == Stage::Done);
            if done && !asking.reopens {
                return Ok(Claimed::Done);
            }
            // Nobody works on a run that is done, whatever is left of its lease.
            let left = claim.as_ref().filter(|_| !done).map_or(Duration::ZERO, |claim| claim.left());
            if !left.is_zero() {
                let since = match &seen {
                    Some((seen, _)) if *seen != version => return Ok(Claimed::Busy),
                    Some((_, since)) => *since,
                    None => Instant::now(),
                };
                // A lease that outlasts its own length was written by a clock that is ahead: it does not hold for ever.
                if since.elapsed() < LEASE {
                    seen = Some((version, since));
                    tokio::time::sleep(left.min(LOOK) + Duration::from_millis(200)).await;
                    continue;
                }
            }
            let file = asking.taken_from(claim);
            match put(&*store, &path, &file, PutMode::Update(version)).await? {
                Some(version) => return Ok(Self::held(store, path, file, version)),
                None => return Ok(Claimed::Busy),
            }
        }
    }

    fn lock(file: &std::path::Path, asking: Asking<'_>) -> std::io::Result<Claimed> {
        let mut file = open(file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Claimed::Busy),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let before = serde_json::from_str::<ClaimFile>(&text).ok();
        if before.as_ref().is_some_and(|claim| claim.stage == Stage::Done) && !asking.reopens {
            return Ok(Claimed::Done);
        }
        let claim = asking.taken_from(before);
        rewrite(&file, &serde_json::to_vec(&claim)?)?;
        let held = Held::Locked(file);
        Ok(Claimed::Held(Self { state: Arc::new(Mutex::new(State { file: claim, held })) }))
    }

    fn held(
        store: Arc<dyn ObjectStore>,
        path: object_store::path::Path,
        file: ClaimFile,
        version: UpdateVersion,
    ) -> Claimed {
        let held = Held::Object { store, path, version };
        Claimed::Held(Self { state: Arc::new(Mutex::new(State { file, held })) })
    }

    /// How far the run is.
    pub async fn stage(&self) -> Stage {
        self.state.lock().await.file.stage
    }

    /// Whether the run was done before and went on.
    pub async fn is_reopened(&self) -> bool {
        self.state.lock().await.file.reopened
    }

    /// Writes down that the run has come to `stage`. `false` when somebody else has taken the run over: then nothing
    /// more may be done to it.
    ///
    /// # Errors
    /// When the store refuses or cannot be reached.
    pub async fn advance(&self, stage: Stage) -> Result<bool, StoreError> {
        self.write(|file| {
            file.stage = stage;
            file.lease_until = lease_end();
        })
        .await
    }

    /// Ends the lease at once, so that whoever comes next goes on without waiting.
    ///
    /// # Errors
    /// When the store refuses or cannot be reached.
    pub async fn release(&self) -> Result<bool, StoreError> {
        self.write(|file| file.lease_until = Timestamp::UNIX_EPOCH).await
    }

    /// Renews the lease as long as the handle lives; `lost` is cancelled when somebody else has taken the run over.
    pub fn keep_alive(&self, lost: CancellationToken) -> AbortOnDropHandle<()> {
        let claim = self.clone();
        AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                tokio::time::sleep(LEASE / 3).await;
                match claim.write(|file| file.lease_until = lease_end()).await {
                    Ok(true) => {}
                    Ok(false) => {
                        lost.cancel();
                        return;
                    }
                    // The next renewal may succeed; if none does, the lease ends as it should.
                    Err(error) => tracing::warn!(%error, "the claim could not be renewed"),
                }
            }
        }))
    }

    async fn write(&self, change: impl FnOnce(&mut ClaimFile)) -> Result<bool, StoreError> {
        let mut state = self.state.lock().await;
        let mut file = state.file.clone();
        change(&mut file);
        match &mut state.held {
            Held::Object { store, path, version } => {
                match put(&**store, path, &file, PutMode::Update(version.clone())).await? {
                    Some(next) => *version = next,
                    None => return Ok(false),
                }
            }
            Held::Locked(locked) => {
                let written = serde_json::to_vec(&file).map_err(Into::into).and_then(|body| rewrite(locked, &body));
                written.map_err(|source| StoreError::of_file("claim.json", source))?;
            }
        }
        state.file = file;
        Ok(true)
    }
}

/// Who asks for a run, and how.
#[derive(Clone, Copy)]
struct Asking<'a> {
    holder: &'a str,
    /// Whether a run that is done goes on.
    reopens: bool,
}

impl Asking<'_> {
    /// The claim of whoever asks, where `before` was the last one.
    fn taken_from(self, before: Option<ClaimFile>) -> ClaimFile {
        let (stage, reopened) = match before {
            Some(before) if before.stage == Stage::Done && self.reopens => (Stage::Collecting, true),
            Some(before) => (before.stage, before.reopened),
            None => (Stage::Collecting, false),
        };
        let holder = self.holder.to_owned();
        ClaimFile { format: CLAIM_FORMAT, holder, stage, lease_until: lease_end(), reopened }
    }
}

impl ClaimFile {
    /// Reads a claim. One that is broken is nobody's: it is taken over as if its lease had ended.
    fn read(body: &[u8], place: &str) -> Result<Option<Self>, StoreError> {
        let format = serde_json::from_slice::<serde_json::Value>(body).ok().and_then(|claim| claim["format"].as_u64());
        if format.is_some_and(|format| format > u64::from(CLAIM_FORMAT)) {
            return Err(StoreError::Unaddressable {
                place: place.to_owned(),
                reason: "it was written by a newer version of Assay; use that version".to_owned(),
            });
        }
        Ok(serde_json::from_slice(body).ok())
    }

    fn left(&self) -> Duration {
        Duration::try_from(self.lease_until.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO)
    }
}

fn lease_end() -> Timestamp {
    Timestamp::now() + LEASE
}

/// Writes the claim conditionally; `None` when the condition did not hold.
async fn put(
    store: &dyn ObjectStore,
    path: &object_store::path::Path,
    file: &ClaimFile,
    mode: PutMode,
) -> Result<Option<UpdateVersion>, StoreError> {
    let body = serde_json::to_vec(file).map_err(|source| StoreError::of_file(path.as_ref(), source.into()))?;
    Ok(document::put(store, path, body, mode).await?.version())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use object_store::memory::InMemory;
    use object_store::path::Path;

    fn memory() -> Place {
        Place { store: Arc::new(InMemory::new()), folder: None, name: "memory".to_owned() }
    }

    async fn held(place: &Place, holder: &str) -> Claim {
        match Claim::acquire(place, &RunKeys::new("s", "r"), holder).await.unwrap() {
            Claimed::Held(claim) => claim,
            other => panic!("expected to hold the claim, got {other:?}"),
        }
    }

    #[tokio::test]
    async fn one_of_many_wins() {
        let place = memory();
        let keys = RunKeys::new("s", "r");
        let fresh = Asking { holder: "x", reopens: false }.taken_from(None);
        let path = Path::from("c");
        let tries = (0..16).map(|_| put(&*place.store, &path, &fresh, PutMode::Create));
        let won = futures::future::join_all(tries).await;
        assert_eq!(won.iter().filter(|w| matches!(w, Ok(Some(_)))).count(), 1);
        // A claim that was given back is taken over at once.
        held(&place, "first").await.release().await.unwrap();
        assert!(matches!(Claim::acquire(&place, &keys, "second").await, Ok(Claimed::Held(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewed_claim_is_busy_and_a_dead_one_is_taken_over() {
        let place = memory();
        let keys = RunKeys::new("s", "r");
        let claim = held(&place, "first").await;
        let alive = claim.keep_alive(CancellationToken::new());
        assert!(matches!(Claim::acquire(&place, &keys, "second").await, Ok(Claimed::Busy)));
        drop(alive);
        // The lease is told by the wall clock, which a test does not wait for.
        claim.write(|file| file.lease_until = Timestamp::UNIX_EPOCH).await.unwrap();
        let taken = held(&place, "second").await;
        assert!(!claim.advance(Stage::Summarised).await.unwrap(), "the first holder has lost it");
        assert!(taken.advance(Stage::Done).await.unwrap());
        assert!(matches!(Claim::acquire(&place, &keys, "third").await, Ok(Claimed::Done)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_ahead_does_not_hold_a_claim_for_ever() {
        let place = memory();
        let claim = held(&place, "first").await;
        let tomorrow = Timestamp::now() + Duration::from_secs(86_400);
        claim.write(|file| file.lease_until = tomorrow).await.unwrap();
        let begun = Instant::now();
        held(&place, "second").await;
        assert!(begun.elapsed() >= LEASE && begun.elapsed() < 2 * LEASE);
    }

    #[tokio::test]
    async fn a_released_claim_keeps_its_stage() {
        let place = memory();
        let claim = held(&place, "first").await;
        claim.advance(Stage::Summarised).await.unwrap();
        claim.release().await.unwrap();
        assert_eq!(held(&place, "second").await.stage().await, Stage::Summarised);
    }

    #[tokio::test]
    async fn a_run_that_is_done_is_reopened_by_one_who_says_so() {
        let folder = tempfile::tempdir().unwrap();
        for place in [memory(), Place::folder(folder.path()).unwrap()] {
            let keys = RunKeys::new("s", "r");
            let claim = held(&place, "first").await;
            assert!(!claim.is_reopened().await);
            claim.advance(Stage::Done).await.unwrap();
            drop(claim);
            assert!(matches!(Claim::acquire(&place, &keys, "second").await, Ok(Claimed::Done)));
            let Claimed::Held(claim) = Claim::reopen(&place, &keys, "third").await.unwrap() else { panic!() };
            assert_eq!((claim.stage().await, claim.is_reopened().await), (Stage::Collecting, true));
            claim.release().await.unwrap();
            drop(claim);
            // Whoever goes on with it knows it too, and it can be done again.
            let claim = held(&place, "fourth").await;
            assert!(claim.is_reopened().await);
            claim.advance(Stage::Done).await.unwrap();
            drop(claim);
            assert!(matches!(Claim::acquire(&place, &keys, "fifth").await, Ok(Claimed::Done)));
        }
    }

    #[tokio::test]
    async fn a_folder_is_locked_while_its_holder_lives() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::folder(folder.path()).unwrap();
        let keys = RunKeys::new("s", "r");
        let claim = held(&place, "first").await;
        assert!(matches!(Claim::acquire(&place, &keys, "second").await, Ok(Claimed::Busy)));
        claim.advance(Stage::Published).await.unwrap();
        drop(claim);
        let claim = held(&place, "second").await;
        assert_eq!(claim.stage().await, Stage::Published);
        claim.advance(Stage::Done).await.unwrap();
        drop(claim);
        assert!(matches!(Claim::acquire(&place, &keys, "third").await, Ok(Claimed::Done)));
    }
}
