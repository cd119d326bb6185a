//! A dataset as the lines of one job: what each gives the job, or why it cannot go into it.
//!
//! Both passes read through here. Counting and writing is left to `survey` and `parts`.

use super::findings::Findings;
use super::rules::Rules;
use super::{RecordedSource, conversation};
use assay_core::dataset::{Dataset, DatasetReader, Entry, Sample};
use assay_core::spec::{JobKind, JobSpec, RunSpec};
use assay_problem::Problem;
use assay_store::StoreError;

/// A sample, and how a job is asked about it.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedSample {
    /// The prompt with the spec's template around it.
    pub prompt: String,
    /// Which turn of a conversation, from 0; none for single questions and for conversations of one turn.
    pub turn: Option<u32>,
    /// The sample. Of a conversation with several turns each has an id of its own: `line#1`, `line#2`.
    pub sample: Sample,
}

/// What one line gives the job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobInput {
    /// The line that the job reads: JSON with only the keys that the service documents, without a line break.
    pub json: String,
    /// What is asked by it: one sample, or one for each turn.
    pub asked: Vec<AskedSample>,
}

/// One line of the dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct JobLine {
    /// What goes into the job; nothing where an error was found.
    pub input: Option<JobInput>,
    /// Everything that was found.
    pub problems: Vec<Problem>,
}

/// Reads a dataset for a job, line by line.
pub struct JobLines<'a> {
    reader: DatasetReader,
    place: String,
    rules: Rules<'a>,
}

impl<'a> JobLines<'a> {
    /// Opens the dataset for one pass.
    ///
    /// # Errors
    /// When it is missing, may not be read, or the store cannot be reached.
    pub async fn open(dataset: &Dataset, spec: &'a RunSpec, job: &'a JobSpec) -> Result<Self, StoreError> {
        Ok(Self { reader: dataset.open().await?, place: dataset.place.clone(), rules: Rules::new(spec, job) })
    }

    /// What the next line with anything on it gives; `None` at the end.
    ///
    /// # Errors
    /// When the store fails in the middle.
    pub async fn next(&mut self) -> Result<Option<JobLine>, StoreError> {
        let is_rag = self.rules.job.kind == JobKind::Rag;
        let mut turns = None;
        let entry = if is_rag {
            let read = |place: &str, number, text: &str| {
                let (parsed, found) = conversation::read(place, number, text);
                turns = found;
                parsed
            };
            self.reader.next_with(read).await?
        } else {
            self.reader.next().await?
        };
        let (sample, mut problems) = match entry {
            None => return Ok(None),
            Some(Entry::Bad(problems)) => return Ok(Some(JobLine { input: None, problems })),
            Some(Entry::Sample(sample, warnings)) => (*sample, warnings),
        };
        problems.extend(self.rules.lost_system_prompt(&self.place, &sample));
        let mut findings = Findings::new(&self.place, sample.line);
        let input = match is_rag {
            true => self.rules.rag(sample, turns, &mut findings),
            false => self.rules.plain(sample, &mut findings),
        };
        problems.append(&mut findings.problems);
        let input = input.map_err(|error| StoreError::of_file(&self.place, error.into()))?;
        Ok(Some(JobLine { input, problems }))
    }

    /// Who the usable lines so far say has answered, in the order of their appearance. Empty unless the job evaluates
    /// recorded answers.
    pub fn sources(&self) -> &[RecordedSource] {
        self.rules.recorded_sources()
    }
}
