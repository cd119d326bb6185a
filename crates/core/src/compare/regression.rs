//! What comparing a run with its suite's baseline has found.

use crate::compare::Comparison;
use assay_store::keys;

/// What the comparison with the baseline found.
#[derive(Debug, Clone, Default)]
pub struct Regression {
    /// The comparison of each model that the baseline knows.
    pub comparisons: Vec<Comparison>,
    /// Why nothing can be said, where a baseline is there.
    pub broken: Option<String>,
    /// What could not be compared and is no failure.
    pub notes: Vec<String>,
    /// Whether the suite has no baseline at all.
    pub has_no_baseline: bool,
}

impl Regression {
    pub(super) fn broken(reason: &str) -> Self {
        let broken = format!("the baseline cannot be used: {reason}; set another with `assay baseline set`");
        Self { broken: Some(broken), ..Self::default() }
    }

    pub(super) fn noted(note: &str) -> Self {
        Self { notes: vec![note.to_owned()], ..Self::default() }
    }

    /// What to keep in mind of a probe's run that was compared with nothing, with the command that sets a baseline. A dataset
    /// that somebody drops may be the only one of its suite; a probe is asked every week to be compared. `key` is the
    /// dataset's, `run` how people name the folder of the run.
    pub fn lack(&self, key: &str, run: &str) -> Option<String> {
        (self.has_no_baseline && key.starts_with(keys::PROBES)).then(|| {
            format!(
                "the suite has no baseline yet, so nobody can tell whether this run is worse than before; where its answers \
                 are as they should be, make it the baseline: `assay baseline set {run}`"
            )
        })
    }
}
