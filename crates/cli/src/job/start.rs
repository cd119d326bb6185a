//! `assay job start`.

use super::context::context;
use super::list;
use crate::arguments::{Format, StartJob};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::input::{self, Suite};
use crate::output;
use crate::run::write_up;
use assay_core::dataset::Dataset;
use assay_core::spec::{DEFAULT_APPLICATION, DatasetIdentity, JobSpec, stamp};
use assay_job::{Check, JobContext, JobNote, JobRun, JobState, Started, check};
use assay_problem::{Problem, Problems};
use assay_store::{keys, split_s3};
use jiff::Timestamp;
use serde::Serialize;

/// What came of it, as JSON.
#[derive(Default, Serialize)]
struct Document {
    /// The notes of all jobs.
    jobs: Vec<JobNote>,
    /// Why there are none.
    refused: Vec<Refused>,
}

/// A job of the spec that cannot be started.
#[derive(Serialize)]
struct Refused {
    /// Its name in the spec.
    job: String,
    problems: Problems,
}

/// Starts the jobs of a suite. Whether all can be started is looked at first: whoever mends one of them has another spec, and
/// so other jobs, and would pay for those that were started before a second time.
pub(super) async fn start(arguments: StartJob) -> Result<Exit> {
    let Suite { spec, dataset, folder } = input::suite(&arguments.suite, arguments.dataset.as_deref()).await?;
    let jobs = chosen(&spec.jobs, &arguments.jobs)?;
    let context = context(&arguments.place, arguments.role).await?;
    let meta = dataset.meta().await?;
    let suite = spec.suite.clone().unwrap_or_else(|| keys::suite_name(&folder));
    let application = spec.application.clone().unwrap_or_else(|| DEFAULT_APPLICATION.to_owned());
    let name = dataset.identity_name();
    let (bucket, key) = split_s3(&name).unwrap_or(("local", &name));
    let identity = DatasetIdentity {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        state: meta.e_tag.map(|tag| tag.trim_matches('"').to_owned()),
    };
    let written = Timestamp::from_second(meta.last_modified.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
    let moment = stamp(if arguments.again { Timestamp::now() } else { written });
    let runs: Vec<JobRun> =
        jobs.iter().map(|job| JobRun::of(&moment, &identity, (&suite, &application), &spec, job)).collect();
    let dataset = dataset.dataset();
    let mut document = Document { refused: refused(&context, &runs, &dataset).await?, ..Document::default() };
    if document.refused.is_empty() {
        for run in &runs {
            start_run(&context, run, &dataset, &mut document).await?;
        }
    }
    match arguments.format {
        Format::Json => output::json(&document)?,
        Format::Text if document.jobs.is_empty() => {}
        Format::Text => list::print(&document.jobs, arguments.format)?,
    }
    if document.jobs.iter().any(|note| note.state.is_open()) {
        let place = &arguments.place;
        output::note(format!("the deployed function collects their results; so does `assay job collect --in {place}`"));
    }
    let is_refused = document.jobs.iter().any(|note| note.state == JobState::Refused) || !document.refused.is_empty();
    Ok(if is_refused { Exit::Usage } else { Exit::Done })
}

/// The jobs that cannot be started. Every problem is told as it is found.
async fn refused(context: &JobContext, runs: &[JobRun], dataset: &Dataset) -> Result<Vec<Refused>> {
    let mut refused = Vec::new();
    for run in runs {
        let job = run.job.name();
        let tell = |problem: &Problem| {
            let mut problem = problem.clone();
            // What is wrong with the job itself names it already.
            if runs.len() > 1 && !problem.place.starts_with("jobs[") {
                problem.message = format!("for the job `{job}`: {}", problem.message);
            }
            output::note(problem);
        };
        match check(context, run, dataset, tell).await? {
            Check::StartedBefore => {
                output::note(format!("the job `{job}` was started before; --again starts it anew"));
            }
            Check::Ready { bad_lines: 0 } => {}
            Check::Ready { bad_lines } => {
                output::note(format!("the job `{job}` goes without {bad_lines} lines of the dataset"));
            }
            Check::Refused(problems) => refused.push(Refused { job: job.to_owned(), problems }),
        }
    }
    if !refused.is_empty() {
        let names: Vec<String> = refused.iter().map(|refused| format!("`{}`", refused.job)).collect();
        output::note(format!("nothing was started: mend the problems of {}", names.join(", ")));
    }
    Ok(refused)
}

/// Starts the jobs of one run.
async fn start_run(context: &JobContext, run: &JobRun, dataset: &Dataset, document: &mut Document) -> Result<()> {
    let job = run.job.name();
    match Box::pin(assay_job::start(context, run, dataset)).await? {
        Started::Noted(notes) => document.jobs.extend(notes),
        // The dataset or the role has changed since it was looked at.
        Started::Refused(finished) => {
            write_up(&finished, &context.place, &run.keys()).await?;
            finished.summary.problems.first.iter().for_each(output::note);
            output::note(format!("the job `{job}` was not started"));
            document.refused.push(Refused { job: job.to_owned(), problems: finished.summary.problems.clone() });
        }
        Started::RefusedBefore => {
            let run = context.place.name_of(run.keys().root());
            let message = format!("the same job was refused before, see {run}; give --again");
            output::note(format!("the job `{job}` was not started: {message}"));
            let problem = Problem::error(format!("jobs[{job}]"), message);
            document.refused.push(Refused { job: job.to_owned(), problems: vec![problem].into() });
        }
    }
    Ok(())
}

/// The jobs of these names; all where none is named.
fn chosen<'a>(jobs: &'a [JobSpec], names: &[String]) -> Result<Vec<&'a JobSpec>> {
    let known = || jobs.iter().map(JobSpec::name).collect::<Vec<_>>().join(", ");
    if jobs.is_empty() {
        let message = "the spec has no `jobs`; add some, such as `jobs: [{kind: automatic, metrics: [Accuracy]}]`";
        return Err(UsageError(message.to_owned()).into());
    }
    if let Some(unknown) = names.iter().find(|name| !jobs.iter().any(|job| job.name() == *name)) {
        return Err(UsageError(format!("--job `{unknown}` is not among the spec's jobs: {}", known())).into());
    }
    Ok(jobs.iter().filter(|job| names.is_empty() || names.iter().any(|name| name == job.name())).collect())
}
