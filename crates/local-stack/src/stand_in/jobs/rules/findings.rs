//! Where a request breaks a rule.

use crate::stand_in::jobs::request::{JobKind, JobRequest};

/// The places at which one rule is broken.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<(String, String)>);

impl Findings {
    pub(super) fn add(&mut self, path: impl Into<String>, constraint: impl Into<String>) {
        self.0.push((path.into(), constraint.into()));
    }
}

/// Where datasets stand in a request, by their place.
pub(super) fn dataset_path(request: &JobRequest, index: usize) -> String {
    format!("{}.datasetMetricConfigs[{index}]", config_path(request))
}

/// Where the configuration of the evaluation stands in a request.
pub(super) fn config_path(request: &JobRequest) -> &'static str {
    if request.kind() == JobKind::Human { "evaluationConfig.human" } else { "evaluationConfig.automated" }
}
