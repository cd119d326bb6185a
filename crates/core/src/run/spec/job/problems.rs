//! What the service would refuse of jobs, as far as the spec alone tells.

use super::JobSpec;
use crate::run::spec::ModelSpec;

/// What is wrong with the jobs of a spec beyond its schema: where (a pointer such as `/jobs/0/metrics/1`), what, and what
/// would be right. `models` are those of the suite; without `online` the jobs are all there is.
pub(in crate::run::spec) fn problems(
    _jobs: &[JobSpec],
    _models: &[ModelSpec],
    _online: bool,
) -> Vec<(String, String, String)> {
    Vec::new()
}
