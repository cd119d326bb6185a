//! What the service would refuse of jobs, as far as the spec alone tells.
//!
//! One file for each thing that can be wrong; here is what concerns all jobs together. What only the dataset tells (how
//! many lines it has, whose answers it records) is left to whoever makes a job's input. Sources: the service's model of its
//! API, its quotas, and the pages model-evaluation-jobs-management-create, model-evaluation-judge-create,
//! model-evaluation-tasks, model-evaluation-prompt-datasets and those on custom metrics of the Bedrock user guide.

mod built_in_datasets;
mod custom_metrics;
mod encryption;
mod evaluator;
mod found;
mod human;
mod keys;
mod knowledge_base;
mod metrics;
mod models;
mod task;

#[cfg(test)]
mod tests;

use super::JobSpec;
use crate::spec::ModelSpec;
use found::Told;
use std::collections::BTreeSet;

/// What is wrong with the jobs of a spec beyond its schema: where (a pointer such as `/jobs/0/metrics/1`), what, and what
/// would be right. `models` are those of the suite; without `online` the jobs are all there is.
pub(in crate::spec) fn problems(jobs: &[JobSpec], models: &[ModelSpec], online: bool) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    if !online && jobs.is_empty() {
        let message = "nothing is run: neither the suite itself nor a job".to_owned();
        found.push(("/online".to_owned(), message, "give `jobs`, or leave out `online: false`".to_owned()));
    }
    let mut names = BTreeSet::new();
    for (index, job) in jobs.iter().enumerate() {
        let mut told = Told { index, found: Vec::new() };
        if !names.insert(job.name()) {
            let place = if job.name.is_some() { "name" } else { "" };
            let message = format!("two jobs are called `{}`", job.name());
            told.wrong(place, message, "give each job a `name` of its own");
        }
        keys::check(job, &mut told);
        task::check(job, &mut told);
        metrics::check(job, &mut told);
        built_in_datasets::check(job, &mut told);
        models::check(job, models, &mut told);
        evaluator::check(job, &mut told);
        custom_metrics::check(job, &mut told);
        human::check(job, &mut told);
        knowledge_base::check(job, &mut told);
        encryption::check(job, &mut told);
        found.append(&mut told.found);
    }
    found
}
