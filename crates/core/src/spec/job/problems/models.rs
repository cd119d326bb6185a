//! The models that answer: how many, in which form, and how they are to answer.

use crate::spec::ModelSpec;
use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec, LONGEST_INFERENCE_PARAMETERS, ModelRole, inference_parameters};
use std::collections::BTreeSet;

pub(super) fn check(job: &JobSpec, of_suite: &[ModelSpec], found: &mut Findings<'_>) {
    // That an automatic job takes no recorded answers is found with the key.
    let recorded = job.recorded && job.kind != JobKind::Automatic;
    let asks_none = recorded || (job.kind == JobKind::Rag && job.retrieve_only);
    if asks_none {
        if !job.models.is_empty() {
            let why = if recorded { "answers are recorded" } else { "nothing is generated" };
            found.wrong("models", format!("no model is asked where {why}"), "remove `models`");
        }
        return;
    }
    let own = !job.models.is_empty();
    let models = if own { &job.models } else { of_suite };
    check_count(job, models.len(), own, found);
    let mut seen = BTreeSet::new();
    for (index, model) in models.iter().enumerate() {
        // What is wrong with a model of the suite itself is found where it stands.
        let place = |key: &str| if own { format!("models/{index}/{key}") } else { String::new() };
        if own && !seen.insert(&model.id) {
            found.wrong(&place("id"), format!("the model `{}` is listed twice", model.id), "list each model once");
        }
        if let Some(refusal) = ModelRole::Generator.refusal(&model.id) {
            found.wrong(&place("id"), refusal, ModelRole::Generator.remedy());
        }
        // A RAG job takes them one by one; see `knowledge_base`.
        let parameters = inference_parameters(&model.inference, &model.additional_model_request_fields);
        let length = parameters.map_or(0, |text| text.chars().count());
        if length > LONGEST_INFERENCE_PARAMETERS && job.kind != JobKind::Rag {
            let message = format!(
                "how `{}` is to answer takes {length} characters as JSON, and a job takes {LONGEST_INFERENCE_PARAMETERS}",
                model.id
            );
            found.wrong(&place("inference"), message, "shorten `inference` and `additional_model_request_fields`");
        }
    }
}

/// The bounds where models are named; where none are, the stack's stand in.
fn check_count(job: &JobSpec, count: usize, own: bool, found: &mut Findings<'_>) {
    let place = if own { "models" } else { "" };
    let whose = if own { "" } else { " of the suite" };
    let compares = job.compares();
    match job.kind {
        JobKind::Human if count > 2 => {
            let message = format!("people compare at most two models, and there are {count}{whose}");
            found.wrong(place, message, "name one or two in the job's `models`");
        }
        JobKind::Human if count == 1 && compares => {
            let message = format!("ratings that compare need two models, and there is one{whose}");
            found.wrong(place, message, "name a second in the job's `models`, or rate by another `method`");
        }
        JobKind::Rag if count > 1 => {
            let message = format!("one model answers from a knowledge base, and there are {count}{whose}");
            found.wrong(place, message, "name one in the job's `models`");
        }
        _ => {}
    }
}
