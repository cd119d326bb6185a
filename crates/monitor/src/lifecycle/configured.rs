//! Which models a spec has asked. Pure.

use assay_core::spec::RunSpec;
use std::collections::BTreeSet;

/// Every model that `spec` names: those that answer, judge, embed, and those of its managed jobs; of guardrails none. A spec
/// that names none has the stack's asked, which it cannot tell.
pub fn models_of(spec: &RunSpec) -> BTreeSet<String> {
    let own = spec.models.iter().map(|model| &model.id);
    let helping = spec.judge.iter().map(|judge| &judge.model).chain(spec.similarity.iter().map(|with| &with.model));
    let of_jobs = spec.jobs.iter().flat_map(|job| job.models.iter().map(|model| &model.id).chain(&job.evaluator));
    own.chain(helping).chain(of_jobs).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use assay_core::spec::parse_spec;

    #[test]
    fn all_roles_of_models_count_and_each_once() {
        let text = "
models: [{id: a.one-v1:0}, {id: a.two-v1:0}]
similarity: {model: amazon.titan-embed-text-v2:0}
judge: {model: a.judge-v1:0, rubrics: [{name: help, text: Is it helpful?}]}
jobs: [{name: j, kind: judge, models: [{id: a.one-v1:0}, {id: a.three-v1:0}], evaluator: a.four-v1:0, metrics: [Correctness]}]
";
        let spec = parse_spec("assay.yaml", text).unwrap();
        let found: Vec<String> = models_of(&spec).into_iter().collect();
        let expected =
            ["a.four-v1:0", "a.judge-v1:0", "a.one-v1:0", "a.three-v1:0", "a.two-v1:0", "amazon.titan-embed-text-v2:0"];
        assert_eq!(found, expected);
        assert!(models_of(&RunSpec::default()).is_empty());
    }
}
