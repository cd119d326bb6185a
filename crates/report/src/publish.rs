//! Writes what people and other tools read of a finished run. The records are read as a stream, several times; none of
//! the files needs memory that grows with their texts.

use crate::counting::{Counting, Survey};
use crate::export::Export;
use crate::html::{Context, ReportBuilder, suite_page};
use crate::junit::Junit;
use assay_core::compare::Comparison;
use assay_core::publish::history::{HistoryLine, read_history, remember};
use assay_core::record::{Record, RecordReader};
use assay_core::spec::RunError;
use assay_core::summary::Summary;
use assay_model::pricing::Prices;
use assay_problem::{Classified, ErrorClass};
use assay_store::keys::{RunKeys, SuiteKeys};
use assay_store::{Place, StoreError, overwrite};
use object_store::buffered::BufWriter;
use object_store::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Samples of models whose test cases are gathered at a time, as they lie mixed in the records.
const GATHERED: u64 = 5_000;
/// Bytes that are written at a time; not less than a part of an upload to S3.
const PIECE: usize = 5 * 1024 * 1024;
/// How often the index is written anew when a run has finished meanwhile.
const TRIES: usize = 5;

/// A report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The records could not be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output could not be written.
    #[error("the report could not be written")]
    Output(#[from] std::io::Error),
}

impl Classified for ReportError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Run(error) => error.classify(),
            Self::Store(error) => error.classify(),
            Self::Output(error) => error.classify(),
        }
    }
}

/// A finished run, to be told of.
pub struct RunReports<'a> {
    place: &'a Place,
    keys: &'a RunKeys,
    summary: &'a Summary,
    counting: Counting,
}

impl<'a> RunReports<'a> {
    /// Reads the records once, to see which of them count.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn open(place: &'a Place, keys: &'a RunKeys, summary: &'a Summary) -> Result<Self, ReportError> {
        let mut survey = Survey::default();
        let mut records = RecordReader::open(&*place.store, keys).await?;
        while let Some(record) = records.next().await? {
            survey.see(&record);
        }
        Ok(Self { place, keys, summary, counting: survey.finish() })
    }

    /// The page of the run.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn html(&self, comparisons: &[Comparison], history: &[HistoryLine]) -> Result<String, ReportError> {
        let mut builder = ReportBuilder::new(self.summary);
        let mut records = self.records().await?;
        while let Some(record) = records.next().await? {
            builder.see(&record);
        }
        let place = self.place.name_of(self.keys.root());
        Ok(builder.finish(&Context { comparisons, history, place: &place }))
    }

    /// Writes JUnit XML. Test cases stand by model, so models with many samples are read one by one.
    ///
    /// # Errors
    /// When the records cannot be read or the output not be written.
    pub async fn junit(&self, output: &mut (dyn AsyncWrite + Send + Unpin)) -> Result<(), ReportError> {
        let tallies = self.counting.tallies();
        let mut head = Junit::new();
        head.begin(self.summary, tallies)?;
        output.write_all(&head.take()).await?;
        let mut models = tallies.iter().peekable();
        while let Some((first, tally)) = models.next() {
            let (mut batch, mut samples) = (vec![(first, *tally)], tally.samples);
            while let Some((model, tally)) = models.next_if(|(_, next)| samples + next.samples <= GATHERED) {
                samples += tally.samples;
                batch.push((model, *tally));
            }
            let mut suites = Vec::new();
            for (model, tally) in batch {
                let mut junit = Junit::new();
                junit.begin_suite(self.summary, model, tally)?;
                suites.push((model, junit));
            }
            let mut records = self.records().await?;
            while let Some(record) = records.next().await? {
                let Some((_, junit)) = suites.iter_mut().find(|(model, _)| **model == record.model) else { continue };
                junit.sample(&self.summary.suite, &record)?;
                if suites.len() == 1 && suites.iter().any(|(_, junit)| junit.len() > PIECE / 64) {
                    for (_, junit) in &mut suites {
                        output.write_all(&junit.take()).await?;
                    }
                }
            }
            for (_, mut junit) in suites {
                junit.end_suite()?;
                output.write_all(&junit.take()).await?;
            }
        }
        head.end_all()?;
        output.write_all(&head.take()).await?;
        Ok(output.flush().await?)
    }

    /// Writes CSV, with what each sample cost at these prices.
    ///
    /// # Errors
    /// When the records cannot be read or the output not be written.
    pub async fn csv(&self, output: &mut (dyn AsyncWrite + Send + Unpin), prices: &Prices) -> Result<(), ReportError> {
        let mut export = Export::new(self.summary, prices)?;
        let mut records = self.records().await?;
        let mut rows = 0usize;
        while let Some(record) = records.next().await? {
            export.add(&record)?;
            rows += 1;
            if rows.is_multiple_of(64) {
                output.write_all(&export.take()?).await?;
            }
        }
        output.write_all(&export.take()?).await?;
        Ok(output.flush().await?)
    }

    async fn records(&self) -> Result<Counted<'_>, ReportError> {
        let records = RecordReader::open(&*self.place.store, self.keys).await?;
        Ok(Counted { records, counting: &self.counting, position: 0 })
    }
}

/// The records that count.
struct Counted<'a> {
    records: RecordReader<'a>,
    counting: &'a Counting,
    position: usize,
}

impl Counted<'_> {
    async fn next(&mut self) -> Result<Option<Record>, RunError> {
        while let Some(record) = self.records.next().await? {
            self.position += 1;
            if self.counting.counts(self.position - 1) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }
}

/// What was written, as keys of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The page of the run.
    pub report: Path,
    /// JUnit XML.
    pub junit: Path,
    /// The page of the suite; none for a run that is alone in its place.
    pub index: Option<Path>,
}

/// Writes `report.html` and `junit.xml` beside the summary, and brings the history and the page of the suite up to
/// date. Doing it again does no harm: the files are replaced, the history has each run once.
///
/// # Errors
/// When the records cannot be read, or the store fails. What was written until then stays.
pub async fn publish(
    place: &Place,
    keys: &RunKeys,
    summary: &Summary,
    comparisons: &[Comparison],
) -> Result<Published, ReportError> {
    let history = if keys.is_alone() { Vec::new() } else { remember(place, summary).await? };
    let reports = RunReports::open(place, keys, summary).await?;
    let page = reports.html(comparisons, &history).await?;
    overwrite(&*place.store, &keys.report(), page).await?;
    let mut output = BufWriter::with_capacity(Arc::clone(&place.store), keys.junit(), PIECE).with_max_concurrency(1);
    match reports.junit(&mut output).await {
        Ok(()) => output.shutdown().await?,
        Err(error) => {
            // What is uploaded of a file that stays unfinished is thrown away; if that fails too, the bucket's rule does.
            let _ = output.abort().await;
            return Err(error);
        }
    }
    let index = if keys.is_alone() { None } else { Some(write_index(place, &summary.suite, history).await?) };
    Ok(Published { report: keys.report(), junit: keys.junit(), index })
}

/// Writes the page of the suite. Should another run have finished meanwhile, it is written anew: of two that cross, the
/// last to write has seen both.
async fn write_index(place: &Place, suite: &str, mut history: Vec<HistoryLine>) -> Result<Path, ReportError> {
    let index = SuiteKeys::new(suite).index();
    for _ in 0..TRIES {
        overwrite(&*place.store, &index, suite_page(suite, &history)).await?;
        let now = read_history(place, suite).await?;
        if now == history {
            break;
        }
        history = now;
    }
    Ok(index)
}
