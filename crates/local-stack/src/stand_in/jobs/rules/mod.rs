//! The rules of CreateEvaluationJob that are documented beyond the service's model, each with a name of its own.
//!
//! They look at one request alone; what other jobs have to do with it (names, tokens, quotas) is in the book.

mod datasets;
mod findings;
mod metrics;
mod sources;

use super::request::JobRequest;
use crate::stand_in::service_model::Violation;
use findings::Findings;

/// A rule: its name, and what finds the places where a request breaks it.
struct Rule {
    name: &'static str,
    find: fn(&JobRequest, &mut Findings),
}

/// The rules, in the order in which they are told.
const RULES: [Rule; 22] = [
    Rule { name: "application-type-fits-sources", find: sources::application_type },
    Rule { name: "one-model-per-automated-job", find: sources::one_model },
    Rule { name: "people-rate-models", find: sources::people_rate_models },
    Rule { name: "own-responses-not-in-automatic-jobs", find: sources::own_responses },
    Rule { name: "inference-parameters-as-in-converse", find: sources::inference_parameters },
    Rule { name: "exactly-one-evaluator", find: sources::one_evaluator },
    Rule { name: "general-for-judge-jobs", find: datasets::general_for_judges },
    Rule { name: "general-for-judge-jobs-only", find: datasets::general_for_judges_only },
    Rule { name: "one-task-type-per-job", find: datasets::one_task_type },
    Rule { name: "one-dataset-per-human-job", find: datasets::one_dataset_for_people },
    Rule { name: "own-dataset-has-location", find: datasets::own_dataset_has_location },
    Rule { name: "own-dataset-is-json-lines", find: datasets::own_dataset_is_json_lines },
    Rule { name: "built-in-dataset-exists", find: datasets::built_in_dataset_exists },
    Rule { name: "built-in-dataset-without-location", find: datasets::built_in_dataset_without_location },
    Rule { name: "built-in-dataset-fits-task", find: datasets::built_in_dataset_fits_task },
    Rule { name: "metrics-of-the-kind-of-job", find: metrics::of_kind },
    Rule { name: "no-toxicity-of-classification", find: metrics::no_toxicity_of_classification },
    Rule { name: "custom-metrics-are-listed", find: metrics::custom_metrics_are_listed },
    Rule { name: "rating-scale-of-one-type", find: metrics::rating_scale_of_one_type },
    Rule { name: "rating-scale-in-five-words", find: metrics::rating_scale_in_five_words },
    Rule { name: "known-rating-method", find: metrics::known_rating_method },
    Rule { name: "comparison-needs-two-models", find: metrics::comparison_needs_two_models },
];

/// The names of the rules that CreateEvaluationJob is held to beyond the service's model. A refusal names its rule.
#[must_use]
pub fn evaluation_job_rules() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.name).collect()
}

/// Everything in which a request breaks a rule.
pub(super) fn violations(request: &JobRequest) -> Vec<Violation> {
    let of_rule = |rule: &Rule| {
        let mut findings = Findings::default();
        (rule.find)(request, &mut findings);
        let name = rule.name;
        findings
            .0
            .into_iter()
            .map(move |(path, constraint)| Violation { path, constraint: format!("{constraint} (rule {name})") })
    };
    RULES.iter().flat_map(of_rule).collect()
}
