//! Jobs in trouble: what is wrong, and telling it once.

use crate::context::{JobContext, JobError};
use crate::ledger;
use crate::note::{JobNote, JobState};
use crate::observe::age;
use assay_core::publish::metrics::{MetricError, MetricName, MetricSink, of_job};
use assay_core::publish::notice::{JobNews, NoticeError, Topic};
use assay_notice::{Notice, NoticeKind};
use assay_problem::{Classified, ErrorClass};
use assay_store::keys;
use jiff::Timestamp;

/// What is wrong with a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It failed, was refused, or is gone.
    Failed,
    /// It was stopped.
    Stopped,
    /// It takes too long.
    Stuck,
    /// It cannot be taken further, for this reason: its output may not be read, or nobody may start it.
    Unreadable(String),
}

impl Trouble {
    /// The notice that tells it.
    pub fn notice(&self) -> NoticeKind {
        match self {
            Self::Failed => NoticeKind::JobFailed,
            Self::Stopped => NoticeKind::JobStopped,
            Self::Stuck => NoticeKind::JobStuck,
            Self::Unreadable(_) => NoticeKind::JobUnreadable,
        }
    }

    /// The metric that counts it, if one does.
    pub fn metric(&self) -> Option<MetricName> {
        match self {
            Self::Failed => Some(MetricName::JobFailed),
            Self::Stopped => Some(MetricName::JobStopped),
            Self::Stuck => Some(MetricName::JobStuck),
            Self::Unreadable(_) => None,
        }
    }
}

/// Trouble could not be told.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    /// The metric could not be published.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// The notice could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// It could not be noted that it was told.
    #[error(transparent)]
    Job(#[from] JobError),
}

impl Classified for TellError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Metric(error) => error.classify(),
            Self::Notice(error) => error.classify(),
            Self::Job(error) => error.classify(),
        }
    }
}

/// What people have to be told of a job, unless they were.
pub(crate) fn trouble_of(context: &JobContext, note: &JobNote) -> Option<Trouble> {
    let is_stuck = || {
        let after = if note.is_human { context.stuck_human_after } else { context.stuck_after };
        let since = note.started_at.unwrap_or(note.noted_at);
        age(since) > after
    };
    match note.state {
        JobState::Stopped if !note.told.trouble => Some(Trouble::Stopped),
        state if state.is_trouble() && !note.told.trouble => Some(Trouble::Failed),
        state if state.is_open() && !note.told.stuck && is_stuck() => Some(Trouble::Stuck),
        _ => None,
    }
}

/// Publishes the metric of a job in trouble, tells the notice, and notes that both were done. Should the process die before
/// that, both come again: a notice may come twice, but none is lost.
///
/// # Errors
/// When a step fails; the next sweep repeats it.
pub async fn tell_trouble(
    context: &JobContext,
    note: &JobNote,
    trouble: &Trouble,
    sink: Option<&dyn MetricSink>,
    topic: Option<&Topic>,
) -> Result<(), TellError> {
    if let Some((name, sink)) = trouble.metric().zip(sink) {
        let at = note.ended_at.unwrap_or_else(Timestamp::now);
        sink.publish(&[of_job(name, &note.application, &note.suite, at)]).await?;
    }
    if let Some(topic) = topic {
        topic.tell(&notice(context, note, trouble)).await?;
    }
    let noted = ledger::change(&context.place, &note.job, |note| {
        match trouble {
            Trouble::Failed | Trouble::Stopped => note.told.trouble = true,
            Trouble::Stuck => note.told.stuck = true,
            Trouble::Unreadable(said) => note.told.unreadable = Some(said.clone()),
        }
        true
    });
    noted.await.map_err(JobError::from)?;
    Ok(())
}

/// What people are told of a job in trouble.
pub fn notice(context: &JobContext, note: &JobNote, trouble: &Trouble) -> Notice {
    let messages = match trouble {
        Trouble::Unreadable(said) => std::slice::from_ref(said),
        _ => note.messages.as_slice(),
    };
    Notice::from(JobNews {
        kind: trouble.notice(),
        job: &note.job,
        suite: &note.suite,
        application: &note.application,
        run: &note.run,
        note: &context.place.name_of(&keys::job_note(&note.job)),
        messages,
    })
}
