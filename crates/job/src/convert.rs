//! A job's output to the records of its run, as a stream: line by line, a part at a time.
//!
//! What a line means is told by `output`; which jobs are ready is decided by `collect`.

mod answerers;
mod chunks;
mod further;
mod samples;

use crate::context::{JobContext, JobError};
use crate::note::{JobNote, Read};
use crate::observe::outputs;
use crate::output::{Context, JudgedAnswer, OutputKey, read_line};
use answerers::Answerers;
use assay_core::dataset::{Line, LineReader, Sample};
use assay_core::record::Record;
use assay_core::score_record::Scoring;
use assay_model::{ModelError, Response};
use assay_store::StoreError;
use assay_store::keys::RunKeys;
use chunks::Chunks;
use further::Further;
use futures::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use samples::Samples;
use serde::Serialize;
use std::collections::BTreeMap;

/// The longest line of output that is read, in bytes: passages of a knowledge base come with every answer.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// Parts of one job have numbers from its place among the jobs of its run times this.
const PARTS_OF_A_JOB: u32 = 1000;

/// Makes records of everything that the job has written, each scored by `scoring`. The same output gives the same parts
/// under the same names, so doing it again after a crash adds nothing twice.
///
/// # Errors
/// When the store fails, or a part cannot be written.
pub(crate) async fn convert(
    context: &JobContext,
    keys: &RunKeys,
    note: &JobNote,
    scoring: &Scoring,
) -> Result<Read, JobError> {
    let first = u32::try_from(note.member()).unwrap_or(u32::MAX / PARTS_OF_A_JOB).saturating_mul(PARTS_OF_A_JOB);
    let store = &*context.place.store;
    let mut conversion = Conversion {
        store,
        scoring,
        metrics: Context { only_metric: note.only_metric.clone() },
        records: Chunks::new(store, keys.records(), first),
        unread: Chunks::new(store, keys.unread(), first),
        samples: Samples::of(context, note).await?,
        answerers: Answerers::of(note),
        read: Read::default(),
    };
    let mut datasets: BTreeMap<String, Vec<Path>> = BTreeMap::new();
    for found in outputs(context, note).await? {
        let folder = found.location.as_ref().rsplit_once('/').map_or("", |(folder, _)| folder);
        datasets.entry(folder.to_owned()).or_default().push(found.location);
    }
    for files in datasets.into_values() {
        conversion.dataset(&files).await?;
    }
    conversion.finish().await
}

struct Conversion<'a> {
    store: &'a dyn ObjectStore,
    scoring: &'a Scoring,
    metrics: Context,
    records: Chunks<'a>,
    unread: Chunks<'a>,
    samples: Samples,
    answerers: Answerers,
    read: Read,
}

/// A line that could not be read, as it is kept aside.
#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    line: u64,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl Conversion<'_> {
    /// Reads the files of one dataset: one with all metrics, or, as an older page of the service's guide has it, one for
    /// each metric. The first has the answers, the others add what they say of them.
    async fn dataset(&mut self, files: &[Path]) -> Result<(), JobError> {
        let Some((first, others)) = files.split_first() else { return Ok(()) };
        let mut further = Further::default();
        for (number, file) in others.iter().enumerate() {
            let mut lines = self.open(file).await?;
            while let Some((_, answers)) = self.next(file, &mut lines).await? {
                answers.into_iter().for_each(|answer| further.add(number, answer));
            }
        }
        let model = OutputKey::parse(first.as_ref()).and_then(|key| key.model);
        let mut lines = self.open(first).await?;
        while let Some((line, mut answers)) = self.next(first, &mut lines).await? {
            for answer in &mut answers {
                further.give(answer);
                if answer.model.is_empty() {
                    // Where a line does not tell who answered, its place does.
                    answer.model = model.clone().unwrap_or_default();
                }
            }
            self.keep(line, answers).await?;
        }
        for _ in 0..further.left() {
            self.set_aside(first, 0, "a file of one metric judges an answer that the first file does not have", None)
                .await?;
        }
        Ok(())
    }

    async fn open(&mut self, file: &Path) -> Result<Lines, JobError> {
        let got = self.store.get(file).await.map_err(|error| StoreError::new(file.as_ref(), error))?;
        self.read.files.push(file.to_string());
        Ok(LineReader::new(got.into_stream().boxed(), LONGEST_LINE))
    }

    /// What the next line that can be read says; none at the end. Others are set aside.
    async fn next(&mut self, file: &Path, lines: &mut Lines) -> Result<Option<(u64, Vec<JudgedAnswer>)>, JobError> {
        loop {
            let line = lines.next().await.map_err(|error| StoreError::new(file.as_ref(), error))?;
            match line {
                None => return Ok(None),
                Some(Line::Text { text, .. }) if text.trim().is_empty() => {}
                Some(Line::Text { number, text, .. }) => match read_line(&text, &self.metrics) {
                    Ok(answers) => return Ok(Some((number, answers))),
                    Err(unreadable) => {
                        // Who rated is in the lines of people's jobs, and is told nowhere else.
                        let kept = Some(text.as_str()).filter(|text| !is_of_people(text));
                        self.set_aside(file, number, &unreadable.to_string(), kept).await?;
                    }
                },
                Some(Line::NotUtf8 { number, column, .. }) => {
                    self.set_aside(file, number, &format!("not UTF-8 from byte {column}"), None).await?;
                }
                Some(Line::TooLong { number, bytes }) => {
                    let reason = format!("the line has {bytes} bytes, more than the {LONGEST_LINE} that are read");
                    self.set_aside(file, number, &reason, None).await?;
                }
            }
        }
    }

    async fn set_aside(&mut self, file: &Path, line: u64, reason: &str, text: Option<&str>) -> Result<(), JobError> {
        self.read.unread += 1;
        self.read.first_reason.get_or_insert_with(|| format!("{file}:{line}: {reason}"));
        self.unread.add(&Unread { file: file.as_ref(), line, reason, text }).await
    }

    /// Makes records of the answers of one line. Answers to the same question share its sample.
    async fn keep(&mut self, line: u64, answers: Vec<JudgedAnswer>) -> Result<(), JobError> {
        let mut asked: Option<(Option<u32>, Sample)> = None;
        for answer in answers {
            let sample = match &asked {
                Some((turn, sample)) if *turn == answer.turn => sample.clone(),
                _ => {
                    let (sample, is_known) = self.samples.of_answer(&answer, line);
                    self.read.strangers += u64::from(!is_known);
                    asked = Some((answer.turn, sample.clone()));
                    sample
                }
            };
            let mut record = self.record(answer, sample);
            self.scoring.judge(&mut record);
            self.read.answers += u64::from(record.failure.is_none());
            self.records.add(&record).await?;
        }
        Ok(())
    }

    fn record(&self, answer: JudgedAnswer, mut sample: Sample) -> Record {
        let model = self.answerers.name_of(&answer.model);
        for (name, value) in answer.metadata {
            sample.metadata.entry(name).or_insert(value);
        }
        if answer.response.is_none() && answer.evaluations.is_empty() {
            let error = ModelError::malformed("the job's output has neither an answer nor a score");
            return Record::failed(sample, &model, Vec::new(), &error);
        }
        let text = answer.response;
        let stop_reason = answer.stop_reason;
        let response = text.is_some().then(|| Response { text, stop_reason, ..Response::default() });
        let mut record = Record::answered(sample, &model, response.into_iter().collect());
        record.recorded = self.answerers.are_recorded();
        record.evidence.evaluations = answer.evaluations;
        record
    }

    /// Notes the samples that no line was about, and writes what is left.
    async fn finish(mut self) -> Result<Read, JobError> {
        if !self.read.files.is_empty() {
            let error = ModelError::malformed("the job's output has no line about this question");
            for sample in self.samples.unfound() {
                for model in self.answerers.all() {
                    self.records.add(&Record::failed(sample.clone(), model, Vec::new(), &error)).await?;
                }
            }
        }
        self.records.finish().await?;
        self.unread.finish().await?;
        Ok(self.read)
    }
}

/// Whether a line may tell of the people who rated.
fn is_of_people(text: &str) -> bool {
    ["humanEvaluationResult", "humanAnswers", "workerId", "workerMetadata"].iter().any(|word| text.contains(word))
}

type Lines = LineReader<futures::stream::BoxStream<'static, Result<bytes::Bytes, object_store::Error>>>;
