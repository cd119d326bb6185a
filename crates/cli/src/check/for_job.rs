//! `assay check --for-job`: a suite's dataset against what its managed jobs take.

use super::spec::{spec, spec_name};
use super::told::{Counts, JobCount, Told};
use crate::error::Result;
use crate::exit::UsageError;
use crate::input::{self, Input};
use crate::output;
use assay_core::spec::{JobKind, JobSpec, RunSpec};
use assay_job::input::{JobSurvey, survey_for_job};
use assay_problem::Problem;

/// The metrics of an automatic job that no spec describes: all that there are, so that nothing they need is missing.
const AUTOMATIC_METRICS: [&str; 3] = ["Accuracy", "Robustness", "Toxicity"];

/// Checks the jobs that `name` has, or one of `kind`.
pub(super) async fn check(name: &str, kind: Option<JobKind>, told: &mut Told) -> Result<Counts> {
    let (spec, dataset) = if name.ends_with(".jsonl") {
        (RunSpec::default(), Some(name.to_owned()))
    } else {
        let spec_file = spec_name(name);
        let Some(spec) = spec(&spec_file, told).await? else { return Ok(Counts::Jobs(Vec::new())) };
        let folder = spec_file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let dataset = spec.dataset.as_ref().map(|dataset| input::beside(folder, dataset));
        (spec, dataset)
    };
    let jobs = jobs(name, kind, &spec)?;
    let mut counts = Vec::with_capacity(jobs.len());
    for job in &jobs {
        let survey = match &dataset {
            // Datasets of the service take the place of the suite's, which may be missing then.
            _ if !job.datasets.is_empty() => JobSurvey::default(),
            Some(dataset) => survey(dataset, &spec, job, jobs.len() > 1, told).await?,
            None => {
                let message =
                    format!("`{name}` names no dataset; add `dataset: cases.jsonl`, or name a dataset (.jsonl)");
                return Err(UsageError(message).into());
            }
        };
        counts.push(count(&spec, job, &survey));
    }
    Ok(Counts::Jobs(counts))
}

/// The jobs that are meant.
fn jobs(name: &str, kind: Option<JobKind>, spec: &RunSpec) -> Result<Vec<JobSpec>, UsageError> {
    let chosen = spec.jobs.iter().filter(|job| kind.is_none_or(|kind| job.kind == kind));
    let chosen: Vec<JobSpec> = chosen.cloned().collect();
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let kind = match kind {
        Some(kind) => kind,
        None if name.ends_with(".jsonl") => {
            output::note("checked for an automatic job; `--for-job judge`, `human` or `rag` checks for another");
            JobKind::Automatic
        }
        None => {
            let message =
                format!("`{name}` has no `jobs`; add some, or give a kind: --for-job automatic|judge|human|rag");
            return Err(UsageError(message));
        }
    };
    let metrics = if kind == JobKind::Automatic { &AUTOMATIC_METRICS[..] } else { &[] };
    let metrics = metrics.iter().map(|metric| (*metric).to_owned()).collect();
    Ok(vec![JobSpec { metrics, ..JobSpec::new(kind) }])
}

async fn survey(
    dataset: &str,
    spec: &RunSpec,
    job: &JobSpec,
    is_one_of_several: bool,
    told: &mut Told,
) -> Result<JobSurvey> {
    let input = Input::open(dataset).await?;
    input.meta().await?;
    let tell = |problem: &Problem| {
        let mut problem = problem.clone();
        if is_one_of_several {
            problem.message = format!("for the job `{}`: {}", job.name(), problem.message);
        }
        told.tell(&problem);
    };
    Ok(survey_for_job(&input.dataset(), spec, job, tell).await?)
}

fn count(spec: &RunSpec, job: &JobSpec, survey: &JobSurvey) -> JobCount {
    let models = if job.models.is_empty() { spec.models.len() } else { job.models.len() };
    // People compare models within one job; no model answers where answers are recorded or nothing is generated.
    let is_one_job = job.recorded || job.retrieve_only || job.kind == JobKind::Human;
    JobCount {
        name: job.name().to_owned(),
        kind: job.kind.name(),
        samples: survey.samples,
        bad_lines: survey.bad_lines,
        jobs: survey.parts,
        models: if is_one_job { 1 } else { models.max(1) },
        is_built_in: !job.datasets.is_empty(),
    }
}
