//! Exit codes: a contract with scripts and CI.

use assay_core::run::{RunError, RunStatus, Summary};
use assay_core::store::{PlaceError, StoreError};
use std::process::ExitCode;

/// How the tool ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and the gate passed where there is one.
    Done,
    /// 1: something nobody expected.
    Unexpected,
    /// 2: what was typed, or a file that it names, is wrong.
    Usage,
    /// 3: the gate did not pass.
    GateFailed,
    /// 4: the run is incomplete, failed, or lost more samples than its limit.
    Incomplete,
}

/// Something that the user can mend: settings, files, arguments.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Whether the reader of our output went away. The output's own error is meant, not one that a store's error holds.
pub fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

impl Exit {
    /// The exit code of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        let settings = |cause: &(dyn std::error::Error + 'static)| {
            cause.is::<UsageError>()
                || cause.is::<PlaceError>()
                || matches!(cause.downcast_ref(), Some(RunError::Model { .. }))
                || matches!(cause.downcast_ref(), Some(StoreError::Denied { .. } | StoreError::Unaddressable { .. }))
        };
        if error.chain().any(settings) { Self::Usage } else { Self::Unexpected }
    }

    /// The exit code of a finished run. Lines that could not be used count as failed samples.
    pub fn of_run(summary: &Summary, failure_limit: f64) -> Self {
        let models = summary.models.len().max(1) as u64;
        let lost: u64 =
            summary.models.iter().map(|model| model.failed).sum::<u64>() + summary.dataset.bad_lines * models;
        let all: u64 =
            summary.models.iter().map(|model| model.samples).sum::<u64>() + summary.dataset.bad_lines * models;
        if summary.status == RunStatus::Failed || lost as f64 > failure_limit * all as f64 {
            Self::Incomplete
        } else if summary.gate.as_ref().is_some_and(|verdict| !verdict.passed) {
            Self::GateFailed
        } else {
            Self::Done
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Unexpected => 1,
            Exit::Usage => 2,
            Exit::GateFailed => 3,
            Exit::Incomplete => 4,
        })
    }
}
