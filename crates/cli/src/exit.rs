//! Exit codes: a contract with scripts and CI.

use assay_core::publish::AnnounceError;
use assay_core::spec::RunError;
use assay_core::summary::{RunStatus, Summary};
use assay_job::control::ControlError;
use assay_job::{JobError, LedgerError, TellError};
use assay_model::ServiceError;
use assay_monitor::cloudwatch::CloudWatchError;
use assay_monitor::invocation_logging::EnableError;
use assay_monitor::logs::LogsError;
use assay_problem::{Classified, ErrorClass, ErrorKind};
use assay_store::{PlaceError, StoreError};
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
pub(crate) struct UsageError(pub String);

impl Classified for UsageError {
    fn classify(&self) -> ErrorClass {
        ErrorKind::User.named("Usage")
    }
}

/// Whether the reader of our output went away. The output's own error is meant, not one that a store's error holds.
pub(crate) fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

impl Exit {
    /// The exit code of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        match error.chain().find_map(kind) {
            Some(ErrorKind::User) => Self::Usage,
            Some(ErrorKind::Interrupted) => Self::Incomplete,
            _ => Self::Unexpected,
        }
    }

    /// The exit code of several pieces of work: that of the one that needs somebody most.
    pub fn worst(exits: impl Iterator<Item = Self>) -> Self {
        let order = [Self::Done, Self::GateFailed, Self::Incomplete, Self::Usage, Self::Unexpected];
        let rank = |exit: &Self| order.iter().position(|other| other == exit);
        exits.max_by_key(rank).unwrap_or(Self::Done)
    }

    /// The exit code of a finished run. Lines that could not be used count as failed samples.
    pub fn of_run(summary: &Summary, failure_limit: f64) -> Self {
        let models = summary.models.len().max(1) as u64;
        let lost: u64 =
            summary.models.iter().map(|model| model.failed).sum::<u64>() + summary.dataset.bad_lines * models;
        let all: u64 =
            summary.models.iter().map(|model| model.samples).sum::<u64>() + summary.dataset.bad_lines * models;
        if summary.status != RunStatus::Completed || lost as f64 > failure_limit * all as f64 {
            Self::Incomplete
        } else if summary.gate.as_ref().is_some_and(|verdict| !verdict.passed) {
            Self::GateFailed
        } else {
            Self::Done
        }
    }
}

/// The kind of an error in the chain.
fn kind(cause: &(dyn std::error::Error + 'static)) -> Option<ErrorKind> {
    fn of<E: Classified + 'static>(cause: &(dyn std::error::Error + 'static)) -> Option<ErrorKind> {
        cause.downcast_ref::<E>().map(Classified::kind)
    }
    of::<UsageError>(cause)
        .or_else(|| of::<PlaceError>(cause))
        .or_else(|| of::<StoreError>(cause))
        .or_else(|| of::<RunError>(cause))
        .or_else(|| of::<AnnounceError>(cause))
        .or_else(|| of::<JobError>(cause))
        .or_else(|| of::<LedgerError>(cause))
        .or_else(|| of::<TellError>(cause))
        .or_else(|| of::<ControlError>(cause))
        .or_else(|| of::<ServiceError>(cause))
        .or_else(|| of::<CloudWatchError>(cause))
        .or_else(|| of::<EnableError>(cause))
        .or_else(|| of::<LogsError>(cause))
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

#[cfg(test)]
mod tests {
    use super::*;
    use assay_core::publish::metrics::MetricError;

    fn denied() -> StoreError {
        let source = "status 403".into();
        StoreError::new("k", object_store::Error::PermissionDenied { path: "k".to_owned(), source })
    }

    #[test]
    fn what_a_store_refuses_can_be_mended_wherever_it_was_refused() {
        let unaddressable = || StoreError::Unaddressable { place: "k".to_owned(), reason: "no".to_owned() };
        for error in [
            anyhow::Error::from(denied()),
            RunError::Store(denied()).into(),
            RunError::Store(unaddressable()).into(),
            AnnounceError::Store(denied()).into(),
            AnnounceError::Metrics(MetricError::Store(unaddressable())).into(),
            anyhow::Error::from(RunError::Store(denied())).context("said before"),
            JobError::from(denied()).into(),
            JobError::from(LedgerError::from(denied())).into(),
            JobError::from(ControlError::from(ServiceError::Denied(String::new()))).into(),
            ControlError::from(ServiceError::Rejected(String::new())).into(),
            LogsError::GroupMissing { group: String::new() }.into(),
            EnableError::Set(String::new()).into(),
            EnableError::Service(ServiceError::Denied(String::new())).into(),
            ServiceError::Denied(String::new()).into(),
        ] {
            assert_eq!(Exit::of(&error), Exit::Usage, "{error:?}");
        }
        for error in [
            RunError::Store(StoreError::Missing { place: "k".to_owned() }).into(),
            AnnounceError::Lost.into(),
            JobError::from(ControlError::from(ServiceError::Throttled(String::new()))).into(),
            LogsError::Ended { status: "Failed".to_owned() }.into(),
            EnableError::Service(ServiceError::Throttled(String::new())).into(),
            anyhow::anyhow!("anything else"),
        ] {
            assert_eq!(Exit::of(&error), Exit::Unexpected, "{error:?}");
        }
        assert_eq!(Exit::of(&LogsError::Stopped.into()), Exit::Incomplete);
    }

    #[test]
    fn the_worst_counts() {
        assert_eq!(Exit::worst([].into_iter()), Exit::Done);
        assert_eq!(Exit::worst([Exit::GateFailed, Exit::Incomplete, Exit::Done].into_iter()), Exit::Incomplete);
        assert_eq!(Exit::worst([Exit::Unexpected, Exit::Usage].into_iter()), Exit::Unexpected);
    }
}
