//! Writes records as they come, so that a paid answer is never paid for twice.
//!
//! A folder is appended to record by record: a process that is killed loses nothing that was answered. An object store
//! cannot append, so records are gathered for at most a second and written as a part of their own; what a killed
//! process loses there is the answers of its last second. A part is created once and never rewritten.

use crate::spec::RunError;
use assay_store::keys::RunKeys;
use assay_store::{self as store, Place, StoreError};
use bytes::Bytes;
use object_store::ObjectStore;
use object_store::path::Path;
use serde::Serialize;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A part is full at this many bytes.
const FULL_PART: usize = 4 * 1024 * 1024;
/// In an object store, a record waits at most this long to be written.
const LONGEST_HOLD: Duration = Duration::from_secs(1);

/// For so long a store may fail before the run gives up. Records are kept meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the records of a run go.
#[derive(Debug)]
pub(crate) enum PartWriter {
    /// Files that are appended to.
    Folder(std::sync::Mutex<FolderPart>),
    /// Objects that are written whole.
    Objects(ObjectParts),
}

/// The part that is being appended to.
#[derive(Debug)]
pub(crate) struct FolderPart {
    records: PathBuf,
    file: Option<File>,
    bytes: usize,
    number: u32,
}

/// Parts of an object store: one is gathered while another is written, so that whoever has an answer never waits for
/// the store.
#[derive(Debug)]
pub(crate) struct ObjectParts {
    store: Arc<dyn ObjectStore>,
    folder: Path,
    gathered: std::sync::Mutex<Gathered>,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Gathered {
    body: Vec<u8>,
    since: Instant,
}

#[derive(Debug)]
struct Written {
    number: u32,
    /// What is to be written next, until it is.
    body: Bytes,
    failing_since: Option<Instant>,
}

impl PartWriter {
    /// Writes the records of the run with these keys, beginning with part `number`.
    pub(crate) fn new(place: &Place, keys: &RunKeys, number: u32) -> Self {
        Self::in_folder(place, keys.records(), number)
    }

    /// Writes to this folder, beginning with part `number`.
    pub(crate) fn in_folder(place: &Place, folder: Path, number: u32) -> Self {
        match place.file(&folder) {
            Some(records) => Self::Folder(std::sync::Mutex::new(FolderPart { records, file: None, bytes: 0, number })),
            None => Self::Objects(ObjectParts {
                store: Arc::clone(&place.store),
                folder,
                gathered: std::sync::Mutex::new(Gathered { body: Vec::new(), since: Instant::now() }),
                written: Mutex::new(Written { number, body: Bytes::new(), failing_since: None }),
            }),
        }
    }

    /// Takes a record. In a folder it is written when this returns.
    ///
    /// # Errors
    /// When the folder cannot be written, or the object store has failed for too long.
    pub(crate) async fn append(&self, record: &impl Serialize) -> Result<(), RunError> {
        let mut line = serde_json::to_vec(record).map_err(RunError::Encoding)?;
        line.push(b'\n');
        match self {
            Self::Folder(part) => {
                let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(part
                    .append(&line)
                    .map_err(|source| StoreError::of_file(&part.records.display().to_string(), source))?)
            }
            Self::Objects(parts) => {
                // Only where answers come faster than the store takes them does anybody wait for it.
                if parts.gather(&line) >= 2 * FULL_PART {
                    parts.write().await?;
                }
                Ok(())
            }
        }
    }

    /// Writes what has waited long enough.
    ///
    /// # Errors
    /// When the object store refuses, or has failed for too long.
    pub(crate) async fn write_old(&self) -> Result<(), RunError> {
        if let Self::Objects(parts) = self
            && parts.is_due()
        {
            parts.write().await?;
        }
        Ok(())
    }

    /// Writes everything.
    ///
    /// # Errors
    /// As [`Self::write_old`].
    pub(crate) async fn finish(&self) -> Result<(), RunError> {
        if let Self::Objects(parts) = self {
            while parts.write().await? {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }
}

fn part_name(number: u32) -> String {
    format!("part-{number:05}.jsonl")
}

impl FolderPart {
    fn append(&mut self, line: &[u8]) -> std::io::Result<()> {
        if self.bytes + line.len() > FULL_PART {
            self.file = None;
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                std::fs::create_dir_all(&self.records)?;
                let file = loop {
                    let path = self.records.join(part_name(self.number));
                    match File::options().append(true).create_new(true).open(path) {
                        Err(error) if error.kind() == ErrorKind::AlreadyExists => self.number += 1,
                        other => break other?,
                    }
                };
                self.number += 1;
                self.bytes = 0;
                none.insert(file)
            }
        };
        // One call writes the line, so a reader never sees half of it while this process lives.
        file.write_all(line)?;
        self.bytes += line.len();
        Ok(())
    }
}

impl ObjectParts {
    /// Keeps a line for the next part. Answers how many bytes are kept.
    fn gather(&self, line: &[u8]) -> usize {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if gathered.body.is_empty() {
            gathered.since = Instant::now();
        }
        gathered.body.extend_from_slice(line);
        gathered.body.len()
    }

    fn is_due(&self) -> bool {
        let gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = self.written.try_lock().is_ok_and(|written| !written.body.is_empty());
        waits || gathered.since.elapsed() >= LONGEST_HOLD || gathered.body.len() >= FULL_PART
    }

    /// Writes one part, if there is anything to write. Answers whether anything is left.
    async fn write(&self) -> Result<bool, StoreError> {
        let mut written = self.written.lock().await;
        if written.body.is_empty() {
            let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
            written.body = std::mem::take(&mut gathered.body).into();
        }
        if written.body.is_empty() {
            return Ok(false);
        }
        // The body stays until it is written: whoever waits here may be given up at any moment. Should it have been
        // written all the same, it is written once more as the next part, and a reader counts each answer once.
        let part = self.folder.clone().join(part_name(written.number));
        match store::create(&*self.store, &part, written.body.clone()).await {
            Ok(created) => {
                written.number += 1;
                written.failing_since = None;
                if created {
                    written.body = Bytes::new();
                }
                let gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(!created || !gathered.body.is_empty())
            }
            // The store may be back in a moment, and what was answered is paid for.
            Err(StoreError::Unavailable { place, source })
                if written.failing_since.get_or_insert_with(Instant::now).elapsed() < PATIENCE =>
            {
                tracing::warn!(place, "a part could not be written; it is tried again");
                drop(source);
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

/// Ends only when writing fails.
pub(crate) async fn write_old(writer: &PartWriter) -> RunError {
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        if let Err(error) = writer.write_old().await {
            return error;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dataset::Sample;
    use crate::record::records::for_each_record;
    use crate::record::sample_record::Record;
    use object_store::memory::InMemory;
    use object_store::throttle::{ThrottleConfig, ThrottledStore};

    #[tokio::test(start_paused = true)]
    async fn a_write_that_is_given_up_loses_nothing() {
        let slow = ThrottleConfig { wait_put_per_call: Duration::from_secs(1), ..ThrottleConfig::default() };
        let store: Arc<dyn ObjectStore> = Arc::new(ThrottledStore::new(InMemory::new(), slow));
        let place = Place { store: Arc::clone(&store), folder: None, name: "slow".to_owned() };
        let keys = RunKeys::new("s", "r");
        let writer = PartWriter::new(&place, &keys, 0);
        let record = Record::answered(Sample { id: "a".to_owned(), ..Sample::default() }, "m", Vec::new());
        writer.append(&record).await.unwrap();
        tokio::time::sleep(LONGEST_HOLD).await;
        let given_up = tokio::time::timeout(Duration::from_millis(500), writer.write_old()).await;
        assert!(given_up.is_err(), "the store was not slow");
        writer.finish().await.unwrap();
        let mut read = Vec::new();
        for_each_record(&*store, &keys, |record| read.push(record.sample.id)).await.unwrap();
        assert_eq!(read, ["a"]);
    }
}
