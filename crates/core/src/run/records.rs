//! Reads the records of a run, part by part, in bounded memory.

use super::error::RunError;
use super::record::{RECORD_FORMAT, Record};
use crate::dataset::{Line, LineReader};
use crate::store::StoreError;
use crate::store::keys::RunKeys;
use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::collections::VecDeque;

/// The longest record that is read, in bytes: a longest line of a dataset, answered at length, several times.
const LONGEST_RECORD: usize = 256 * 1024 * 1024;

/// Shows every record of the run to `each`, in the order of the parts. Answers the number of the next part.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn for_each_record(
    store: &dyn ObjectStore,
    keys: &RunKeys,
    mut each: impl FnMut(Record),
) -> Result<u32, RunError> {
    let mut records = RecordReader::open(store, keys).await?;
    while let Some(record) = records.next().await? {
        each(record);
    }
    Ok(records.next_part)
}

/// Reads the records of a run one by one, in the order of the parts.
///
/// A part's last line that is broken and has no end is what a killed process left behind; it is passed over, as its
/// sample counts as not answered.
pub struct RecordReader<'a> {
    store: &'a dyn ObjectStore,
    parts: VecDeque<Path>,
    next_part: u32,
    part: Option<(Path, PartLines)>,
}

type PartLines = LineReader<BoxStream<'static, Result<Bytes, object_store::Error>>>;

impl<'a> RecordReader<'a> {
    /// Looks for the parts of the run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(store: &'a dyn ObjectStore, keys: &RunKeys) -> Result<Self, RunError> {
        let folder = keys.records();
        let parts: Vec<Path> = store
            .list(Some(&folder))
            .map_ok(|found| found.location)
            .try_collect()
            .await
            .map_err(|error| StoreError::new(folder.as_ref(), error))?;
        let mut parts: Vec<Path> = parts.into_iter().filter(|part| number_of(part).is_some()).collect();
        parts.sort();
        let next_part = parts.last().and_then(number_of).map_or(0, |number| number + 1);
        Ok(Self { store, parts: parts.into(), next_part, part: None })
    }

    /// The next record; `None` after the last.
    ///
    /// # Errors
    /// When the store fails, or a record cannot be read.
    pub async fn next(&mut self) -> Result<Option<Record>, RunError> {
        loop {
            let (part, lines) = match &mut self.part {
                Some(open) => open,
                None => {
                    let Some(part) = self.parts.pop_front() else { return Ok(None) };
                    let found = self.store.get(&part).await.map_err(|error| StoreError::new(part.as_ref(), error))?;
                    let lines = LineReader::new(found.into_stream(), LONGEST_RECORD);
                    self.part.insert((part, lines))
                }
            };
            match lines.next().await.map_err(|error| StoreError::new(part.as_ref(), error))? {
                Some(line) => {
                    if let Some(record) = read(line, part)? {
                        return Ok(Some(record));
                    }
                }
                None => self.part = None,
            }
        }
    }
}

fn number_of(part: &Path) -> Option<u32> {
    part.filename()?.strip_prefix("part-")?.strip_suffix(".jsonl")?.parse().ok()
}

/// The record of a line; `None` for a line that was cut short.
fn read(line: Line, part: &Path) -> Result<Option<Record>, RunError> {
    let unreadable = |line: u64, reason: String| RunError::Record { part: part.to_string(), line, reason };
    match line {
        Line::Text { number, text, ended, .. } => match serde_json::from_str::<Record>(&text) {
            Ok(record) if record.format <= RECORD_FORMAT => Ok(Some(record)),
            Ok(record) => {
                let reason = format!("it has format {}, this version reads up to {RECORD_FORMAT}", record.format);
                Err(unreadable(number, reason))
            }
            Err(_) if !ended => {
                tracing::warn!(part = %part, line = number, "passed over a record cut short");
                Ok(None)
            }
            Err(error) => Err(unreadable(number, format!("broken at column {}", error.column()))),
        },
        // A record may be cut in the middle of a character too.
        Line::NotUtf8 { number, ended: false, .. } => {
            tracing::warn!(part = %part, line = number, "passed over a record cut short");
            Ok(None)
        }
        Line::NotUtf8 { number, .. } => Err(unreadable(number, "not UTF-8".to_owned())),
        Line::TooLong { number, .. } => Err(unreadable(number, "too long".to_owned())),
    }
}
