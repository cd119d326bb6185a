//! Which keys a job has by its kind, and which it cannot do without.

use super::listed::listed;
use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec};

struct Key {
    name: &'static str,
    kinds: &'static [JobKind],
    required: bool,
    is_given: fn(&JobSpec) -> bool,
}

/// Every key that not all kinds have. A knowledge base is required only where nothing is recorded; see there.
const KEYS: [Key; 10] = {
    use JobKind::{Automatic, Human, Judge, Rag};
    const fn key(name: &'static str, kinds: &'static [JobKind], required: bool, is_given: fn(&JobSpec) -> bool) -> Key {
        Key { name, kinds, required, is_given }
    }
    [
        key("metrics", &[Automatic, Judge, Rag], false, |job| !job.metrics.is_empty()),
        key("datasets", &[Automatic], false, |job| !job.datasets.is_empty()),
        key("recorded", &[Judge, Human, Rag], false, |job| job.recorded),
        key("evaluator", &[Judge, Rag], true, |job| job.evaluator.is_some()),
        key("custom_metrics", &[Judge, Rag], false, |job| !job.custom_metrics.is_empty()),
        key("ratings", &[Human], true, |job| !job.ratings.is_empty()),
        key("flow_definition", &[Human], true, |job| job.flow_definition.is_some()),
        key("instructions", &[Human], false, |job| job.instructions.is_some()),
        key("knowledge_base", &[Rag], false, |job| job.knowledge_base.is_some()),
        key("retrieve_only", &[Rag], false, |job| job.retrieve_only),
    ]
};

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    for key in &KEYS {
        let belongs = key.kinds.contains(&job.kind);
        if (key.is_given)(job) && !belongs {
            let kinds = listed(key.kinds.iter().map(|kind| kind.name()));
            let message = format!("a job of kind `{}` has no `{}`", job.kind, key.name);
            found.wrong(key.name, message, format!("remove it; it is for the kinds {kinds}"));
        }
        if key.required && belongs && !(key.is_given)(job) {
            let message = format!("a job of kind `{}` needs `{}`", job.kind, key.name);
            found.wrong("", message, format!("add `{}: ...`; docs/jobs.md tells what may stand there", key.name));
        }
    }
}
