//! Reads the records of a run, part by part, in bounded memory.

use super::pair_tally::PairTally;
use super::preference::Comparison;
use super::sample_record::{RECORD_FORMAT, Record};
use crate::dataset::{Line, LineReader};
use crate::spec::RunError;
use assay_store::StoreError;
use assay_store::keys::RunKeys;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::marker::PhantomData;

/// The longest record that is read, in bytes: a longest line of a dataset, answered at length, several times.
const LONGEST_RECORD: usize = 256 * 1024 * 1024;

/// A line of a part.
pub(crate) trait PartLine: DeserializeOwned {
    /// The version of its format.
    fn format(&self) -> u32;
}

impl PartLine for Record {
    fn format(&self) -> u32 {
        self.format
    }
}

impl PartLine for Comparison {
    fn format(&self) -> u32 {
        self.format
    }
}

/// The whole records of a run, one after the other, in the order of the parts.
pub struct RecordReader<'a>(PartReader<'a, Record>);

impl<'a> RecordReader<'a> {
    /// Finds the parts of the run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(store: &'a dyn ObjectStore, keys: &RunKeys) -> Result<Self, RunError> {
        Ok(Self(PartReader::open(store, parts(store, &keys.records()).await?)))
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// When the store fails, or a record cannot be read.
    pub async fn next(&mut self) -> Result<Option<Record>, RunError> {
        while let Some(record) = self.0.next().await? {
            if record.piece.is_none() {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }
}

/// Shows every whole record of the run to `each`, in the order of the parts.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(crate) async fn for_each_record(
    store: &dyn ObjectStore,
    keys: &RunKeys,
    mut each: impl FnMut(Record),
) -> Result<(), RunError> {
    let mut records = RecordReader::open(store, keys).await?;
    while let Some(record) = records.next().await? {
        each(record);
    }
    Ok(())
}

/// Shows every line to `each`, pieces of records that were not whole yet among them: what was paid for, if nothing came
/// after them. Answers the number of the next part.
///
/// A part's last line that is broken and has no end is what a killed process left behind; it is passed over, as its
/// sample counts as not answered.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(crate) async fn for_each_line(
    store: &dyn ObjectStore,
    keys: &RunKeys,
    each: impl FnMut(Record),
) -> Result<u32, RunError> {
    for_each_json(store, &keys.records(), each).await
}

/// Shows every line of the parts in `folder` to `each`. Answers the number of the next part.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(crate) async fn for_each_json<T: PartLine>(
    store: &dyn ObjectStore,
    folder: &Path,
    mut each: impl FnMut(T),
) -> Result<u32, RunError> {
    let parts = parts(store, folder).await?;
    let next_part = parts.last().and_then(number_of).map_or(0, |number| number + 1);
    let mut lines = PartReader::open(store, parts);
    while let Some(line) = lines.next().await? {
        each(line);
    }
    Ok(next_part)
}

/// What is compared so far, and the number of the next part.
///
/// # Errors
/// When the store fails, or a comparison cannot be read.
pub(crate) async fn read_pairs(store: &dyn ObjectStore, keys: &RunKeys) -> Result<(PairTally, u32), RunError> {
    let mut tally = PairTally::default();
    let next = for_each_json(store, &keys.pairwise(), |found: Comparison| tally.add(&found)).await?;
    Ok((tally, next))
}

/// Shows every whole record of one part to `each`.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub(crate) async fn read_records(
    store: &dyn ObjectStore,
    part: &Path,
    each: &mut impl FnMut(Record),
) -> Result<(), RunError> {
    let mut records = RecordReader(PartReader::open(store, vec![part.clone()]));
    while let Some(record) = records.next().await? {
        each(record);
    }
    Ok(())
}

/// The parts in `folder`, in order.
///
/// # Errors
/// When the store fails.
pub(crate) async fn parts(store: &dyn ObjectStore, folder: &Path) -> Result<Vec<Path>, RunError> {
    let parts: Vec<Path> = store
        .list(Some(folder))
        .map_ok(|found| found.location)
        .try_collect()
        .await
        .map_err(|error| StoreError::new(folder.as_ref(), error))?;
    let mut parts: Vec<Path> = parts.into_iter().filter(|part| number_of(part).is_some()).collect();
    // Not by name: a number of more digits than others comes after them.
    parts.sort_by_key(number_of);
    Ok(parts)
}

fn number_of(part: &Path) -> Option<u32> {
    part.filename()?.strip_prefix("part-")?.strip_suffix(".jsonl")?.parse().ok()
}

/// The lines of parts, one after the other.
struct PartReader<'a, T> {
    store: &'a dyn ObjectStore,
    /// The parts that are still to be opened.
    parts: VecDeque<Path>,
    open: Option<(Path, Lines)>,
    line: PhantomData<fn() -> T>,
}

type Lines = LineReader<BoxStream<'static, Result<Bytes, object_store::Error>>>;

impl<'a, T: PartLine> PartReader<'a, T> {
    fn open(store: &'a dyn ObjectStore, parts: Vec<Path>) -> Self {
        Self { store, parts: parts.into(), open: None, line: PhantomData }
    }

    async fn next(&mut self) -> Result<Option<T>, RunError> {
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
                    if let Some(found) = read_line(part, line)? {
                        return Ok(Some(found));
                    }
                }
            }
        }
    }
}

/// What is on a line, unless it was cut short.
fn read_line<T: PartLine>(part: &Path, line: Line) -> Result<Option<T>, RunError> {
    let unreadable = |line: u64, reason: String| Err(RunError::Record { part: part.to_string(), line, reason });
    match line {
        Line::Text { number, text, ended, .. } => match serde_json::from_str::<T>(&text) {
            Ok(found) if found.format() <= RECORD_FORMAT => Ok(Some(found)),
            Ok(found) => {
                let reason = format!("it has format {}, this version reads up to {RECORD_FORMAT}", found.format());
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
