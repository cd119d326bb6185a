//! Starting the jobs of a run: checks first, then notes, then the service. Doing it again does no harm, and goes on where it
//! was cut off.

use crate::context::{JobContext, JobError};
use crate::input::{JobSurvey, survey_for_job, write_parts};
use crate::ledger;
use crate::note::{JobNote, JobState};
use crate::plan::{JobRun, PlannedJob};
use crate::refuse::{Refusal, refuse};
use crate::request::JobRequest;
use crate::submit::submit;
use assay_core::dataset::Dataset;
use assay_core::publish::Finished;
use assay_core::spec::JobKind;
use assay_core::summary::read_summary;
use assay_problem::{Problem, Problems};
use assay_score::Scorer;
use assay_store::StoreError;

/// What came of starting the jobs of a run.
#[derive(Debug)]
pub enum Started {
    /// They are noted; those that could not be started yet wait. Their notes, in order.
    Noted(Vec<JobNote>),
    /// Nothing was started, for the problems in the summary.
    Refused(Box<Finished>),
    /// Nothing was started, and that was told before, or somebody else is about to.
    RefusedBefore,
}

/// What starting the jobs of a run would come to.
#[derive(Debug)]
pub enum Check {
    /// They were started before; starting them goes on with those that wait.
    StartedBefore,
    /// They can be started. These lines of the dataset go into none of them.
    Ready {
        /// How many lines.
        bad_lines: u64,
    },
    /// They cannot, for these problems.
    Refused(Problems),
}

/// Looks whether every job of `run` over `dataset` can be started, and writes nothing. `report` is shown every problem of
/// the dataset as it is found.
///
/// # Errors
/// When the store fails.
pub async fn check(
    context: &JobContext,
    run: &JobRun,
    dataset: &Dataset,
    report: impl FnMut(&Problem),
) -> Result<Check, JobError> {
    if ledger::read(&context.place, &run.first_job()).await?.is_some() {
        return Ok(Check::StartedBefore);
    }
    Ok(match planned(context, run, dataset, report).await? {
        Ok((survey, _)) => Check::Ready { bad_lines: survey.bad_lines },
        Err(refusal) => Check::Refused(refusal.problems),
    })
}

/// Starts every job of `run` over `dataset`.
///
/// # Errors
/// When the store fails. A service that does not answer is no error: the jobs wait in their notes.
pub async fn start(context: &JobContext, run: &JobRun, dataset: &Dataset) -> Result<Started, JobError> {
    let place = &context.place;
    let first = run.first_job();
    let names = match ledger::read(place, &first).await? {
        // The first note is written last, so all are there.
        Some(note) => note.jobs,
        // Notes are written first: a run that has a summary and no job was refused, and what jobs wrote would be lost. Whoever
        // refused it may have died before anybody was told.
        None if read_summary(&*place.store, &run.keys()).await?.is_some() => {
            return refused(context, run, Refusal::default()).await;
        }
        None => {
            let prepared = match prepare(context, run, dataset).await? {
                Ok(prepared) => prepared,
                Err(refusal) => return refused(context, run, refusal).await,
            };
            let names: Vec<String> = prepared.planned.iter().map(|job| job.request.name.clone()).collect();
            for job in prepared.planned.iter().rev() {
                ledger::create(place, &note(run, job, &names, &prepared)).await?;
            }
            names
        }
    };
    let mut notes = Vec::with_capacity(names.len());
    let mut is_full = false;
    for name in &names {
        let note = match is_full {
            true => ledger::read(place, name).await?.ok_or_else(|| ledger::missing(name))?,
            false => submit(context, name).await?.0,
        };
        is_full |= note.state == JobState::Waiting;
        notes.push(note);
    }
    Ok(Started::Noted(notes))
}

async fn refused(context: &JobContext, run: &JobRun, refusal: Refusal) -> Result<Started, JobError> {
    let refused = refuse(context, run, refusal).await?;
    Ok(refused.map_or(Started::RefusedBefore, |finished| Started::Refused(Box::new(finished))))
}

/// What was found out and written before any note.
struct Prepared {
    planned: Vec<PlannedJob>,
    /// How many samples each part has.
    samples: Vec<u64>,
    bad_lines: u64,
    labels: Vec<String>,
    problems: Problems,
}

/// Finds every problem, and writes what the jobs read.
async fn prepare(context: &JobContext, run: &JobRun, dataset: &Dataset) -> Result<Result<Prepared, Refusal>, JobError> {
    let (survey, planned) = match planned(context, run, dataset, |_| {}).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    run.write_spec(&context.place).await?;
    let written = write_parts(dataset, &run.spec, &run.job, &context.place, |part| run.part(part)).await?;
    let JobSurvey { bad_lines, problems, labels, .. } = survey;
    let labels = labels.into_iter().filter(|_| run.spec.scorers.contains(&Scorer::ClassificationAccuracy)).collect();
    Ok(Ok(Prepared { planned, samples: written.prompts, bad_lines, labels, problems }))
}

/// The jobs of the run, or why there can be none.
async fn planned(
    context: &JobContext,
    run: &JobRun,
    dataset: &Dataset,
    mut report: impl FnMut(&Problem),
) -> Result<Result<(JobSurvey, Vec<PlannedJob>), Refusal>, JobError> {
    let survey = match survey_for_job(dataset, &run.spec, &run.job, &mut report).await {
        Ok(survey) => survey,
        Err(StoreError::Missing { place }) => {
            let problem = Problem::error(place, "the dataset was deleted before it was read").remedy("drop it again");
            report(&problem);
            return Ok(Err(Refusal { problems: vec![problem].into(), bad_lines: 0 }));
        }
        Err(error) => return Err(error.into()),
    };
    let found = match run.jobs(&survey, context) {
        Ok(planned) if !survey.is_refused => return Ok(Ok((survey, planned))),
        Ok(_) => Vec::new(),
        Err(found) => found,
    };
    let JobSurvey { mut problems, bad_lines, .. } = survey;
    for problem in found {
        report(&problem);
        problems.add(problem);
    }
    Ok(Err(Refusal { problems, bad_lines }))
}

fn note(run: &JobRun, job: &PlannedJob, jobs: &[String], prepared: &Prepared) -> JobNote {
    let is_first = jobs.first() == Some(&job.request.name);
    JobNote {
        jobs: jobs.to_vec(),
        is_human: run.job.kind == JobKind::Human,
        bad_lines: prepared.bad_lines,
        labels: prepared.labels.clone(),
        problems: if is_first { prepared.problems.clone() } else { Problems::default() },
        samples: job.part.and_then(|part| prepared.samples.get(part as usize).copied()),
        samples_key: job.part.map(|part| run.part(part).samples.to_string()),
        only_metric: only_metric(&job.request),
        request: Some(job.request.clone()),
        ..JobNote::new(&job.request.name, (&run.suite, &run.application), &run.run, run.dataset.clone())
    }
}

fn only_metric(request: &JobRequest) -> Option<String> {
    let custom = request.spec.custom_metrics.iter().map(|metric| metric.name.clone());
    let mut asked = request.spec.built_in_metrics().chain(custom);
    asked.next().filter(|_| asked.next().is_none())
}
