//! A record in the making. Whatever is answered for it is written at once, as a piece, so that a paid answer is never
//! paid for twice, wherever the run is cut off.

use super::evidence::{Piece, RecordEvidence};
use super::fold::Unfinished;
use super::part_writer::PartWriter;
use super::sample_record::Record;
use crate::spec::RunError;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// A record that begins with what earlier deliveries of the run have kept of it. The responses that `record` brings
    /// stand, where there are any: they came with the dataset. What failed before is requested again.
    pub(crate) fn new(
        mut record: Record,
        earlier: Option<&Unfinished<RecordEvidence>>,
        writer: &'a PartWriter,
        in_pieces: bool,
    ) -> Self {
        if let Some(unfinished) = earlier {
            let given = std::mem::replace(&mut record.evidence, unfinished.kept.clone()).responses;
            if !given.is_empty() {
                record.evidence.responses = given;
            }
            record.evidence.drop_failed();
        }
        let next_number = earlier.map_or(0, Unfinished::next_piece);
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
            record.evidence.add(piece);
            written
        };
        match written {
            Some(piece) => self.writer.append(&piece).await,
            None => Ok(()),
        }
    }

    /// Notes what came to nothing. It is not written before the record is whole: whoever goes on tries again.
    pub(crate) fn note(&self, piece: Piece) {
        self.state().record.evidence.add(piece);
    }

    /// Looks at what there is so far.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.state().record)
    }

    /// The record, its evidence in order.
    pub(crate) fn into_record(self) -> Record {
        let mut record = self.state.into_inner().unwrap_or_else(PoisonError::into_inner).record;
        record.evidence.sort();
        record
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A record is whole at every moment: a panic elsewhere leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
