//! A record in the making. Whatever is answered for it is written at once, as a piece, so that a paid answer is never
//! paid for twice, wherever the run is cut off.

use super::evidence::{Piece, Purpose, Wasted};
use super::part_writer::PartWriter;
use super::sample_record::Record;
use crate::dataset::Sample;
use crate::spec::RunError;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What earlier deliveries of a run have kept of a record that is not whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// The answers, in no particular order. Its sample is empty.
    pub record: Option<Record>,
    numbers: HashSet<u32>,
}

impl Kept {
    /// Takes a record as it was read. A piece counts once, however often it was written; a record that is no piece has
    /// everything of those before it.
    pub(crate) fn take(&mut self, mut record: Record) {
        // The dataset has the sample: of many failed questions, the texts would fill the memory.
        record.sample = Sample::default();
        let (Some(number), Some(kept)) = (record.piece, &mut self.record) else {
            self.numbers = record.piece.into_iter().collect();
            self.record = Some(record);
            return;
        };
        if self.numbers.insert(number) {
            kept.responses.extend(record.responses);
            kept.variants.extend(record.variants);
            kept.noise.extend(record.noise);
            kept.similarity.extend(record.similarity);
            kept.toxicity.extend(record.toxicity);
            kept.verdicts.extend(record.verdicts);
            kept.wasted.extend(record.wasted);
        }
    }

    fn next_number(&self) -> u32 {
        self.numbers.iter().max().map_or(0, |number| number + 1)
    }
}

/// A record in the making.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    state: Mutex<State>,
    writer: &'a PartWriter,
    /// Whether answers are written one by one. A record of a single answer is written whole instead.
    in_pieces: bool,
}

#[derive(Debug)]
struct State {
    record: Record,
    next_number: u32,
}

impl<'a> Draft<'a> {
    /// A record that begins with what was kept of it. Of `record` the answers stand, where it has any: they came with
    /// the dataset.
    pub(crate) fn new(mut record: Record, kept: Option<&Kept>, writer: &'a PartWriter, in_pieces: bool) -> Self {
        if let Some(Kept { record: Some(kept), .. }) = kept {
            if record.responses.is_empty() {
                record.responses.clone_from(&kept.responses);
            }
            record.variants.clone_from(&kept.variants);
            record.noise.clone_from(&kept.noise);
            record.similarity.clone_from(&kept.similarity);
            record.toxicity.clone_from(&kept.toxicity);
            record.verdicts.clone_from(&kept.verdicts);
            record.wasted.clone_from(&kept.wasted);
            // What failed is asked again, and has been paid for all the same.
            let failed = record.similarity.iter().filter(|found| found.failure.is_some());
            record.wasted.extend(failed.filter_map(|found| {
                let (purpose, model) = (Purpose::Similarity, found.model.clone());
                Some(Wasted { purpose, model, usage: found.usage? })
            }));
            let failed = record.verdicts.iter().filter(|found| found.failure.is_some());
            record.wasted.extend(failed.filter_map(|found| {
                let (purpose, model) = (Purpose::Verdict, found.judge.clone());
                Some(Wasted { purpose, model, usage: found.usage? })
            }));
            record.variants.retain(|found| found.failure.is_none());
            record.noise.retain(|found| found.failure.is_none());
            record.similarity.retain(|found| found.failure.is_none());
            record.toxicity.retain(|found| found.failure.is_none());
            record.verdicts.retain(|found| found.failure.is_none());
        }
        let next_number = kept.map_or(0, Kept::next_number);
        Self { state: Mutex::new(State { record, next_number }), writer, in_pieces }
    }

    /// Takes an answer that was paid for, and writes it down.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) async fn keep(&self, piece: Piece) -> Result<(), RunError> {
        let written = {
            let mut state = self.state();
            let State { record, next_number } = &mut *state;
            let written =
                self.in_pieces.then(|| Record::piece(&record.sample, &record.model, *next_number, piece.clone()));
            *next_number += 1;
            record.take(piece);
            written
        };
        match written {
            Some(piece) => self.writer.append(&piece).await,
            None => Ok(()),
        }
    }

    /// Notes what came to nothing. It is not written before the record is whole: whoever goes on tries again.
    pub(crate) fn note(&self, piece: Piece) {
        self.state().record.take(piece);
    }

    /// Looks at what there is so far.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.state().record)
    }

    /// The record, its evidence in order.
    pub(crate) fn into_record(self) -> Record {
        let mut record = self.state.into_inner().unwrap_or_else(PoisonError::into_inner).record;
        record.noise.sort_by_key(|found| found.index);
        record.similarity.sort_by_key(|found| found.response);
        record.toxicity.sort_by_key(|found| found.response);
        record.verdicts.sort_by(|left, right| {
            let place = |found: &super::evidence::RubricVerdict| (found.response, found.repeat);
            left.rubric.cmp(&right.rubric).then_with(|| place(left).cmp(&place(right)))
        });
        record.variants.sort_by(|left, right| left.kind.cmp(&right.kind).then(left.index.cmp(&right.index)));
        record
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A record is whole at every moment: a panic elsewhere leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_model::{ModelError, Response};

    fn piece(number: u32, text: &str) -> Record {
        let response = Response { text: Some(text.to_owned()), ..Response::default() };
        Record::piece(&Sample::default(), "m", number, Piece::Response(response))
    }

    fn texts(kept: &Kept) -> Vec<String> {
        let responses = kept.record.iter().flat_map(|record| &record.responses);
        responses.filter_map(|response| response.text.clone()).collect()
    }

    #[test]
    fn a_piece_counts_once_and_a_record_replaces_those_before_it() {
        let mut kept = Kept::default();
        for record in [piece(0, "a"), piece(1, "b"), piece(0, "a"), piece(1, "b")] {
            kept.take(record);
        }
        assert_eq!((texts(&kept), kept.next_number()), (vec!["a".to_owned(), "b".to_owned()], 2));
        let throttled = ModelError::Throttled { message: String::new(), retry_after: None };
        let both = kept.record.clone().unwrap().responses;
        kept.take(Record::failed(Sample::default(), "m", both, &throttled));
        kept.take(piece(0, "c"));
        assert_eq!(texts(&kept), ["a", "b", "c"]);

        let sample = Sample { id: "a".to_owned(), prompt: "long".to_owned(), ..Sample::default() };
        kept.take(Record::failed(sample, "m", Vec::new(), &throttled));
        assert_eq!(kept.record.unwrap().sample, Sample::default(), "it is in the dataset");
    }
}
