//! Rules about who answers and who judges: models, knowledge bases, evaluators.
//!
//! Sources: Amazon Bedrock User Guide, "Create a model evaluation job" and its pages by kind of job; the quotas of
//! Amazon Bedrock in the AWS General Reference.

use serde_json::Value;

use super::findings::Findings;
use crate::stand_in::jobs::request::{JobKind, JobRequest};

/// Members of `inferenceParams`.
const PARAMETERS: [&str; 2] = ["inferenceConfig", "additionalModelRequestFields"];

pub(super) fn application_type(request: &JobRequest, findings: &mut Findings) {
    let fits = if request.rag_source().is_some() { "RagEvaluation" } else { "ModelEvaluation" };
    if request.application_type.as_deref().is_some_and(|given| given != fits) {
        findings.add("applicationType", format!("Member must be {fits} for this inferenceConfig"));
    }
}

pub(super) fn one_model(request: &JobRequest, findings: &mut Findings) {
    if matches!(request.kind(), JobKind::Automatic | JobKind::Judge) && request.models().len() > 1 {
        findings.add("inferenceConfig.models", "An automated evaluation job must have exactly one model");
    }
}

pub(super) fn people_rate_models(request: &JobRequest, findings: &mut Findings) {
    if request.kind() == JobKind::Human && request.rag_source().is_some() {
        findings.add("inferenceConfig.ragConfigs", "A human evaluation job must have one or two models");
    }
}

pub(super) fn own_responses(request: &JobRequest, findings: &mut Findings) {
    if request.kind() == JobKind::Automatic && request.models().iter().any(|source| source.is_precomputed()) {
        let path = "inferenceConfig.models[0].precomputedInferenceSource";
        findings.add(path, "Only jobs with a judge or with people take responses from the dataset");
    }
}

pub(super) fn inference_parameters(request: &JobRequest, findings: &mut Findings) {
    for (index, source) in request.models().iter().enumerate() {
        let Some(text) = source.bedrock_model.as_ref().and_then(|model| model.inference_params.as_deref()) else {
            continue;
        };
        let path = format!("inferenceConfig.models[{index}].bedrockModel.inferenceParams");
        for problem in parameter_problems(text) {
            findings.add(&path, problem);
        }
    }
}

fn parameter_problems(text: &str) -> Vec<String> {
    let Ok(Value::Object(parameters)) = serde_json::from_str::<Value>(text) else {
        return vec!["Member must be a JSON object in the form of Converse".to_owned()];
    };
    let mut problems = Vec::new();
    for name in parameters.keys().filter(|name| !PARAMETERS.contains(&name.as_str())) {
        problems.push(format!("`{name}` is not a member of the inference parameters"));
    }
    if parameters.get("additionalModelRequestFields").is_some_and(|fields| !fields.is_object()) {
        problems.push("`additionalModelRequestFields` must be an object".to_owned());
    }
    match parameters.get("inferenceConfig") {
        None => {}
        Some(Value::Object(config)) => problems.extend(config.iter().filter_map(|(name, value)| {
            let share = |value: &Value| value.as_f64().is_some_and(|number| (0.0..=1.0).contains(&number));
            match name.as_str() {
                "maxTokens" if value.as_u64().is_some_and(|tokens| tokens > 0) => None,
                "temperature" | "topP" if share(value) => None,
                "stopSequences" if value.as_array().is_some_and(|all| all.iter().all(Value::is_string)) => None,
                "maxTokens" | "temperature" | "topP" | "stopSequences" => {
                    Some(format!("`inferenceConfig.{name}` has a value that Converse refuses"))
                }
                _ => Some(format!("`inferenceConfig.{name}` is not a member of the inference parameters")),
            }
        })),
        Some(_) => problems.push("`inferenceConfig` must be an object".to_owned()),
    }
    problems
}

/// The service's own metrics need one evaluator. Metrics of one's own bring theirs.
pub(super) fn one_evaluator(request: &JobRequest, findings: &mut Findings) {
    if matches!(request.kind(), JobKind::Automatic | JobKind::Human) {
        return;
    }
    let mut metrics = request.datasets().iter().flat_map(|dataset| &dataset.metric_names);
    let judges = request.evaluators().len();
    let is_missing = judges == 0 && metrics.any(|name| name.starts_with("Builtin."));
    if is_missing || judges > 1 {
        let path = "evaluationConfig.automated.evaluatorModelConfig";
        findings.add(path, "The job must have exactly one evaluator model");
    }
}
