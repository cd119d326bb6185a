//! The samples of one part, and how a line of a job's output finds its own again.
//!
//! The service returns prompts and nothing else that would tell which line it answers, so prompts are what is compared.

use super::lines::AskedSample;
use assay_core::dataset::Sample;
use assay_store::{StoreError, read};
use object_store::ObjectStore;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};

/// What a prompt, as it was asked, is found by: 32 hexadecimal digits of its SHA-256.
pub fn prompt_key(prompt: &str) -> String {
    Sha256::digest(prompt).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// One line of the object with the samples.
#[derive(Serialize, Deserialize)]
struct Indexed {
    key: String,
    turn: Option<u32>,
    sample: Sample,
    /// The key of the prompt without white space around it, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trimmed: Option<String>,
}

/// The line of one sample.
pub(super) fn line(asked: &AskedSample) -> serde_json::Result<String> {
    let key = prompt_key(&asked.prompt);
    let trimmed = Some(prompt_key(asked.prompt.trim())).filter(|trimmed| *trimmed != key);
    serde_json::to_string(&Indexed { key, turn: asked.turn, sample: asked.sample.clone(), trimmed })
}

/// The samples under each key, by their place.
type Places = HashMap<(String, Option<u32>), VecDeque<usize>>;

/// The samples of one part. Each is found once, so a file of output needs an index of its own.
#[derive(Debug, Default)]
pub struct SampleIndex {
    samples: Vec<Option<Sample>>,
    exact: Places,
    trimmed: Places,
}

impl SampleIndex {
    /// Reads what was written beside a part.
    ///
    /// # Errors
    /// When there is nothing, it is not what was written, or the store fails.
    pub async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Self, StoreError> {
        let body = read(store, path).await?.ok_or_else(|| StoreError::Missing { place: path.to_string() })?;
        let mut index = Self::default();
        for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let read: serde_json::Result<Indexed> = serde_json::from_slice(line);
            // The parser's own text may quote the line; where and what kind of error it is says enough.
            let wrong = |error: serde_json::Error| std::io::Error::other(format!("{:?} in a sample", error.classify()));
            index.add(read.map_err(|error| StoreError::of_file(path.as_ref(), wrong(error)))?);
        }
        Ok(index)
    }

    fn add(&mut self, indexed: Indexed) {
        let place = self.samples.len();
        self.samples.push(Some(indexed.sample));
        let trimmed = indexed.trimmed.unwrap_or_else(|| indexed.key.clone());
        self.exact.entry((indexed.key, indexed.turn)).or_default().push_back(place);
        self.trimmed.entry((trimmed, indexed.turn)).or_default().push_back(place);
    }

    /// The sample that was asked as `prompt`, in this turn of its conversation (from 0; none for single questions and
    /// for conversations of one turn). The very text goes before one that differs in white space around it. Of samples
    /// that were asked alike, the first that was not found yet; none once all of them were, so it is asked for once for
    /// each line of output, however many answers that line holds.
    pub fn find(&mut self, prompt: &str, turn: Option<u32>) -> Option<Sample> {
        take(&mut self.exact, &mut self.samples, (prompt_key(prompt), turn))
            .or_else(|| take(&mut self.trimmed, &mut self.samples, (prompt_key(prompt.trim()), turn)))
    }

    /// Those that nobody asked for, in the order of the dataset.
    pub fn unfound(&self) -> impl Iterator<Item = &Sample> {
        self.samples.iter().flatten()
    }
}

fn take(places: &mut Places, samples: &mut [Option<Sample>], key: (String, Option<u32>)) -> Option<Sample> {
    let queue = places.get_mut(&key)?;
    // A sample may have been found by its other key.
    std::iter::from_fn(|| queue.pop_front()).find_map(|place| samples.get_mut(place).and_then(Option::take))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(prompts: &[(&str, Option<u32>)]) -> SampleIndex {
        let mut index = SampleIndex::default();
        for (number, (prompt, turn)) in prompts.iter().enumerate() {
            let sample = Sample { id: number.to_string(), ..Sample::default() };
            let line = line(&AskedSample { prompt: (*prompt).to_owned(), turn: *turn, sample }).unwrap();
            index.add(serde_json::from_str(&line).unwrap());
        }
        index
    }

    fn found(index: &mut SampleIndex, prompt: &str, turn: Option<u32>) -> Option<String> {
        index.find(prompt, turn).map(|sample| sample.id)
    }

    #[test]
    fn the_key_is_the_beginning_of_the_digest() {
        // `printf 'What is 2+2?' | sha256sum`
        assert_eq!(prompt_key("What is 2+2?"), "52cb6b5e4a038af1756708f98afb718a");
    }

    #[test]
    fn prompts_asked_alike_are_found_in_order_and_no_more_often() {
        let mut index = index(&[("a", None), ("b", None), ("a", None)]);
        let ids: Vec<Option<String>> = ["a", "a", "a", "b", "c"].map(|prompt| found(&mut index, prompt, None)).into();
        assert_eq!(ids, [Some("0".to_owned()), Some("2".to_owned()), None, Some("1".to_owned()), None]);
        assert_eq!(index.unfound().count(), 0);
    }

    #[test]
    fn the_very_text_goes_before_a_trimmed_one() {
        let mut index = index(&[("a\n", None), ("a", None), (" b", None), ("c", None)]);
        assert_eq!(found(&mut index, "a", None).as_deref(), Some("1"));
        assert_eq!(found(&mut index, "a", None).as_deref(), Some("0"));
        assert_eq!(found(&mut index, "a\n", None), None);
        assert_eq!(found(&mut index, "b", None).as_deref(), Some("2"));
        assert_eq!(found(&mut index, "c\n", None).as_deref(), Some("3"));
    }

    #[test]
    fn turns_are_told_apart() {
        let mut index = index(&[("a", Some(0)), ("a", Some(1)), ("a", None)]);
        assert_eq!(found(&mut index, "a", Some(1)).as_deref(), Some("1"));
        assert_eq!(found(&mut index, "a", None).as_deref(), Some("2"));
        assert_eq!(found(&mut index, "a", Some(2)), None);
        assert_eq!(index.unfound().map(|sample| sample.id.as_str()).collect::<Vec<_>>(), ["0"]);
    }
}
