//! Exit codes: a contract with scripts and CI.

use assay_core::publish::AnnounceError;
use assay_core::publish::metrics::MetricError;
use assay_core::spec::RunError;
use assay_core::summary::{RunStatus, Summary};
use assay_job::control::ControlError;
use assay_job::{JobError, LedgerError, TellError};
use assay_monitor::ServiceError;
use assay_monitor::cloudwatch::CloudWatchError;
use assay_monitor::invocation_logging::EnableError;
use assay_monitor::logs::LogsError;
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

/// Whether the reader of our output went away. The output's own error is meant, not one that a store's error holds.
pub(crate) fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

impl Exit {
    /// The exit code of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        let settings = |cause: &(dyn std::error::Error + 'static)| {
            cause.is::<UsageError>()
                || cause.is::<PlaceError>()
                || matches!(cause.downcast_ref(), Some(RunError::Model { .. } | RunError::Unpriced { .. }))
                || matches!(store_error(cause), Some(StoreError::Denied { .. } | StoreError::Unaddressable { .. }))
                || is_refused_by_service(cause)
                || is_refused_by_monitoring(cause)
                || cause.downcast_ref().is_some_and(|error: &CloudWatchError| !error.is_passing())
        };
        if error.chain().any(settings) {
            Self::Usage
        } else if error.chain().any(is_cut_off) {
            Self::Incomplete
        } else {
            Self::Unexpected
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

/// The store's error that `cause` is or passes on. One that is passed on does not occur in the chain by itself.
fn store_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a StoreError> {
    if let Some(JobError::Run(RunError::Store(error)) | JobError::Ledger(LedgerError::Store(error))) = job_error(cause)
    {
        return Some(error);
    }
    if let Some(RunError::Store(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(LedgerError::Store(error)) = cause.downcast_ref() {
        return Some(error);
    }
    match cause.downcast_ref() {
        Some(AnnounceError::Store(error) | AnnounceError::Metrics(MetricError::Store(error))) => Some(error),
        _ => cause.downcast_ref(),
    }
}

/// Whether a managed job cannot be looked at or changed as it was asked for; the message says what to mend.
fn is_refused_by_service(cause: &(dyn std::error::Error + 'static)) -> bool {
    let passed_on = match job_error(cause) {
        Some(JobError::Control(error)) => Some(error),
        Some(JobError::Ledger(LedgerError::Unreadable { .. })) => return true,
        _ => None,
    };
    if let Some(LedgerError::Unreadable { .. }) = cause.downcast_ref() {
        return true;
    }
    passed_on.or(cause.downcast_ref()).is_some_and(|error: &ControlError| !error.is_passing())
}

/// Whether a service that watches models refuses; the message says what to mend.
fn is_refused_by_monitoring(cause: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(error) = cause.downcast_ref::<LogsError>() {
        return error.is_settings();
    }
    let passed_on = match cause.downcast_ref() {
        Some(EnableError::Service(error)) => Some(error),
        Some(_) => return true,
        None => None,
    };
    passed_on.or(cause.downcast_ref()).is_some_and(|error: &ServiceError| !error.is_passing())
}

/// Whether a question to the logs was given up before its answer came.
fn is_cut_off(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(LogsError::Stopped | LogsError::Deadline(..)))
}

fn job_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a JobError> {
    match cause.downcast_ref() {
        Some(TellError::Job(error)) => Some(error),
        _ => cause.downcast_ref(),
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

#[cfg(test)]
mod tests {
    use super::*;

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
            JobError::from(ControlError::Denied { message: String::new() }).into(),
            ControlError::Rejected { message: String::new() }.into(),
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
            JobError::from(ControlError::Throttled { message: String::new() }).into(),
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
