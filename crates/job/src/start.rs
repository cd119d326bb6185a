//! Starting the jobs of a run: checks first, then notes, then the service. Doing it again does no harm, and goes on where it
//! was cut off.

use crate::context::{JobContext, JobError};
use crate::control::{ControlError, JobStatus};
use crate::input::{JobSurvey, survey_for_job, write_parts};
use crate::ledger;
use crate::note::{JobNote, JobState, NOTE_FORMAT, Told};
use crate::plan::{JobRun, PlannedJob};
use crate::refuse::refuse;
use crate::request::JobRequest;
use assay_core::dataset::Dataset;
use assay_core::problem::{Problem, Problems};
use assay_core::run::{Finished, JobKind, SpecFile, read_summary};
use assay_core::scorer::Scorer;
use assay_core::store::StoreError;
use jiff::{Span, Timestamp};

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
        Err(problems) => Check::Refused(problems),
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
            return refused(context, run, Problems::default()).await;
        }
        None => {
            let prepared = match prepare(context, run, dataset).await? {
                Ok(prepared) => prepared,
                Err(problems) => return refused(context, run, problems).await,
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
            true => ledger::read(place, name).await?,
            false => Some(submit(context, name).await?),
        };
        let Some(note) = note else { continue };
        is_full |= note.state == JobState::Waiting;
        notes.push(note);
    }
    Ok(Started::Noted(notes))
}

async fn refused(context: &JobContext, run: &JobRun, problems: Problems) -> Result<Started, JobError> {
    let refused = refuse(context, run, problems).await?;
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
async fn prepare(
    context: &JobContext,
    run: &JobRun,
    dataset: &Dataset,
) -> Result<Result<Prepared, Problems>, JobError> {
    let (survey, planned) = match planned(context, run, dataset, |_| {}).await? {
        Ok(found) => found,
        Err(problems) => return Ok(Err(problems)),
    };
    let file = SpecFile {
        run: &run.run,
        suite: &run.suite,
        application: &run.application,
        dataset: &run.dataset,
        limit: None,
        spec: &run.spec,
        job: Some(&run.job),
    };
    file.write(&context.place, &run.keys()).await?;
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
) -> Result<Result<(JobSurvey, Vec<PlannedJob>), Problems>, JobError> {
    let survey = match survey_for_job(dataset, &run.spec, &run.job, &mut report).await {
        Ok(survey) => survey,
        Err(StoreError::Missing { place }) => {
            let problem = Problem::error(place, "the dataset was deleted before it was read").remedy("drop it again");
            report(&problem);
            return Ok(Err(vec![problem].into()));
        }
        Err(error) => return Err(error.into()),
    };
    let mut problems = survey.problems.clone();
    match run.jobs(&survey, context) {
        Ok(planned) if !survey.is_refused => Ok(Ok((survey, planned))),
        Ok(_) => Ok(Err(problems)),
        Err(found) => {
            for problem in found {
                report(&problem);
                problems.add(problem);
            }
            Ok(Err(problems))
        }
    }
}

fn note(run: &JobRun, job: &PlannedJob, jobs: &[String], prepared: &Prepared) -> JobNote {
    let is_first = jobs.first() == Some(&job.request.name);
    JobNote {
        format: NOTE_FORMAT,
        assay: assay_core::VERSION.to_owned(),
        job: job.request.name.clone(),
        arn: None,
        suite: run.suite.clone(),
        application: run.application.clone(),
        run: run.run.clone(),
        jobs: jobs.to_vec(),
        is_human: run.job.kind == JobKind::Human,
        dataset: run.dataset.clone(),
        bad_lines: prepared.bad_lines,
        labels: prepared.labels.clone(),
        problems: if is_first { prepared.problems.clone() } else { Problems::default() },
        samples: job.part.and_then(|part| prepared.samples.get(part as usize).copied()),
        samples_key: job.part.map(|part| run.part(part).samples.to_string()),
        only_metric: only_metric(&job.request),
        output_folder: None,
        request: Some(job.request.clone()),
        state: JobState::Waiting,
        messages: Vec::new(),
        noted_at: Timestamp::now(),
        started_at: None,
        ended_at: None,
        read: None,
        told: Told::default(),
        settled: false,
    }
}

fn only_metric(request: &JobRequest) -> Option<String> {
    let custom = request.spec.custom_metrics.iter().map(|metric| metric.name.clone());
    let mut asked = request.spec.built_in_metrics().chain(custom);
    asked.next().filter(|_| asked.next().is_none())
}

/// Starts the job `name` if it waits. Answers its note: still waiting where the service has no room or does not answer.
///
/// # Errors
/// When the note cannot be read or written.
pub async fn submit(context: &JobContext, name: &str) -> Result<JobNote, JobError> {
    let Some(note) = ledger::read(&context.place, name).await? else {
        return Err(ledger::LedgerError::Missing(name.to_owned()).into());
    };
    let Some(request) = note.request.as_ref().filter(|_| note.state == JobState::Waiting) else { return Ok(note) };
    let created = match context.control.create(request).await {
        Err(error @ ControlError::NameInUse { .. }) => match adopted(context, &note).await {
            Some(arn) => Ok(arn),
            None => Err(error),
        },
        created => created,
    };
    let (note, _) = ledger::change(&context.place, name, |note| {
        // Somebody else may have started it meanwhile; the token made that the same job.
        if note.state != JobState::Waiting {
            return false;
        }
        match &created {
            Ok(arn) => begin(note, arn),
            Err(error) if error.is_passing() => {
                let messages = vec![error.to_string()];
                if note.messages == messages {
                    return false;
                }
                note.messages = messages;
            }
            Err(error) => {
                note.state = JobState::Refused;
                note.messages = vec![error.to_string()];
                note.ended_at = Some(Timestamp::now());
            }
        }
        true
    })
    .await?;
    let (job, state) = (note.job.as_str(), note.state.name());
    match &created {
        Ok(_) => tracing::info!(job, state, "started"),
        Err(error) => tracing::warn!(job, state, %error, "not started"),
    }
    Ok(note)
}

/// Takes back a job that waits: it is not started any more. Answers its note.
///
/// # Errors
/// When the note cannot be read or written.
pub async fn withdraw(context: &JobContext, name: &str) -> Result<JobNote, JobError> {
    let (note, _) = ledger::change(&context.place, name, |note| {
        let waits = note.state == JobState::Waiting;
        if waits {
            note.state = JobState::Stopped;
            note.messages = vec!["taken back before it was started".to_owned()];
            note.ended_at = Some(Timestamp::now());
        }
        waits
    })
    .await?;
    Ok(note)
}

/// Notes that the service works on the job.
pub(crate) fn begin(note: &mut JobNote, arn: &str) {
    note.state = JobState::InProgress;
    note.arn = Some(arn.to_owned());
    note.started_at = Some(Timestamp::now());
    note.messages.clear();
    note.output_folder = note.id().map(|id| output_folder(&note.suite, &note.job, id));
}

/// Where a job of ours writes.
pub fn output_folder(suite: &str, job: &str, id: &str) -> String {
    format!("{}{suite}/{job}/{id}", assay_core::store::keys::JOB_OUTPUT)
}

/// The job of this name that exists, if it is the one that the note means: the answer to an earlier attempt was lost.
async fn adopted(context: &JobContext, note: &JobNote) -> Option<String> {
    let request = note.request.as_ref()?;
    let since = note.noted_at - Span::new().hours(1);
    let mut page = None;
    loop {
        let (found, next) = context.control.list(since, page).await.ok()?;
        if let Some(found) = found.into_iter().find(|found| found.name == note.job) {
            let described = context.control.describe(&found.arn).await.ok()?;
            let goes = described.output_uri.as_deref().unwrap_or_default().trim_end_matches('/');
            let same = goes == request.output.trim_end_matches('/') && described.status != JobStatus::Deleting;
            return same.then_some(found.arn);
        }
        page = Some(next?);
    }
}
