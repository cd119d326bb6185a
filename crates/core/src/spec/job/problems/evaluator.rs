//! The model that judges: which may.

use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec, ModelRole};

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    let Some(evaluator) = job.evaluator.as_deref().filter(|_| matches!(job.kind, JobKind::Judge | JobKind::Rag)) else {
        return;
    };
    if let Some(refusal) = ModelRole::Evaluator.refusal(evaluator) {
        found.wrong("evaluator", refusal, ModelRole::Evaluator.remedy());
    }
}
