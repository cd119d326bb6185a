//! The model that judges: which may.

use super::found::Told;
use crate::spec::job::{JobKind, JobSpec, ModelRole};

pub(super) fn check(job: &JobSpec, told: &mut Told) {
    let Some(evaluator) = job.evaluator.as_deref().filter(|_| matches!(job.kind, JobKind::Judge | JobKind::Rag)) else {
        return;
    };
    if let Some(refusal) = ModelRole::Evaluator.refusal(evaluator) {
        told.wrong("evaluator", refusal, ModelRole::Evaluator.remedy());
    }
}
