//! Asks one model what a dataset asks, as often as the spec says, and has its answers examined.

use super::collection::Collection;
use super::examine::Examination;
use super::halt::{Halt, first_halt};
use super::progress::Progress;
use super::requests;
use super::respondent::Respondent;
use crate::dataset::Sample;
use crate::record::{Draft, PartWriter, Piece, Record, answer_key};
use crate::spec::{ModelSpec, RunError};
use assay_model::{Backend, ModelError, Request};
use assay_problem::Problem;
use futures::StreamExt;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Asks one model.
pub(super) struct Asker<'a> {
    collection: &'a Collection<'a>,
    spec: &'a ModelSpec,
    respondent: Respondent<'a>,
    examination: &'a Examination<'a>,
    writer: &'a PartWriter,
}

impl<'a> Asker<'a> {
    /// Asks the model of `spec`.
    pub(super) fn new(
        collection: &'a Collection<'a>,
        spec: &'a ModelSpec,
        examination: &'a Examination<'a>,
        writer: &'a PartWriter,
    ) -> Self {
        let respondent = Respondent::new(collection.asking(), (Backend::Converse, &spec.id), spec.requests_per_minute);
        respondent.recall(&collection.earlier.answerers);
        Self { collection, spec, respondent, examination, writer }
    }

    /// Answers every sample that comes.
    ///
    /// # Errors
    /// When a record cannot be written, or the model's client cannot be made.
    pub(super) async fn answer_all(&self, inbox: mpsc::Receiver<Arc<Sample>>) -> Result<(), RunError> {
        let samples = futures::stream::unfold(inbox, async |mut inbox| Some((inbox.recv().await?, inbox)));
        let concurrency = self.collection.execution.concurrency;
        let answers = samples.map(|sample| self.answer(sample)).buffer_unordered(concurrency);
        let mut answers = std::pin::pin!(answers);
        while let Some(written) = answers.next().await {
            written?;
        }
        Ok(())
    }

    /// Whether a sample was left unasked because the run stops.
    pub(super) fn is_stopped(&self) -> bool {
        self.respondent.is_stopped()
    }

    /// Whether the model has answered and is out of reach now: it may answer again once the access is back.
    pub(super) fn is_locked_out(&self) -> bool {
        self.respondent.is_locked_out()
    }

    /// Why the model cannot be asked.
    pub(super) fn problem(&self) -> Option<Problem> {
        let error = self.respondent.trouble()?;
        let problem = Problem::error(&self.spec.id, format!("the model cannot be asked: {error}"));
        Some(problem.remedy("mend it and run again; what other models answered is in the records"))
    }

    /// Asks one sample as often as the spec says, has the answers examined, and writes the record.
    async fn answer(&self, sample: Arc<Sample>) -> Result<(), RunError> {
        let progress = self.collection.progress;
        if self.respondent.ended().is_some() {
            Progress::add(&progress.failed, 1);
            return Ok(());
        }
        let repeats = self.collection.execution.spec.repeats as usize;
        let kept = self.collection.earlier.unfinished.unfinished(&answer_key(&sample.id, &self.spec.id));
        let request = self.request(&sample);
        let record = Record::answered(Arc::unwrap_or_clone(sample), &self.spec.id, Vec::new());
        let robustness = self.collection.execution.spec.robustness.as_ref();
        let in_pieces = repeats > 1 || robustness.is_some() || self.examination.is_needed();
        let draft = Draft::new(record, kept, self.writer, in_pieces);
        while draft.look(|record| record.evidence.responses.len()) < repeats {
            match self.respondent.ask(&request).await? {
                Ok(response) => draft.keep(Piece::Response(response)).await?,
                Err(error) => return self.give_up(draft, error).await,
            }
        }
        // The judge need not wait for the variants, nor they for the judge.
        let varied = async {
            match robustness {
                Some(spec) => self.vary(spec, &draft).await,
                None => Ok(()),
            }
        };
        let (varied, examined) = tokio::join!(varied, self.examination.examine(&draft));
        match first_halt(vec![varied, examined]) {
            Ok(()) => {}
            // Everything that was answered is written, piece by piece.
            Err(Halt::Stopped) => return Ok(()),
            Err(Halt::Broken(error)) => return Err(error),
        }
        let mut record = draft.into_record();
        self.collection.scoring.judge(&mut record);
        self.writer.append(&record).await?;
        Progress::add(&progress.answered, 1);
        Ok(())
    }

    /// Writes down a sample that could not be answered.
    async fn give_up(&self, draft: Draft<'_>, error: ModelError) -> Result<(), RunError> {
        let progress = self.collection.progress;
        if error == ModelError::Stopped {
            // Whoever waited for a turn at a model that has ended is left without an answer as the rest is.
            match self.respondent.ended().is_some() {
                true => Progress::add(&progress.failed, 1),
                false => drop(self.respondent.halt()),
            }
            return Ok(());
        }
        self.note_wasted(&error, &draft);
        let mut record = draft.into_record();
        record.failure = Some((&error).into());
        self.collection.scoring.judge(&mut record);
        self.writer.append(&record).await?;
        Progress::add(&progress.failed, 1);
        Ok(())
    }

    /// The model.
    pub(super) fn respondent(&self) -> &Respondent<'a> {
        &self.respondent
    }

    /// The question of a sample.
    pub(super) fn request(&self, sample: &Sample) -> Request {
        let request = requests::question(&self.collection.execution.spec, self.spec, sample);
        Request { metadata: self.respondent.marks(None), ..request }
    }
}
