//! Finds the answers of different models to the same question in a stream of records, in bounded memory.
//!
//! Models answer at much the same pace, so an answer waits for the others only briefly. Where it does not, as in a run
//! that was cut off, questions that do not fit are left for another pass over the records.

use crate::dataset::Sample;
use crate::record::{AnswerKey, Pair, Record, answer_key};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many bytes of text may wait.
const MOST_WAITING: usize = 32 * 1024 * 1024;

type SampleKey = AnswerKey;

#[derive(Debug)]
struct Waiting {
    sample: Arc<Sample>,
    answers: Vec<(String, Arc<str>)>,
}

/// The answers that wait for others.
#[derive(Debug)]
pub(super) struct Join {
    waiting: HashMap<SampleKey, Waiting>,
    bytes: usize,
    most_bytes: usize,
    /// Questions that did not fit in this pass.
    left: HashSet<SampleKey>,
    /// Questions of this pass; all in the first.
    only: Option<HashSet<SampleKey>>,
}

impl Default for Join {
    fn default() -> Self {
        Self { waiting: HashMap::new(), bytes: 0, most_bytes: MOST_WAITING, left: HashSet::new(), only: None }
    }
}

impl Join {
    /// Takes a record; its pairs with those that wait go to `pairs`. The first answer of each model counts.
    pub(super) fn take(&mut self, record: Record, pairs: &mut Vec<Pair>) {
        let text = record.evidence.responses.first().and_then(|response| response.text.as_deref());
        let Some(text) = text.filter(|_| record.failure.is_none()) else { return };
        let key = answer_key(&record.sample.id, "");
        if self.only.as_ref().is_some_and(|only| !only.contains(&key)) {
            return;
        }
        let answer: (String, Arc<str>) = (record.model, text.into());
        let size = answer.1.len() + record.sample.prompt.len();
        if let Some(waiting) = self.waiting.get_mut(&key) {
            if waiting.answers.iter().any(|(model, _)| *model == answer.0) {
                return;
            }
            for other in &waiting.answers {
                let (first, second) = if other.0 < answer.0 { (other, &answer) } else { (&answer, other) };
                let sample = Arc::clone(&waiting.sample);
                pairs.push(Pair { sample, first: first.clone(), second: second.clone() });
            }
            waiting.answers.push(answer);
            self.bytes += size;
            return;
        }
        // A question waits with all of its answers or not at all; at least one does, so every pass gets further.
        if self.left.contains(&key) || (self.bytes + size > self.most_bytes && !self.waiting.is_empty()) {
            self.left.insert(key);
            return;
        }
        self.bytes += size;
        self.waiting.insert(key, Waiting { sample: Arc::new(record.sample), answers: vec![answer] });
    }

    /// Prepares another pass for what was left. False where nothing was.
    pub(super) fn begin_again(&mut self) -> bool {
        self.waiting.clear();
        self.bytes = 0;
        let left = std::mem::take(&mut self.left);
        let more = !left.is_empty();
        self.only = Some(left);
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(sample: usize, model: &str) -> Record {
        let sample = Sample { id: sample.to_string(), prompt: "0123456789".to_owned(), ..Sample::default() };
        let text = format!("{model} to {}", sample.id);
        Record::recorded(sample, model, text)
    }

    fn joined(join: &mut Join, records: &[Record]) -> (Vec<String>, usize) {
        let (mut found, mut passes) = (Vec::new(), 0);
        loop {
            passes += 1;
            let mut pairs = Vec::new();
            records.iter().for_each(|record| join.take(record.clone(), &mut pairs));
            found.extend(pairs.iter().map(|pair| format!("{} | {}", pair.first.1, pair.second.1)));
            if !join.begin_again() {
                found.sort();
                return (found, passes);
            }
        }
    }

    #[test]
    fn every_two_models_meet_once_for_each_question() {
        let records: Vec<Record> = ["c", "a", "b", "a"].iter().flat_map(|m| [record(0, m), record(1, m)]).collect();
        let (found, passes) = joined(&mut Join::default(), &records);
        let mut expected: Vec<String> = [("a", "b"), ("a", "c"), ("b", "c")]
            .iter()
            .flat_map(|(first, second)| (0..2).map(move |n| format!("{first} to {n} | {second} to {n}")))
            .collect();
        expected.sort();
        assert_eq!((found, passes), (expected, 1));
    }

    #[test]
    fn however_far_apart_they_are_and_however_little_fits() {
        let records: Vec<Record> = ["a", "b"].iter().flat_map(|m| (0..50).map(|n| record(n, m))).collect();
        let whole = joined(&mut Join::default(), &records).0;
        let mut small = Join { most_bytes: 100, ..Join::default() };
        let (found, passes) = joined(&mut small, &records);
        assert_eq!(found, whole);
        assert!(passes > 5, "{passes}");
        let mut least = Join { most_bytes: 0, ..Join::default() };
        assert_eq!(joined(&mut least, &records), (whole, 50));
    }

    #[test]
    fn what_was_not_answered_is_not_compared() {
        let mut failed = record(0, "b");
        failed.evidence.responses[0].text = None;
        assert!(joined(&mut Join::default(), &[record(0, "a"), failed]).0.is_empty());
    }
}
