//! Which of several lines about one sample and model count. A run that was cut off or delivered twice has written pieces,
//! failures and repetitions; resuming, the budget and the summary all read them through this type. (Resuming also counts a
//! refusal as the end of a question, and keeps those apart.)
//!
//! - A record with a response stands, and everything after it counts for nothing.
//! - A failure replaces what was there before, since it holds all of it.
//! - A piece adds to what was there before, once for each number.

use super::answer_key::AnswerKey;
use super::sample_record::Record;
use std::collections::{HashMap, HashSet};

/// What is kept of each sample and model that has no response yet, by its key; `T` is what the reader keeps of it.
#[derive(Debug)]
pub(crate) struct Fold<T> {
    answered: HashSet<AnswerKey>,
    unfinished: HashMap<AnswerKey, Unfinished<T>>,
}

/// What is known of a sample and model without a response.
#[derive(Debug, Default)]
pub(crate) struct Unfinished<T> {
    /// What the reader keeps.
    pub kept: T,
    /// The numbers of the pieces in it.
    pieces: HashSet<u32>,
}

/// What a line means beside those before it.
#[derive(Debug)]
pub(crate) enum Folded<'a, T> {
    /// Nothing: it is there already.
    Repeated,
    /// A piece, to be added to what is kept.
    Piece(&'a mut T),
    /// A failure, in place of what was kept before, if anything was.
    Failure(&'a mut T, Option<T>),
    /// The response, in place of what was kept before, if anything was.
    Response(Option<T>),
}

impl<T> Default for Fold<T> {
    fn default() -> Self {
        Self { answered: HashSet::new(), unfinished: HashMap::new() }
    }
}

impl<T: Default> Fold<T> {
    /// Takes the next line.
    pub(crate) fn take(&mut self, record: &Record) -> Folded<'_, T> {
        let key = record.key();
        if self.answered.contains(&key) {
            return Folded::Repeated;
        }
        if record.failure.is_none() {
            self.answered.insert(key);
            return Folded::Response(self.unfinished.remove(&key).map(|before| before.kept));
        }
        if let Some(number) = record.piece {
            let unfinished = self.unfinished.entry(key).or_default();
            return match unfinished.pieces.insert(number) {
                true => Folded::Piece(&mut unfinished.kept),
                false => Folded::Repeated,
            };
        }
        let before = self.unfinished.remove(&key).map(|before| before.kept);
        let unfinished = self.unfinished.entry(key).or_default();
        Folded::Failure(&mut unfinished.kept, before)
    }

    /// Forgets a sample and model, where nothing of it is worth keeping.
    pub(crate) fn forget(&mut self, key: &AnswerKey) {
        self.unfinished.remove(key);
    }

    /// What is kept of a sample and model without a response.
    pub(crate) fn unfinished(&self, key: &AnswerKey) -> Option<&Unfinished<T>> {
        self.unfinished.get(key)
    }

    /// What is kept of all that have no response, in no order.
    pub(crate) fn all_unfinished(&self) -> impl Iterator<Item = &T> {
        self.unfinished.values().map(|unfinished| &unfinished.kept)
    }
}

impl<T> Unfinished<T> {
    /// The number of the next piece.
    pub(crate) fn next_piece(&self) -> u32 {
        self.pieces.iter().max().map_or(0, |number| number + 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dataset::Sample;
    use crate::record::{Piece, RecordEvidence};
    use assay_model::{ModelError, Response};

    /// Keeps the evidence as resuming does.
    fn take(fold: &mut Fold<RecordEvidence>, record: Record) {
        match fold.take(&record) {
            Folded::Piece(kept) => kept.merge(record.evidence),
            Folded::Failure(kept, _) => *kept = record.evidence,
            Folded::Repeated | Folded::Response(_) => {}
        }
    }

    fn responses(texts: &[&str]) -> Vec<Response> {
        texts.iter().map(|text| Response { text: Some((*text).to_owned()), ..Response::default() }).collect()
    }

    fn piece(number: u32, text: &str) -> Record {
        Record::piece(&Sample::default(), "m", number, Piece::Response(responses(&[text]).remove(0)))
    }

    fn failed(texts: &[&str]) -> Record {
        let throttled = ModelError::Throttled { message: String::new(), retry_after: None };
        Record::failed(Sample::default(), "m", responses(texts), &throttled)
    }

    #[test]
    fn a_piece_counts_once_and_a_failure_replaces_those_before_it() {
        let mut fold = Fold::default();
        let key = piece(0, "a").key();
        for record in [piece(0, "a"), piece(1, "b"), piece(0, "a"), piece(1, "b")] {
            take(&mut fold, record);
        }
        let unfinished = fold.unfinished(&key).unwrap();
        assert_eq!((&unfinished.kept.responses, unfinished.next_piece()), (&responses(&["a", "b"]), 2));

        take(&mut fold, failed(&["a", "b"]));
        take(&mut fold, piece(0, "c"));
        assert_eq!(fold.unfinished(&key).unwrap().kept.responses, responses(&["a", "b", "c"]));

        fold.forget(&key);
        take(&mut fold, piece(4, "d"));
        let unfinished = fold.unfinished(&key).unwrap();
        assert_eq!((&unfinished.kept.responses, unfinished.next_piece()), (&responses(&["d"]), 5));
    }

    #[test]
    fn after_a_response_nothing_counts() {
        let mut fold = Fold::default();
        let key = piece(0, "a").key();
        take(&mut fold, piece(0, "a"));
        let whole = Record::answered(Sample::default(), "m", responses(&["a", "b"]));
        assert!(matches!(fold.take(&whole), Folded::Response(Some(before)) if before.responses == responses(&["a"])));
        for record in [whole, piece(7, "c"), failed(&["d"])] {
            assert!(matches!(fold.take(&record), Folded::Repeated));
        }
        assert!(fold.unfinished(&key).is_none() && fold.all_unfinished().next().is_none());
    }
}
