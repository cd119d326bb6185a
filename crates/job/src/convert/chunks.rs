//! Lines into parts of a few megabytes.

use crate::context::JobError;
use assay_core::spec::RunError;
use assay_store as store;
use object_store::ObjectStore;
use object_store::path::Path;
use serde::Serialize;

/// A part is written once it has so many bytes.
const PART: usize = 4 * 1024 * 1024;

/// A series of parts. Where lines are divided depends on the lines alone, so the same lines give the same parts.
pub(super) struct Chunks<'a> {
    store: &'a dyn ObjectStore,
    folder: Path,
    number: u32,
    lines: Vec<u8>,
}

impl<'a> Chunks<'a> {
    /// Parts in `folder`, numbered from `first`.
    pub(super) fn new(store: &'a dyn ObjectStore, folder: Path, first: u32) -> Self {
        Self { store, folder, number: first, lines: Vec::new() }
    }

    /// Adds a line.
    ///
    /// # Errors
    /// When a part is full and cannot be written.
    pub(super) async fn add(&mut self, line: &impl Serialize) -> Result<(), JobError> {
        serde_json::to_writer(&mut self.lines, line).map_err(RunError::Encoding)?;
        self.lines.push(b'\n');
        if self.lines.len() >= PART { self.finish().await } else { Ok(()) }
    }

    /// Writes what there is. A part of this number that is there already is of an attempt that was cut off before anybody
    /// counted it, so it is replaced.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) async fn finish(&mut self) -> Result<(), JobError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let path = self.folder.clone().join(format!("part-{:05}.jsonl", self.number));
        store::overwrite(self.store, &path, std::mem::take(&mut self.lines)).await?;
        self.number += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use futures::TryStreamExt;
    use object_store::memory::InMemory;

    async fn write(store: &InMemory, lines: usize) {
        let mut chunks = Chunks::new(store, Path::from("records"), 2000);
        for number in 0..lines {
            chunks.add(&format!("{number}{}", "x".repeat(1000))).await.unwrap();
        }
        chunks.finish().await.unwrap();
    }

    #[tokio::test]
    async fn the_same_lines_give_the_same_parts() {
        let store = InMemory::new();
        for _ in 0..2 {
            write(&store, 10_000).await;
            let mut found: Vec<_> = store.list(None).try_collect().await.unwrap();
            found.sort_by(|left, right| left.location.cmp(&right.location));
            let names: Vec<_> = found.iter().map(|meta| meta.location.as_ref()).collect();
            assert_eq!(names, ["records/part-02000.jsonl", "records/part-02001.jsonl", "records/part-02002.jsonl"]);
            // 1,003 bytes of numbers below 10, and 1,007 of those above 9,999; quotes and the line's end are among them.
            let bytes: u64 = found.iter().map(|meta| meta.size).sum();
            assert_eq!(bytes, 10 * 1004 + 90 * 1005 + 900 * 1006 + 9000 * 1007);
        }
    }
}
