//! Rules about metrics: which a kind of job has, and what custom ones need.
//!
//! Sources: Amazon Bedrock User Guide, "Model evaluation task types", "Use metrics to understand model performance",
//! "Use metrics to understand RAG system performance" and "Create a prompt for a custom metric".

use std::collections::BTreeSet;

use super::findings::{Findings, config_path, dataset_path};
use crate::stand_in::jobs::request::{JobKind, JobRequest};

const AUTOMATIC: &[&str] = &["Accuracy", "Robustness", "Toxicity"];
const JUDGE: &[&str] = &[
    "Correctness",
    "Completeness",
    "Faithfulness",
    "Helpfulness",
    "Coherence",
    "Relevance",
    "FollowingInstructions",
    "ProfessionalStyleAndTone",
    "Harmfulness",
    "Stereotyping",
    "Refusal",
];
const RETRIEVE_ONLY: &[&str] = &["ContextRelevance", "ContextCoverage"];
const RETRIEVE_AND_GENERATE: &[&str] = &[
    "Correctness",
    "Completeness",
    "Helpfulness",
    "LogicalCoherence",
    "Faithfulness",
    "CitationPrecision",
    "CitationCoverage",
    "Harmfulness",
    "Stereotyping",
    "Refusal",
];
const METHODS: [&str; 5] =
    ["ThumbsUpDown", "IndividualLikertScale", "ComparisonLikertScale", "ComparisonChoice", "ComparisonRank"];

/// Names of the job's own metrics.
fn own(request: &JobRequest) -> BTreeSet<&str> {
    match request.human() {
        Some(human) => human.custom_metrics.iter().map(|metric| metric.name.as_str()).collect(),
        None => request.custom_metrics().iter().map(|metric| metric.name.as_str()).collect(),
    }
}

pub(super) fn of_kind(request: &JobRequest, findings: &mut Findings) {
    let allowed = match request.kind() {
        JobKind::Automatic => AUTOMATIC,
        JobKind::Judge => JUDGE,
        JobKind::RetrieveOnly => RETRIEVE_ONLY,
        JobKind::RetrieveAndGenerate => RETRIEVE_AND_GENERATE,
        JobKind::Human => &[],
    };
    let own = own(request);
    for (index, dataset) in request.datasets().iter().enumerate() {
        for (place, name) in dataset.metric_names.iter().enumerate() {
            let is_built_in = name.strip_prefix("Builtin.").is_some_and(|bare| allowed.contains(&bare));
            if !is_built_in && !own.contains(name.as_str()) {
                let path = format!("{}.metricNames[{place}]", dataset_path(request, index));
                findings.add(path, format!("{name} is not a metric of this kind of job"));
            }
        }
    }
}

pub(super) fn no_toxicity_of_classification(request: &JobRequest, findings: &mut Findings) {
    for (index, dataset) in request.datasets().iter().enumerate() {
        let asks = dataset.metric_names.iter().any(|name| name == "Builtin.Toxicity");
        if request.kind() == JobKind::Automatic && dataset.task_type == "Classification" && asks {
            let path = format!("{}.metricNames", dataset_path(request, index));
            findings.add(path, "Classification has no metric Builtin.Toxicity");
        }
    }
}

pub(super) fn custom_metrics_are_listed(request: &JobRequest, findings: &mut Findings) {
    let path = format!("{}.datasetMetricConfigs", config_path(request));
    for name in own(request) {
        let listed = request.datasets().iter().any(|dataset| dataset.metric_names.iter().any(|listed| listed == name));
        if !listed {
            findings.add(&path, format!("metricNames must also list the custom metric {name}"));
        }
    }
}

pub(super) fn rating_scale_of_one_type(request: &JobRequest, findings: &mut Findings) {
    for (index, metric) in request.custom_metrics().into_iter().enumerate() {
        let texts = metric.rating_scale.iter().filter(|item| item.value.string_value.is_some()).count();
        if texts != 0 && texts != metric.rating_scale.len() {
            findings.add(scale_path(index), "The values of a rating scale must be all numbers or all strings");
        }
    }
}

pub(super) fn rating_scale_in_five_words(request: &JobRequest, findings: &mut Findings) {
    for (index, metric) in request.custom_metrics().into_iter().enumerate() {
        if metric.rating_scale.iter().any(|item| item.definition.split_whitespace().count() > 5) {
            findings.add(scale_path(index), "A definition of a rating scale must have at most five words");
        }
    }
}

fn scale_path(index: usize) -> String {
    format!("evaluationConfig.automated.customMetricConfig.customMetrics[{index}].customMetricDefinition.ratingScale")
}

/// Each human metric's place and rating method.
fn methods(request: &JobRequest) -> impl Iterator<Item = (String, &str)> {
    let metrics = request.human().map_or(&[][..], |human| &human.custom_metrics);
    metrics.iter().enumerate().map(|(index, metric)| {
        (format!("evaluationConfig.human.customMetrics[{index}].ratingMethod"), metric.rating_method.as_str())
    })
}

pub(super) fn known_rating_method(request: &JobRequest, findings: &mut Findings) {
    for (path, method) in methods(request) {
        if !METHODS.contains(&method) {
            findings.add(path, format!("Member must be one of [{}]", METHODS.join(", ")));
        }
    }
}

pub(super) fn comparison_needs_two_models(request: &JobRequest, findings: &mut Findings) {
    for (path, method) in methods(request) {
        if method.starts_with("Comparison") && request.models().len() != 2 {
            findings.add(path, format!("{method} compares the responses of two models"));
        }
    }
}
