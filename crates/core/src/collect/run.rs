//! Asks models what a dataset asks, and writes down every answer as it comes.
//!
//! The dataset is read once, as a stream; each model takes its samples from a short queue, so that none gets much ahead
//! of the others. Scoring is done before a record is written, since it needs nothing but the record.

use super::asker::Asker;
use super::collection::{Collected, Collection};
use super::examine::Examination;
use super::halt::Halt;
use super::progress::Progress;
use crate::dataset::{Entry, Sample, Survey};
use crate::record::{Draft, Expected, PartWriter, Record, answer_key, write_old};
use crate::spec::{Execution, RunError};
use futures::{StreamExt, TryFutureExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

impl Collection<'_> {
    /// Collects until everything is answered or it is time to stop.
    ///
    /// # Errors
    /// When the store fails, or a model's client cannot be made.
    pub(crate) async fn run(self) -> Result<Collected, RunError> {
        let writer = PartWriter::new(&self.execution.place, self.keys, self.earlier.next_part);
        let specs = &self.execution.spec.models;
        let examination = Examination::new(&self);
        let askers: Vec<Asker<'_>> = specs.iter().map(|spec| Asker::new(&self, spec, &examination, &writer)).collect();
        let (queues, mut inboxes): (Vec<_>, Vec<_>) =
            specs.iter().map(|_| mpsc::channel::<Arc<Sample>>(self.execution.concurrency)).unzip();
        let asking = futures::future::try_join_all(
            askers.iter().zip(inboxes.drain(..)).map(|(asker, inbox)| asker.answer_all(inbox)),
        );
        let (recorded, inbox) = mpsc::channel::<Record>(self.execution.concurrency);
        let examining = self.examine_all(&examination, inbox, &writer);
        let recorded = examination.is_needed().then_some(recorded);
        let work = async {
            let feeding = self.feed(queues, recorded, &writer);
            let (complete, (), ()) = tokio::try_join!(feeding, asking.map_ok(drop), examining)?;
            Ok::<bool, RunError>(complete)
        };
        let finished = tokio::select! {
            finished = work => finished.map(Some),
            error = write_old(&writer) => Err(error),
            () = self.stop.waiting.cancelled() => Ok(None),
        };
        // Whatever went wrong, what was answered is written.
        let written = writer.finish().await;
        let finished = finished?;
        written?;
        let left_over = examination.is_stopped() || askers.iter().any(Asker::is_stopped);
        let locked_out = askers.iter().any(Asker::is_locked_out);
        Ok(Collected {
            complete: finished.unwrap_or(false) && !left_over && !locked_out,
            problems: askers.iter().filter_map(Asker::problem).collect(),
            warnings: examination.warnings(),
            used_up: None,
        })
    }

    /// Has recorded answers examined, and writes their records.
    async fn examine_all(
        &self,
        examination: &Examination<'_>,
        inbox: mpsc::Receiver<Record>,
        writer: &PartWriter,
    ) -> Result<(), RunError> {
        let records = futures::stream::unfold(inbox, async |mut inbox| Some((inbox.recv().await?, inbox)));
        let examined = records.map(|record| async move {
            let kept = self.earlier.unfinished.unfinished(&record.key());
            let draft = Draft::new(record, kept, writer, true);
            match examination.examine(&draft).await {
                Ok(()) => self.write(draft.into_record(), writer).await,
                Err(Halt::Stopped) => Ok(()),
                Err(Halt::Broken(error)) => Err(error),
            }
        });
        let mut examined = std::pin::pin!(examined.buffer_unordered(self.execution.concurrency));
        while let Some(written) = examined.next().await {
            written?;
        }
        Ok(())
    }

    /// Writes the record of a recorded answer.
    async fn write(&self, mut record: Record, writer: &PartWriter) -> Result<(), RunError> {
        self.scoring.judge(&mut record);
        writer.append(&record).await?;
        Progress::add(&self.progress.answered, 1);
        Ok(())
    }

    /// Reads the dataset and hands its samples out. Answers whether it came to the end.
    async fn feed(
        &self,
        queues: Vec<mpsc::Sender<Arc<Sample>>>,
        examined: Option<mpsc::Sender<Record>>,
        writer: &PartWriter,
    ) -> Result<bool, RunError> {
        let mut reader = self.execution.dataset.open().await?;
        let mut samples = 0;
        while self.execution.limit.is_none_or(|limit| samples < limit) {
            if self.stop.asking.is_cancelled() {
                return Ok(false);
            }
            let mut sample = match reader.next().await? {
                None => break,
                Some(Entry::Bad(_)) => continue,
                Some(Entry::Sample(sample, _)) => *sample,
            };
            samples += 1;
            let recorded = std::mem::take(&mut sample.recorded);
            if !recorded.is_empty() && !self.execution.ask_again {
                for answer in recorded {
                    if self.earlier.finals.contains(&answer_key(&sample.id, &answer.model)) {
                        continue;
                    }
                    let record = Record::recorded(sample.clone(), &answer.model, answer.response);
                    match &examined {
                        None => self.write(record, writer).await?,
                        Some(examined) => tokio::select! {
                            _ = examined.send(record) => {}
                            () = self.stop.asking.cancelled() => return Ok(false),
                        },
                    }
                }
                // Recorded answers need no waiting, so others are let in by hand.
                tokio::task::consume_budget().await;
                continue;
            }
            if self.execution.recorded_only {
                continue;
            }
            let sample = Arc::new(sample);
            for (queue, spec) in queues.iter().zip(&self.execution.spec.models) {
                if self.earlier.finals.contains(&answer_key(&sample.id, &spec.id)) {
                    continue;
                }
                // A queue is closed only when its model's errors end the run.
                tokio::select! {
                    _ = queue.send(Arc::clone(&sample)) => {}
                    () = self.stop.asking.cancelled() => return Ok(false),
                }
            }
        }
        Ok(true)
    }
}

/// What each model has to answer: recorded answers with those it is asked for, whether or not anybody came to ask.
pub(crate) fn expected(execution: &Execution, survey: &Survey) -> BTreeMap<String, Expected> {
    let mut expected: BTreeMap<String, Expected> = BTreeMap::new();
    let mut expect = |model: &str, samples: u64, checked: u64| {
        if samples > 0 {
            let expected = expected.entry(model.to_owned()).or_default();
            expected.samples += samples;
            // Checks of the spec are made on every line.
            expected.checked += if execution.spec.checks.is_empty() { checked } else { samples };
        }
    };
    let (mut asked, mut checked) = (survey.samples, survey.checked_samples);
    if !execution.ask_again {
        asked -= survey.recorded_samples;
        checked -= survey.checked_recorded_samples;
        survey.recorded_models.iter().for_each(|(model, found)| expect(model, found.answers, found.checked));
    }
    if !execution.recorded_only {
        execution.spec.models.iter().for_each(|model| expect(&model.id, asked, checked));
    }
    expected
}
