//! Asks models what a dataset asks, and writes down every answer as it comes.
//!
//! The dataset is read once, as a stream; each model takes its samples from a short queue, so that none gets much ahead
//! of the others. Scoring is done before a record is written, since it needs nothing but the record.

use super::error::RunError;
use super::execution::Execution;
use super::part_writer::PartWriter;
use super::progress::Progress;
use super::record::{AnswerKey, Record, Scoring, answer_key};
use super::spec::ModelSpec;
use super::stop::Stop;
use super::summarise::Expected;
use super::template;
use crate::dataset::{Entry, Sample};
use crate::model::{Backend, Model, ModelError, Models, Pace, Paced, Patience, Request, Response};
use crate::problem::Problem;
use crate::store::keys::RunKeys;
use futures::{StreamExt, TryFutureExt};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;

/// How a collection ended.
#[derive(Debug, Default)]
pub struct Collected {
    /// Whether every sample was asked.
    pub complete: bool,
    /// What each model had to answer.
    pub expected: BTreeMap<String, Expected>,
    /// Models that cannot be asked, and why.
    pub problems: Vec<Problem>,
}

/// What an earlier delivery of the same run has written.
#[derive(Debug, Default)]
pub struct Earlier {
    /// What is answered, or refused for good.
    pub finals: HashSet<AnswerKey>,
    /// Repeats that were answered before the run was cut off or a later repeat failed.
    pub repeats: HashMap<AnswerKey, Vec<Response>>,
    /// Models that have answered.
    pub models: HashSet<String>,
    /// The number of the next part.
    pub next_part: u32,
}

/// One collection.
pub struct Collection<'a> {
    /// The run.
    pub execution: &'a Execution,
    /// Its keys.
    pub keys: &'a RunKeys,
    /// How answers are judged.
    pub scoring: &'a Scoring,
    /// What is there already.
    pub earlier: &'a Earlier,
    /// When to end.
    pub stop: &'a Stop,
    /// Where to tell how far it is.
    pub progress: &'a Progress,
}

impl Collection<'_> {
    /// Collects until everything is answered or it is time to stop.
    ///
    /// # Errors
    /// When the store fails, or a model's client cannot be made.
    pub async fn run(self) -> Result<Collected, RunError> {
        let writer = PartWriter::new(&self.execution.place, self.keys, self.earlier.next_part);
        let specs = &self.execution.spec.models;
        let askers: Vec<Asker<'_>> = specs.iter().map(|spec| Asker::new(&self, spec, &writer)).collect();
        let (queues, mut inboxes): (Vec<_>, Vec<_>) =
            specs.iter().map(|_| mpsc::channel::<Arc<Sample>>(self.execution.concurrency)).unzip();
        let asking = futures::future::try_join_all(
            askers.iter().zip(inboxes.drain(..)).map(|(asker, inbox)| asker.answer_all(inbox)),
        );
        let mut expected = BTreeMap::new();
        let work = async {
            let (complete, ()) = tokio::try_join!(self.feed(queues, &writer, &mut expected), asking.map_ok(drop))?;
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
        let left_over = askers.iter().any(|asker| asker.stopped.load(Ordering::Relaxed));
        // A model that has answered and is denied now may answer again once the access is back.
        let locked_out = askers.iter().any(|asker| asker.ended.initialized() && asker.answers.load(Ordering::Relaxed));
        Ok(Collected {
            complete: finished.unwrap_or(false) && !left_over && !locked_out,
            problems: askers.iter().filter_map(Asker::problem).collect(),
            expected,
        })
    }

    /// Reads the dataset and hands its samples out. Answers whether it came to the end.
    async fn feed(
        &self,
        queues: Vec<mpsc::Sender<Arc<Sample>>>,
        writer: &PartWriter,
        expected: &mut BTreeMap<String, Expected>,
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
            let has_checks = !(self.execution.spec.checks.is_empty() && sample.checks.is_empty());
            let mut expect = |model: &str| {
                let expected = expected.entry(model.to_owned()).or_default();
                expected.samples += 1;
                expected.checked += u64::from(has_checks);
            };
            let recorded = std::mem::take(&mut sample.recorded);
            if !recorded.is_empty() && !self.execution.ask_again {
                for answer in recorded {
                    expect(&answer.model);
                    if self.earlier.finals.contains(&answer_key(&sample.id, &answer.model)) {
                        continue;
                    }
                    let mut record = Record::recorded(sample.clone(), &answer.model, answer.response);
                    self.scoring.judge(&mut record);
                    writer.append(&record).await?;
                    Progress::add(&self.progress.answered, 1);
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
                expect(&spec.id);
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

/// Ends only when writing fails.
async fn write_old(writer: &PartWriter) -> RunError {
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        if let Err(error) = writer.write_old().await {
            return error;
        }
    }
}

/// Asks one model.
struct Asker<'a> {
    execution: &'a Execution,
    spec: &'a ModelSpec,
    scoring: &'a Scoring,
    writer: &'a PartWriter,
    progress: &'a Progress,
    model: OnceCell<Paced>,
    /// What is there already.
    earlier: &'a Earlier,
    /// Whether the model has answered anything in this run.
    answers: AtomicBool,
    /// Whether a sample was left unasked because the run stops.
    stopped: AtomicBool,
    /// Why nothing more can be asked of this model.
    ended: OnceCell<ModelError>,
    /// Ends the waiting of those who have not asked yet: with the run, or when the model has ended.
    quit: CancellationToken,
}

impl<'a> Asker<'a> {
    fn new(collection: &Collection<'a>, spec: &'a ModelSpec, writer: &'a PartWriter) -> Self {
        Self {
            execution: collection.execution,
            spec,
            scoring: collection.scoring,
            writer,
            progress: collection.progress,
            model: OnceCell::new(),
            earlier: collection.earlier,
            answers: AtomicBool::new(collection.earlier.models.contains(&spec.id)),
            stopped: AtomicBool::new(false),
            ended: OnceCell::new(),
            quit: collection.stop.asking.child_token(),
        }
    }

    async fn answer_all(&self, inbox: mpsc::Receiver<Arc<Sample>>) -> Result<(), RunError> {
        let samples = futures::stream::unfold(inbox, async |mut inbox| Some((inbox.recv().await?, inbox)));
        let answers = samples.map(|sample| self.answer(sample)).buffer_unordered(self.execution.concurrency);
        let mut answers = std::pin::pin!(answers);
        while let Some(written) = answers.next().await {
            written?;
        }
        Ok(())
    }

    /// Asks one sample as often as the spec says, and writes the record.
    async fn answer(&self, sample: Arc<Sample>) -> Result<(), RunError> {
        if self.ended.initialized() {
            Progress::add(&self.progress.failed, 1);
            return Ok(());
        }
        let model = self.model.get_or_try_init(|| self.make()).await?;
        let request = self.request(&sample);
        let key = answer_key(&sample.id, &self.spec.id);
        let mut responses = self.earlier.repeats.get(&key).cloned().unwrap_or_default();
        let mut failure = None;
        while responses.len() < self.execution.spec.repeats as usize {
            match model.respond(&request).await {
                Ok(response) => {
                    let usage = response.usage.unwrap_or_default();
                    Progress::add(&self.progress.tokens, usage.input_tokens + usage.output_tokens);
                    self.answers.store(true, Ordering::Relaxed);
                    responses.push(response);
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        if failure == Some(ModelError::Stopped) {
            // Whoever waited for a turn at a model that has ended is left without an answer as the rest is.
            match self.ended.initialized() {
                true => Progress::add(&self.progress.failed, 1),
                false => self.stopped.store(true, Ordering::Relaxed),
            }
            // Repeats that were answered are kept; whoever goes on asks for the others only.
            if responses.is_empty() {
                return Ok(());
            }
            let sample = Arc::unwrap_or_clone(sample);
            return self.writer.append(&Record::failed(sample, &self.spec.id, responses, &ModelError::Stopped)).await;
        }
        let sample = Arc::unwrap_or_clone(sample);
        let mut record = match &failure {
            None => Record::answered(sample, &self.spec.id, responses),
            Some(error) => Record::failed(sample, &self.spec.id, responses, error),
        };
        self.scoring.judge(&mut record);
        self.writer.append(&record).await?;
        match failure {
            None => Progress::add(&self.progress.answered, 1),
            Some(error) => {
                Progress::add(&self.progress.failed, 1);
                if error.ends_model() {
                    tracing::warn!(model = self.spec.id, class = error.class().name(), "the model cannot be asked");
                    // Whichever error came first is told.
                    let _ = self.ended.set(error);
                    self.quit.cancel();
                }
            }
        }
        Ok(())
    }

    async fn make(&self) -> Result<Paced, RunError> {
        let models: &Models = &self.execution.models;
        let model = models(Backend::Converse, self.spec.id.clone())
            .await
            .map_err(|reason| RunError::Model { model: self.spec.id.clone(), reason })?;
        let pace = Pace::new(self.execution.concurrency, self.spec.requests_per_minute);
        let waiting = Arc::clone(&self.progress.waiting);
        Ok(Paced::new(model, pace, Patience::default(), self.quit.clone(), waiting))
    }

    fn request(&self, sample: &Sample) -> Request {
        let execution = self.execution;
        Request {
            system: sample.system.clone().or_else(|| execution.spec.system.clone()),
            prompt: template::fill(&execution.spec.prompt, sample),
            inference: self.spec.inference.clone(),
            additional_model_request_fields: self.spec.additional_model_request_fields.clone(),
            tool: None,
            metadata: BTreeMap::from([
                ("source".to_owned(), "assay".to_owned()),
                ("suite".to_owned(), execution.suite.clone()),
                ("run".to_owned(), execution.run.clone()),
            ]),
        }
    }

    fn problem(&self) -> Option<Problem> {
        let error = self.ended.get()?;
        let problem = Problem::error(&self.spec.id, format!("the model cannot be asked: {error}"));
        Some(problem.remedy("mend it and run again; what other models answered is in the records"))
    }
}
