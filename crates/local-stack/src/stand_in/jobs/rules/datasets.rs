//! Rules about datasets and task types. What is in a dataset is looked at when the job runs.
//!
//! Sources: Amazon Bedrock User Guide, "Use prompt datasets for model evaluation" and "Create a model evaluation job
//! using LLM as a judge"; the quotas of Amazon Bedrock in the AWS General Reference.

use super::findings::{Findings, config_path, dataset_path};
use crate::stand_in::jobs::builtin_datasets;
use crate::stand_in::jobs::members::DatasetMetrics;
use crate::stand_in::jobs::request::{JobKind, JobRequest};

const GENERAL: &str = "General";

/// Each dataset of a request with its path.
fn each(request: &JobRequest) -> impl Iterator<Item = (String, &DatasetMetrics)> {
    request.datasets().iter().enumerate().map(|(index, dataset)| (dataset_path(request, index), dataset))
}

fn is_built_in(dataset: &DatasetMetrics) -> bool {
    dataset.dataset.name.starts_with("Builtin.")
}

pub(super) fn general_for_judges(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        if request.kind() == JobKind::Judge && dataset.task_type != GENERAL {
            findings.add(format!("{path}.taskType"), "Member must be General where a model judges");
        }
    }
}

pub(super) fn general_for_judges_only(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        if request.kind() != JobKind::Judge && dataset.task_type == GENERAL {
            findings.add(format!("{path}.taskType"), "General is the task type of jobs in which a model judges");
        }
    }
}

pub(super) fn one_task_type(request: &JobRequest, findings: &mut Findings) {
    let mut tasks = request.datasets().iter().map(|dataset| &dataset.task_type);
    let first = tasks.next();
    if tasks.any(|task| Some(task) != first) {
        findings.add(config_path(request), "All datasets of a job must have the same task type");
    }
}

pub(super) fn one_dataset_for_people(request: &JobRequest, findings: &mut Findings) {
    if request.kind() == JobKind::Human && request.datasets().len() > 1 {
        findings.add("evaluationConfig.human.datasetMetricConfigs", "A human evaluation job must have one dataset");
    }
}

pub(super) fn own_dataset_has_location(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        if !is_built_in(dataset) && dataset.dataset.dataset_location.is_none() {
            findings.add(format!("{path}.dataset.datasetLocation"), "Your own dataset must have a location");
        }
    }
}

pub(super) fn own_dataset_is_json_lines(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        let location = dataset.dataset.dataset_location.as_ref();
        if location.is_some_and(|location| !location.s3_uri.ends_with(".jsonl")) {
            let path = format!("{path}.dataset.datasetLocation.s3Uri");
            findings.add(path, "The dataset must be a JSON Lines file with the extension .jsonl");
        }
    }
}

pub(super) fn built_in_dataset_exists(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        let name = &dataset.dataset.name;
        if is_built_in(dataset) && builtin_datasets::find(name).is_none() {
            findings.add(format!("{path}.dataset.name"), format!("There is no built-in dataset {name}"));
        }
    }
}

pub(super) fn built_in_dataset_without_location(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        if is_built_in(dataset) && dataset.dataset.dataset_location.is_some() {
            findings.add(format!("{path}.dataset.datasetLocation"), "A built-in dataset has no location");
        }
    }
}

/// Built-in datasets belong to a task; jobs with judges and people have datasets of their own.
pub(super) fn built_in_dataset_fits_task(request: &JobRequest, findings: &mut Findings) {
    for (path, dataset) in each(request) {
        let Some(built_in) = builtin_datasets::find(&dataset.dataset.name) else { continue };
        if request.kind() != JobKind::Automatic {
            findings.add(format!("{path}.dataset.name"), "Only automatic jobs have built-in datasets");
        } else if built_in.task_type != dataset.task_type {
            let constraint = format!("{} is a dataset for {}", built_in.name, built_in.task_type);
            findings.add(format!("{path}.dataset.name"), constraint);
        }
    }
}
