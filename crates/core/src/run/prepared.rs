//! A run that can begin: what it does, and what it is compared with.

use crate::compare::BaselineRun;
use crate::spec::Execution;

/// A run that can begin.
#[derive(Clone)]
pub struct PreparedRun {
    /// Everything that collecting, scoring and summing up need.
    pub execution: Execution,
    /// The suite's baseline: what the gate's `no_regression` and the reports compare with.
    pub baseline: BaselineRun,
}
