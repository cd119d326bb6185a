//! What evaluation jobs are told to do, as data: when they end, how, and what their output looks like.
//!
//! The worker looks at it whenever it comes by a job, so a change also meets jobs that are under way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How evaluation jobs go. The default finishes each of them at once and writes what the service is seen to write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobBehaviour {
    /// Time from a job's creation to its end, in milliseconds.
    pub finish_after_ms: u64,
    /// Time from the moment at which the output lies in S3 to the status `Completed`, in milliseconds: whoever follows
    /// the event of the object comes too early.
    pub completes_late_ms: u64,
    /// Time from the request to stop a job until it is stopped, in milliseconds.
    pub stop_after_ms: u64,
    /// Jobs that fail instead of completing; the first entry that fits decides.
    pub fail: Vec<JobFailure>,
    /// Jobs whose name contains one of these texts stay in progress, until they are stopped or the text is gone.
    pub hold: Vec<String>,
    /// Automated jobs that may be under way at once.
    pub max_concurrent_automated: usize,
    /// Human jobs that may be under way at once.
    pub max_concurrent_human: usize,
    /// Scores by metric, as the request names it, instead of those made from the texts; null for one that the judge did
    /// not give.
    pub scores: BTreeMap<String, Option<f64>>,
    /// In what the output differs from the usual.
    pub output: Vec<OutputVariant>,
}

impl Default for JobBehaviour {
    fn default() -> Self {
        Self {
            finish_after_ms: 0,
            completes_late_ms: 0,
            stop_after_ms: 0,
            fail: Vec::new(),
            hold: Vec::new(),
            // The service's quotas, as published in November 2026.
            max_concurrent_automated: 20,
            max_concurrent_human: 10,
            scores: BTreeMap::new(),
            output: Vec::new(),
        }
    }
}

/// Jobs that fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFailure {
    /// Only jobs whose name contains this text.
    pub name_contains: String,
    /// What `failureMessages` says then.
    pub messages: Vec<String>,
}

/// One way in which output differs from the usual; each of them was seen, or is printed in the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputVariant {
    /// Metrics without the prefix `Builtin.`.
    BareMetricNames,
    /// Scores without a metric's name.
    MissingMetricName,
    /// One file for each metric, instead of one for each dataset.
    FilePerMetric,
    /// The last line breaks off.
    TruncatedLastLine,
    /// A file without a line.
    EmptyFile,
    /// Human results whose loop, input and models stand beside the list of results: the other reading of the page that
    /// documents them.
    HumanLoopBeside,
    /// Human results as one object instead of a list, as the documentation of SageMaker has them.
    HumanResultObject,
}

impl JobBehaviour {
    pub(super) fn holds(&self, name: &str) -> bool {
        self.hold.iter().any(|text| name.contains(text))
    }

    pub(super) fn failure(&self, name: &str) -> Option<&JobFailure> {
        self.fail.iter().find(|failure| name.contains(&failure.name_contains))
    }

    pub(super) fn has(&self, variant: OutputVariant) -> bool {
        self.output.contains(&variant)
    }
}
