//! Exit codes: a contract with scripts and CI.

use crate::error::ToolError;
use assay_core::summary::{RunStatus, Summary};
use assay_problem::{Classified, ErrorClass, ErrorKind};
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

impl Exit {
    /// The exit code of an error.
    pub(crate) fn of(error: &ToolError) -> Self {
        match error.kind() {
            ErrorKind::User => Self::Usage,
            ErrorKind::Interrupted => Self::Incomplete,
            // A claim that was lost midway counts as unexpected, as it always has; one that is held from the beginning is
            // no error, and the command says that the run is incomplete.
            ErrorKind::Claim | ErrorKind::Transient | ErrorKind::Bug => Self::Unexpected,
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
    use assay_core::publish::AnnounceError;
    use assay_core::publish::metrics::MetricError;
    use assay_core::publish::notice::NoticeError;
    use assay_core::spec::RunError;
    use assay_job::control::ControlError;
    use assay_job::{JobError, LedgerError, TellError};
    use assay_model::ServiceError;
    use assay_monitor::cloudwatch::CloudWatchError;
    use assay_monitor::invocation_logging::EnableError;
    use assay_monitor::logs::LogsError;
    use assay_report::ReportError;
    use assay_store::{PlaceError, StoreError};
    use std::time::Duration;

    fn stored(error: object_store::Error) -> StoreError {
        StoreError::new("k", error)
    }

    fn denied() -> StoreError {
        stored(object_store::Error::PermissionDenied { path: "k".to_owned(), source: "status 403".into() })
    }

    fn unavailable() -> StoreError {
        stored(object_store::Error::Generic { store: "S3", source: "status 503".into() })
    }

    fn unaddressable() -> StoreError {
        StoreError::Unaddressable { place: "k".to_owned(), reason: "no".to_owned() }
    }

    fn service(error: impl Fn(String) -> ServiceError) -> JobError {
        ControlError::from(error("said".to_owned())).into()
    }

    fn said() -> String {
        "said".to_owned()
    }

    #[test]
    fn what_the_user_can_mend_is_a_matter_of_usage_wherever_it_was_refused() {
        let errors: Vec<ToolError> = vec![
            UsageError(said()).into(),
            PlaceError::NotS3(said()).into(),
            denied().into(),
            unaddressable().into(),
            RunError::Store(denied()).into(),
            RunError::Store(unaddressable()).into(),
            RunError::Model { model: said(), reason: said() }.into(),
            RunError::Unpriced { problems: Vec::new() }.into(),
            AnnounceError::Store(denied()).into(),
            AnnounceError::Metrics(MetricError::Store(unaddressable())).into(),
            ToolError::from(RunError::Store(denied())).context("said before"),
            ReportError::Store(denied()).into(),
            JobError::from(denied()).into(),
            JobError::from(LedgerError::from(denied())).into(),
            LedgerError::from(denied()).into(),
            LedgerError::Unreadable { place: said(), reason: said() }.into(),
            TellError::Job(denied().into()).into(),
            service(ServiceError::Denied).into(),
            service(ServiceError::Rejected).into(),
            service(ServiceError::Missing).into(),
            ControlError::from(ServiceError::Rejected(said())).into(),
            ControlError::NameInUse(said()).into(),
            LogsError::GroupMissing { group: said() }.into(),
            LogsError::Denied(said()).into(),
            LogsError::Rejected(said()).into(),
            EnableError::Wrong(said()).into(),
            EnableError::Set(said()).into(),
            EnableError::Service(ServiceError::Denied(said())).into(),
            ServiceError::Denied(said()).into(),
            ServiceError::Exists(said()).into(),
            CloudWatchError::Denied(said()).into(),
            CloudWatchError::QuotaUsedUp(said()).into(),
            CloudWatchError::Rejected(said()).into(),
        ];
        for error in errors {
            assert_eq!(Exit::of(&error), Exit::Usage, "{error:?}");
        }
    }

    #[test]
    fn what_passes_or_nobody_foresees_is_unexpected() {
        let json = serde_json::from_str::<u8>("x").expect_err("an error");
        let errors: Vec<ToolError> = vec![
            unavailable().into(),
            StoreError::Missing { place: said() }.into(),
            RunError::Store(StoreError::Missing { place: said() }).into(),
            RunError::Lost.into(),
            RunError::Record { part: said(), line: 1, reason: said() }.into(),
            RunError::Broken(said()).into(),
            AnnounceError::Lost.into(),
            AnnounceError::Metrics(MetricError::CloudWatch(said())).into(),
            AnnounceError::Notice(NoticeError::Topic(said())).into(),
            ReportError::Output(std::io::Error::other("full")).into(),
            LedgerError::Missing(said()).into(),
            LedgerError::Crossed(said()).into(),
            JobError::Region { job: said(), region: said(), asked: said() }.into(),
            service(ServiceError::Throttled).into(),
            service(ServiceError::Unavailable).into(),
            ControlError::QuotaUsedUp(said()).into(),
            LogsError::Ended { status: "Failed".to_owned() }.into(),
            LogsError::TooManyQueries(Duration::ZERO, said()).into(),
            LogsError::Unavailable(said()).into(),
            LogsError::Malformed(said()).into(),
            EnableError::Service(ServiceError::Throttled(said())).into(),
            ServiceError::LimitReached(said()).into(),
            CloudWatchError::Throttled(said()).into(),
            CloudWatchError::Unavailable(said()).into(),
            std::io::Error::other("full").into(),
            json.into(),
            ToolError::unexpected("anything else"),
        ];
        for error in errors {
            assert_eq!(Exit::of(&error), Exit::Unexpected, "{error:?}");
        }
    }

    #[test]
    fn a_question_that_was_given_up_is_incomplete() {
        for error in [LogsError::Stopped, LogsError::Deadline(Duration::ZERO, said())] {
            assert_eq!(Exit::of(&error.into()), Exit::Incomplete);
        }
    }

    #[test]
    fn an_error_is_said_after_what_was_being_done_and_before_its_causes() {
        let error = ToolError::from(RunError::Store(unavailable())).context("failed to begin");
        assert_eq!(error.to_string(), "failed to begin: `k` could not be read or written: status 503");
        let gone = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(ToolError::from(gone()).context("failed to write").is_reader_gone());
        assert!(!ToolError::from(StoreError::of_file("k", gone())).is_reader_gone());
    }

    #[test]
    fn the_worst_counts() {
        assert_eq!(Exit::worst([].into_iter()), Exit::Done);
        assert_eq!(Exit::worst([Exit::GateFailed, Exit::Incomplete, Exit::Done].into_iter()), Exit::Incomplete);
        assert_eq!(Exit::worst([Exit::Unexpected, Exit::Usage].into_iter()), Exit::Unexpected);
    }
}
