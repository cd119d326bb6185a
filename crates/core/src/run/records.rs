//! Reads the records of a run, part by part, in bounded memory.

use super::error::RunError;
use super::pairwise::Comparison;
use super::record::{RECORD_FORMAT, Record};
use crate::dataset::{Line, LineReader};
use crate::store::StoreError;
use crate::store::keys::RunKeys;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::de::DeserializeOwned;

/// The longest record that is read, in bytes: a longest line of a dataset, answered at length, several times.
const LONGEST_RECORD: usize = 256 * 1024 * 1024;

/// Shows every whole record of the run to `each`, in the order of the parts. Answers the number of the next part.
///
/// # Errors
/// As [`for_each_line`].
pub async fn for_each_record(
    store: &dyn ObjectStore,
    keys: &RunKeys,
    mut each: impl FnMut(Record),
) -> Result<u32, RunError> {
    for_each_line(store, keys, |record| {
        if record.piece.is_none() {
            each(record);
        }
    })
    .await
}

/// Shows every line to `each`, pieces of records that were not whole yet among them: what was paid for, if nothing came
/// after them. Answers the number of the next part.
///
/// A part's last line that is broken and has no end is what a killed process left behind; it is passed over, as its
/// sample counts as not answered.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn for_each_line(store: &dyn ObjectStore, keys: &RunKeys, each: impl FnMut(Record)) -> Result<u32, RunError> {
    for_each_json(store, &keys.records(), each).await
}

/// A line of a part.
pub trait PartLine: DeserializeOwned {
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

/// Shows every line of the parts in `folder` to `each`. Answers the number of the next part.
///
/// # Errors
/// As [`for_each_line`].
pub async fn for_each_json<T: PartLine>(
    store: &dyn ObjectStore,
    folder: &Path,
    mut each: impl FnMut(T),
) -> Result<u32, RunError> {
    let parts = parts(store, folder).await?;
    for part in &parts {
        read_part(store, part, &mut each).await?;
    }
    Ok(parts.last().and_then(number_of).map_or(0, |number| number + 1))
}

/// The parts in `folder`, in order.
///
/// # Errors
/// When the store fails.
pub async fn parts(store: &dyn ObjectStore, folder: &Path) -> Result<Vec<Path>, RunError> {
    let parts: Vec<Path> = store
        .list(Some(folder))
        .map_ok(|found| found.location)
        .try_collect()
        .await
        .map_err(|error| StoreError::new(folder.as_ref(), error))?;
    let mut parts: Vec<Path> = parts.into_iter().filter(|part| number_of(part).is_some()).collect();
    parts.sort();
    Ok(parts)
}

/// Shows every whole record of one part to `each`.
///
/// # Errors
/// As [`for_each_line`].
pub async fn read_records(store: &dyn ObjectStore, part: &Path, each: &mut impl FnMut(Record)) -> Result<(), RunError> {
    let mut whole = |record: Record| {
        if record.piece.is_none() {
            each(record);
        }
    };
    read_part(store, part, &mut whole).await
}

fn number_of(part: &Path) -> Option<u32> {
    part.filename()?.strip_prefix("part-")?.strip_suffix(".jsonl")?.parse().ok()
}

async fn read_part<T: PartLine>(
    store: &dyn ObjectStore,
    part: &Path,
    each: &mut impl FnMut(T),
) -> Result<(), RunError> {
    let wrong = |error| StoreError::new(part.as_ref(), error);
    let stream = store.get(part).await.map_err(wrong)?.into_stream();
    let mut lines = LineReader::new(stream.boxed(), LONGEST_RECORD);
    while let Some(line) = lines.next().await.map_err(wrong)? {
        let unreadable = |line: u64, reason: String| RunError::Record { part: part.to_string(), line, reason };
        match line {
            Line::Text { number, text, ended, .. } => match serde_json::from_str::<T>(&text) {
                Ok(record) if record.format() <= RECORD_FORMAT => each(record),
                Ok(record) => {
                    let reason = format!("it has format {}, this version reads up to {RECORD_FORMAT}", record.format());
                    return Err(unreadable(number, reason));
                }
                Err(_) if !ended => tracing::warn!(part = %part, line = number, "passed over a record cut short"),
                Err(error) => return Err(unreadable(number, format!("broken at column {}", error.column()))),
            },
            // A record may be cut in the middle of a character too.
            Line::NotUtf8 { number, ended: false, .. } => {
                tracing::warn!(part = %part, line = number, "passed over a record cut short");
            }
            Line::NotUtf8 { number, .. } => return Err(unreadable(number, "not UTF-8".to_owned())),
            Line::TooLong { number, .. } => return Err(unreadable(number, "too long".to_owned())),
        }
    }
    Ok(())
}
