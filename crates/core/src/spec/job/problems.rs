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
mod human;
mod keys;
mod knowledge_base;
mod listed;
mod metrics;
mod models;
mod task;

#[cfg(test)]
mod tests;

use super::JobSpec;
use crate::spec::ModelSpec;
use crate::spec::findings::Findings;
use std::collections::BTreeSet;

/// Notes what is wrong with the jobs of a spec beyond its schema. `models` are those of the suite; without `online` the jobs are all
/// there is.
pub(in crate::spec) fn check(jobs: &[JobSpec], models: &[ModelSpec], online: bool, found: &mut Findings<'_>) {
    if !online && jobs.is_empty() {
        let message = "nothing is run: neither the suite itself nor a job";
        found.wrong("online", message, "give `jobs`, or leave out `online: false`");
    }
    let mut names = BTreeSet::new();
    for (index, job) in jobs.iter().enumerate() {
        found.in_part(&format!("jobs/{index}"), |found| {
            if !names.insert(job.name()) {
                let place = if job.name.is_some() { "name" } else { "" };
                let message = format!("two jobs are called `{}`", job.name());
                found.wrong(place, message, "give each job a `name` of its own");
            }
            keys::check(job, found);
            task::check(job, found);
            metrics::check(job, found);
            built_in_datasets::check(job, found);
            models::check(job, models, found);
            evaluator::check(job, found);
            custom_metrics::check(job, found);
            human::check(job, found);
            knowledge_base::check(job, found);
            encryption::check(job, found);
        });
    }
}
