//! Which records of a run count, where a sample occurs twice: the first answer, else the last failure.
//!
//! Records are read several times, so this is found out once and kept in a byte a record.

use assay_core::record::{AnswerKey, Record};
use std::collections::{BTreeMap, HashMap};

/// Gathers what counts, while the records are read for the first time.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    counts: Vec<bool>,
    latest: HashMap<AnswerKey, (usize, bool)>,
    tallies: BTreeMap<String, Tally>,
}

/// How many samples of a model came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    /// Samples.
    pub samples: u64,
    /// Those without an answer.
    pub unanswered: u64,
    /// Those that failed a check.
    pub failed: u64,
    /// Those that were answered and not checked.
    pub unchecked: u64,
    /// Milliseconds of all answers together.
    pub latency_ms: u64,
}

/// What a sample came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// There is no answer.
    Unanswered,
    /// The answer failed a check.
    Failed,
    /// Nothing was checked.
    Unchecked,
    /// The answer passed every check.
    Passed,
}

impl State {
    /// What the record came to.
    pub(crate) fn of(record: &Record) -> Self {
        match (&record.failure, record.passed()) {
            (Some(_), _) => Self::Unanswered,
            (None, Some(false)) => Self::Failed,
            (None, None) => Self::Unchecked,
            (None, Some(true)) => Self::Passed,
        }
    }
}

/// Milliseconds of all repeats of a record.
pub(crate) fn latency_ms(record: &Record) -> u64 {
    record.evidence.responses.iter().filter_map(|response| response.latency_ms).sum()
}

impl Survey {
    /// Looks at the next record.
    pub(crate) fn see(&mut self, record: &Record) {
        let position = self.counts.len();
        let state = State::of(record);
        let answered = state != State::Unanswered;
        if let Some((before, was_answered)) = self.latest.get(&record.key()).copied() {
            if was_answered {
                self.counts.push(false);
                return;
            }
            if let Some(count) = self.counts.get_mut(before) {
                *count = false;
            }
            if let Some(tally) = self.tallies.get_mut(&record.model) {
                tally.samples -= 1;
                tally.unanswered -= 1;
            }
        }
        self.counts.push(true);
        self.latest.insert(record.key(), (position, answered));
        let tally = self.tallies.entry(record.model.clone()).or_default();
        tally.samples += 1;
        match state {
            State::Unanswered => tally.unanswered += 1,
            State::Failed => tally.failed += 1,
            State::Unchecked => tally.unchecked += 1,
            State::Passed => {}
        }
        if answered {
            tally.latency_ms += latency_ms(record);
        }
    }

    /// What was found out; the rest of the memory is given back.
    pub(crate) fn finish(self) -> Counting {
        Counting { counts: self.counts, tallies: self.tallies }
    }
}

/// Which records count.
#[derive(Debug)]
pub(crate) struct Counting {
    counts: Vec<bool>,
    tallies: BTreeMap<String, Tally>,
}

impl Counting {
    /// Whether the record at `position`, counted from 0 over all parts, counts. One that was written since does not.
    pub(crate) fn counts(&self, position: usize) -> bool {
        self.counts.get(position).copied().unwrap_or(false)
    }

    /// Each model's samples.
    pub(crate) fn tallies(&self) -> &BTreeMap<String, Tally> {
        &self.tallies
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_data::{answered, unanswered};

    #[test]
    fn the_first_answer_counts_and_else_the_last_failure() {
        let records = [
            unanswered("a", "m"),
            answered("b", "m", "x"),
            unanswered("c", "m"),
            answered("a", "m", "late"),
            answered("b", "m", "twice"),
            unanswered("c", "m"),
            answered("a", "n", "other"),
        ];
        let mut survey = Survey::default();
        records.iter().for_each(|record| survey.see(record));
        let counting = survey.finish();
        let counts: Vec<bool> = (0..8).map(|position| counting.counts(position)).collect();
        assert_eq!(counts, [false, true, false, true, false, true, true, false]);
        let tally = counting.tallies()["m"];
        assert_eq!((tally.samples, tally.unanswered, tally.unchecked), (3, 1, 2));
    }
}
