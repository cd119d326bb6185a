//! `assay job start`.

use super::{context, list};
use crate::arguments::{Format, StartJob};
use crate::exit::{Exit, UsageError};
use crate::input::{self, Suite};
use crate::run::{print, write_up};
use anyhow::Result;
use assay_core::run::{DatasetIdentity, JobSpec, stamp};
use assay_core::settings::DEFAULT_APPLICATION;
use assay_core::store::{keys, split_s3};
use assay_job::{JobRun, JobState, Started};
use jiff::Timestamp;

/// Starts the jobs of a suite.
pub async fn start(arguments: StartJob) -> Result<Exit> {
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
    let (mut notes, mut exit) = (Vec::new(), Exit::Done);
    for job in jobs {
        let run = JobRun::of(&moment, &identity, (&suite, &application), &spec, job);
        match Box::pin(assay_job::start(&context, &run, &dataset.dataset())).await? {
            Started::Noted(started) => notes.extend(started),
            Started::Refused(finished) => {
                write_up(&finished, &context.place, &run.keys()).await?;
                eprintln!("the job `{}` was not started:", job.name());
                print(&finished.summary, Format::Text)?;
                exit = Exit::Usage;
            }
            Started::RefusedBefore => {
                let run = context.place.name_of(run.keys().root());
                eprintln!("the job `{}` was refused before, see {run}; mend it, or give --again", job.name());
                exit = Exit::Usage;
            }
        }
    }
    if notes.iter().any(|note| note.state == JobState::Refused) {
        exit = Exit::Usage;
    }
    list::print(&notes, arguments.format)?;
    if arguments.format == Format::Text && notes.iter().any(|note| note.state.is_open()) {
        eprintln!(
            "what they write is taken in by the deployed function, or by `assay job collect --in {}`",
            arguments.place
        );
    }
    Ok(exit)
}

/// The jobs of these names; all where none is named.
fn chosen<'a>(jobs: &'a [JobSpec], names: &[String]) -> Result<Vec<&'a JobSpec>> {
    let known = || jobs.iter().map(JobSpec::name).collect::<Vec<_>>().join(", ");
    if jobs.is_empty() {
        return Err(UsageError("the spec has no `jobs`; docs/formats.md shows how they are written".to_owned()).into());
    }
    if let Some(unknown) = names.iter().find(|name| !jobs.iter().any(|job| job.name() == *name)) {
        return Err(UsageError(format!("the spec has no job `{unknown}`; it has {}", known())).into());
    }
    Ok(jobs.iter().filter(|job| names.is_empty() || names.iter().any(|name| name == job.name())).collect())
}
