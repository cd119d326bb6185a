//! Reads the records of a run, part by part, in bounded memory.

use super::error::RunError;
use super::record::{RECORD_FORMAT, Record};
use crate::dataset::{Line, LineReader};
use crate::store::StoreError;
use crate::store::keys::RunKeys;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::collections::VecDeque;

/// The longest record that is read, in bytes: a longest line of a dataset, answered at length, several times.
const LONGEST_RECORD: usize = 256 * 1024 * 1024;

/// The records of a run, one after the other, in the order of the parts.
///
/// A part's last line that is broken and has no end is what a killed process left behind; it is passed over, as its
/// sample counts as not answered.
pub struct RecordReader<'a> {
    store: &'a dyn ObjectStore,
    /// The parts that are still to be opened.
    parts: VecDeque<Path>,
    open: Option<(Path, Lines)>,
    next_part: u32,
}

type Lines = LineReader<BoxStream<'static, Result<Bytes, object_store::Error>>>;

impl<'a> RecordReader<'a> {
    /// Finds the parts of the run.
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
        Ok(Self { store, parts: parts.into(), open: None, next_part })
    }

    /// The number of the part that would come next.
    pub fn next_part(&self) -> u32 {
        self.next_part
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// When the store fails, or a record cannot be read.
    pub async fn next(&mut self) -> Result<Option<Record>, RunError> {
        loop {
            let (part, lines) = match &mut self.open {
                Some((part, lines)) => (part, lines),
                None => {
                    let Some(part) = self.parts.pop_front() else { return Ok(None) };
                    let got = self.store.get(&part).await;
                    let stream = got.map_err(|error| StoreError::new(part.as_ref(), error))?.into_stream();
                    let open = self.open.insert((part, LineReader::new(stream.boxed(), LONGEST_RECORD)));
                    (&mut open.0, &mut open.1)
                }
            };
            match lines.next().await.map_err(|error| StoreError::new(part.as_ref(), error))? {
                None => self.open = None,
                Some(line) => {
                    if let Some(record) = read_line(part, line)? {
                        return Ok(Some(record));
                    }
                }
            }
        }
    }
}

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
    Ok(records.next_part())
}

fn number_of(part: &Path) -> Option<u32> {
    part.filename()?.strip_prefix("part-")?.strip_suffix(".jsonl")?.parse().ok()
}

/// The record on a line, unless it was cut short.
fn read_line(part: &Path, line: Line) -> Result<Option<Record>, RunError> {
    let unreadable = |line: u64, reason: String| Err(RunError::Record { part: part.to_string(), line, reason });
    match line {
        Line::Text { number, text, ended, .. } => match serde_json::from_str::<Record>(&text) {
            Ok(record) if record.format <= RECORD_FORMAT => Ok(Some(record)),
            Ok(record) => {
                let reason = format!("it has format {}, this version reads up to {RECORD_FORMAT}", record.format);
                unreadable(number, reason)
            }
            Err(_) if !ended => {
                tracing::warn!(part = %part, line = number, "passed over a record cut short");
                Ok(None)
            }
            Err(error) => unreadable(number, format!("broken at column {}", error.column())),
        },
        // A record may be cut in the middle of a character too.
        Line::NotUtf8 { number, ended: false, .. } => {
            tracing::warn!(part = %part, line = number, "passed over a record cut short");
            Ok(None)
        }
        Line::NotUtf8 { number, .. } => unreadable(number, "not UTF-8".to_owned()),
        Line::TooLong { number, .. } => unreadable(number, "too long".to_owned()),
    }
}
