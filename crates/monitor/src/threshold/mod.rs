//! Alarms at thresholds that a suite's own history asks for. Pure.
//!
//! What a suite scores varies from run to run without anything being wrong, and by how much is different for each suite,
//! model and measure. So the threshold is made of what was: the median of the last runs, less so many median absolute
//! deviations (or plus, where lower is better). Unlike mean and standard deviation, neither is moved by a single bad run,
//! which would otherwise make the alarm blind for the next one.

mod alarm;
mod bound;
mod history;
mod measured;

pub use bound::{Bound, bound};
pub use history::{Thresholds, Waiting, thresholds};
pub use measured::{Measured, Threshold};

use assay_core::spec::{DEFAULT_THRESHOLD_DEVIATIONS, DEFAULT_THRESHOLD_RUNS};

/// The measure of the pass rate, as alarms and dashboards call it.
pub const PASS_RATE: &str = "pass_rate";

/// Whose thresholds, and where they go.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The namespace of our metrics.
    pub namespace: &'a str,
    /// The suite's application: a dimension.
    pub application: &'a str,
    /// The suite: a dimension.
    pub suite: &'a str,
    /// Whom alarms tell: ARNs of topics.
    pub actions: &'a [String],
}

/// How thresholds are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Of how many runs a threshold is made at the least.
    pub runs: u32,
    /// How many median absolute deviations it is away from the median.
    pub deviations: u32,
}

impl Default for Rule {
    fn default() -> Self {
        Self { runs: DEFAULT_THRESHOLD_RUNS, deviations: DEFAULT_THRESHOLD_DEVIATIONS }
    }
}
