//! A dataset as a stream of samples, from any store.

use super::LONGEST_LINE;
use super::line::{ParsedLine, parse_line};
use super::lines::{Line, LineReader};
use super::sample::Sample;
use assay_problem::Problem;
use assay_store::StoreError;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So much is fetched at a time. A dataset is read at the pace of the models, and a request that is held open for that
/// long is cut off.
const PIECE: u64 = 4 * 1024 * 1024;

/// Where a dataset lies.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The store that holds it.
    pub store: Arc<dyn ObjectStore>,
    /// Its key in the store.
    pub path: Path,
    /// The version to read, in a store that keeps versions; the newest otherwise.
    pub version: Option<String>,
    /// How problems name it.
    pub place: String,
}

/// What one line of a dataset gave.
#[derive(Debug)]
pub enum Entry {
    /// A sample, with warnings about it.
    Sample(Box<Sample>, Vec<Problem>),
    /// A line that cannot be used, and why.
    Bad(Vec<Problem>),
}

/// Reads a dataset, line by line.
pub struct DatasetReader {
    lines: LineReader<BoxStream<'static, Result<Bytes, object_store::Error>>>,
    place: String,
    /// Digests of the ids so far: 16 bytes an id, whatever its length.
    ids: HashSet<[u8; 16]>,
    /// How often a question without an id has come so far.
    questions: HashMap<[u8; 16], u32>,
    aliases: HashSet<&'static str>,
}

impl Dataset {
    /// Opens the dataset for one pass.
    ///
    /// # Errors
    /// When it is missing, may not be read, or the store cannot be reached.
    pub async fn open(&self) -> Result<DatasetReader, StoreError> {
        let options = GetOptions { head: true, version: self.version.clone(), ..GetOptions::default() };
        let found = self.store.get_opts(&self.path, options).await;
        let meta = found.map_err(|error| StoreError::new(&self.place, error))?.meta;
        Ok(DatasetReader {
            lines: LineReader::new(self.pieces(meta), LONGEST_LINE),
            place: self.place.clone(),
            ids: HashSet::new(),
            questions: HashMap::new(),
            aliases: HashSet::new(),
        })
    }

    /// The bytes, fetched piece by piece from one state of the object.
    fn pieces(&self, meta: ObjectMeta) -> BoxStream<'static, Result<Bytes, object_store::Error>> {
        let (store, path, version) = (Arc::clone(&self.store), self.path.clone(), self.version.clone());
        let read = futures::stream::try_unfold(0, move |start| {
            let (store, path) = (Arc::clone(&store), path.clone());
            let end = meta.size.min(start + PIECE);
            let options = GetOptions {
                range: Some(GetRange::Bounded(start..end)),
                if_match: meta.e_tag.clone(),
                version: version.clone(),
                ..GetOptions::default()
            };
            async move {
                if start >= end {
                    return Ok(None);
                }
                let piece = store.get_opts(&path, options).await?.bytes().await?;
                Ok(Some((piece, end)))
            }
        });
        read.boxed()
    }
}

impl DatasetReader {
    /// What the next line with anything on it gives; `None` at the end.
    ///
    /// # Errors
    /// When the store fails in the middle.
    pub async fn next(&mut self) -> Result<Option<Entry>, StoreError> {
        self.next_with(parse_line).await
    }

    /// As [`Self::next`], with another reading of a line: what `parse` makes of the dataset's place, the line's number
    /// and its text. Blank lines, ids, aliases and bytes that are no text are dealt with as ever.
    ///
    /// # Errors
    /// When the store fails in the middle.
    pub async fn next_with(
        &mut self,
        parse: impl FnOnce(&str, u64, &str) -> ParsedLine,
    ) -> Result<Option<Entry>, StoreError> {
        loop {
            let line = self.lines.next().await.map_err(|error| StoreError::new(&self.place, error))?;
            match line {
                None => return Ok(None),
                Some(Line::Text { text, byte_order_mark, .. }) if text.trim().is_empty() && !byte_order_mark => {}
                Some(line) => return Ok(Some(self.entry(line, parse))),
            }
        }
    }

    fn entry(&mut self, line: Line, parse: impl FnOnce(&str, u64, &str) -> ParsedLine) -> Entry {
        let place = self.place.as_str();
        match line {
            Line::TooLong { number, bytes } => {
                let message = format!("the line has {bytes} bytes, more than the {LONGEST_LINE} that are read");
                let problem = Problem::error(place, message).on_line(number);
                Entry::Bad(vec![problem.remedy("shorten it; no model takes a prompt of this size")])
            }
            Line::NotUtf8 { number, column, .. } => {
                let message = format!("not UTF-8 from byte {column}");
                let problem = Problem::error(place, message).on_line(number);
                Entry::Bad(vec![problem.remedy("save the file as UTF-8")])
            }
            Line::Text { number, text, byte_order_mark, .. } => {
                let mut warnings = Vec::new();
                if byte_order_mark {
                    let problem = Problem::warning(place, "the file begins with a byte order mark").on_line(number);
                    warnings.push(problem.remedy("it was skipped; save the file as UTF-8 without it"));
                }
                let parsed = parse(place, number, &text);
                self.parsed(number, parsed, warnings)
            }
        }
    }

    fn parsed(&mut self, number: u64, parsed: ParsedLine, mut warnings: Vec<Problem>) -> Entry {
        for (alias, meant) in parsed.aliases {
            if self.aliases.insert(alias) {
                let message = format!("`{alias}` is read as `{meant}`");
                let problem = Problem::warning(&self.place, message).on_line(number).in_field(alias);
                warnings.push(problem.remedy("told once; rename the key to be understood by Bedrock's own jobs too"));
            }
        }
        let Some(mut sample) = parsed.sample else {
            warnings.extend(parsed.problems);
            return Entry::Bad(warnings);
        };
        if sample.id.is_empty() {
            sample.id = self.derived_id(&sample);
        }
        if !self.ids.insert(digest([sample.id.as_str()])) {
            let message = format!("the id `{}` is used by an earlier line", sample.id);
            let problem = Problem::error(&self.place, message).on_line(number).in_field("id");
            warnings.push(problem.remedy("give each line an id of its own"));
            return Entry::Bad(warnings);
        }
        Entry::Sample(Box::new(sample), warnings)
    }

    /// An id made from the question, so that it stays when lines move; a repeated question is numbered.
    fn derived_id(&mut self, sample: &Sample) -> String {
        let digest = digest([
            sample.system.as_deref().unwrap_or_default(),
            sample.context.as_deref().unwrap_or_default(),
            &sample.prompt,
        ]);
        let times = self.questions.entry(digest).or_insert(0);
        *times += 1;
        let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        match *times {
            1 => format!("q-{hex}"),
            times => format!("q-{hex}-{times}"),
        }
    }
}

/// The first 16 bytes of a SHA-256 over the parts, each with its length before it.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    first
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use object_store::ObjectStoreExt;
    use object_store::memory::InMemory;

    async fn dropped(store: &Arc<InMemory>, lines: usize) -> Dataset {
        // Two bytes a letter, so that pieces end inside of letters too.
        let body: String = (0..lines).map(|line| format!("{{\"prompt\":\"{line}{}\"}}\n", "é".repeat(997))).collect();
        let path = Path::from("d.jsonl");
        store.put(&path, body.into()).await.unwrap();
        Dataset { store: Arc::clone(store) as Arc<dyn ObjectStore>, path, version: None, place: "d.jsonl".to_owned() }
    }

    #[tokio::test]
    async fn a_dataset_of_many_pieces_is_read_whole() {
        let lines = 2 * PIECE as usize / 2000 + 100;
        let mut reader = dropped(&Arc::default(), lines).await.open().await.unwrap();
        let mut samples = 0;
        while let Some(entry) = reader.next().await.unwrap() {
            let Entry::Sample(sample, _) = entry else { unreachable!() };
            assert!(sample.prompt.starts_with(&samples.to_string()));
            samples += 1;
        }
        assert_eq!(samples, lines);
    }

    #[tokio::test]
    async fn a_dataset_that_changes_while_it_is_read_is_not_mixed() {
        let store = Arc::default();
        let mut reader = dropped(&store, 4000).await.open().await.unwrap();
        reader.next().await.unwrap();
        dropped(&store, 5000).await;
        let mut ended = reader.next().await;
        while matches!(ended, Ok(Some(_))) {
            ended = reader.next().await;
        }
        assert!(matches!(ended, Err(StoreError::Unavailable { .. })), "{ended:?}");
    }
}
