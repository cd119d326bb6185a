//! From the ends of a run's jobs to its records and its summary: once, however many come by at the same time.
//!
//! Telling of a finished run is left to the doors.

use crate::context::{JobContext, JobError};
use crate::control::JobStatus;
use crate::convert::convert;
use crate::ledger;
use crate::note::{JobNote, JobState};
use crate::observe::observe;
use crate::suite::Suite;
use crate::summary::{conclude, expected};
use assay_core::compare::baseline_run;
use assay_core::publish::{Committed, Finished};
use assay_core::run::{SummaryInput, commit, committed_summary, evaluate_gate, recommit, summarise};
use assay_core::score_record::Scoring;
use assay_core::spec::RunError;
use assay_store::keys::RunKeys;
use assay_store::{Claim, Claimed};
use std::collections::HashMap;
use tokio_util::sync::CancellationToken;

/// What came of a run of jobs.
#[derive(Debug)]
pub enum Collected {
    /// It has a summary, and is to be told.
    Finished(Box<Finished>),
    /// Jobs of it are not done.
    Open {
        /// Those that are.
        ended: usize,
        /// All.
        jobs: usize,
    },
    /// Somebody else works on it.
    Busy,
    /// It was told before.
    Done,
}

/// What the service has just told of jobs, by their ARN.
pub type Statuses = HashMap<String, JobStatus>;

/// Takes the run of the job `name` as far as it goes: looks at each of its jobs, makes records of the output of those that
/// are done, and once none is open makes the summary.
///
/// # Errors
/// When the store fails, the run was taken over, or the service does not answer.
pub async fn collect(context: &JobContext, name: &str, statuses: &Statuses) -> Result<Collected, JobError> {
    let Some(note) = ledger::read(&context.place, name).await? else {
        return Err(ledger::missing(name).into());
    };
    let keys = RunKeys::new(&note.suite, &note.run);
    let claim = match Claim::acquire(&context.place, &keys, &context.holder).await? {
        Claimed::Held(claim) => claim,
        Claimed::Busy => return Ok(Collected::Busy),
        Claimed::Done => {
            settle(context, &note.jobs).await?;
            return Ok(Collected::Done);
        }
    };
    let lost = CancellationToken::new();
    let alive = claim.keep_alive(lost.clone());
    let reached = tokio::select! {
        reached = advance(context, &note, &keys, &claim, statuses) => reached,
        () = lost.cancelled() => Err(RunError::Lost.into()),
    };
    match reached {
        Ok(Reached::Committed(committed)) => Ok(Collected::Finished(Box::new(Finished::new(*committed, claim, alive)))),
        Ok(Reached::Open { ended, jobs }) => {
            claim.release().await?;
            Ok(Collected::Open { ended, jobs })
        }
        Err(error) => {
            // The next delivery need not wait for the lease to end; if this fails too, it has to.
            let _ = claim.release().await;
            Err(error)
        }
    }
}

/// Where work on a run ends.
enum Reached {
    Committed(Box<Committed>),
    Open { ended: usize, jobs: usize },
}

async fn advance(
    context: &JobContext,
    note: &JobNote,
    keys: &RunKeys,
    claim: &Claim,
    statuses: &Statuses,
) -> Result<Reached, JobError> {
    let notes = jobs_of(context, note, statuses).await?;
    let suite = Suite::of(context, note, keys).await?;
    let at = (&context.place, keys);
    if let Some(summary) = committed_summary(at, claim).await? {
        let baseline = baseline_run(&context.place, &note.suite).await?;
        let committed = recommit(at, summary, &baseline, suite.requires_baseline(), false).await?;
        return Ok(Reached::Committed(Box::new(committed)));
    }
    let mut read = Vec::with_capacity(notes.len());
    for note in notes {
        let is_readable = matches!(note.state, JobState::Completed | JobState::Stopped) && note.read.is_none();
        read.push(if is_readable { read_output(context, keys, note, &suite.scoring).await? } else { note });
    }
    let ended = read.iter().filter(|note| !note.state.is_open()).count();
    if ended < read.len() {
        return Ok(Reached::Open { ended, jobs: read.len() });
    }
    let input = SummaryInput { labels: suite.labels.clone(), expected: &expected(&read), calls: None };
    let mut numbers = summarise(&context.place, keys, input).await?;
    let baseline = baseline_run(&context.place, &note.suite).await?;
    let gate = suite.spec.gate.as_ref().map(|gate| gate.over(&suite.measures()));
    let evaluated = evaluate_gate(at, &baseline, gate.as_ref(), &mut numbers, false).await?;
    let first = read.first().unwrap_or(note);
    let run = context.place.name_of(keys.root());
    let summary = conclude(&suite, (first, &read), &numbers, &evaluated, &run);
    let (summariser, comparisons) = (numbers.summariser, evaluated.compared.comparisons);
    let committed = commit(at, claim, None, Committed { summary, summariser, comparisons }).await?;
    Ok(Reached::Committed(Box::new(committed)))
}

/// The notes of every job of the run, each looked at.
async fn jobs_of(context: &JobContext, note: &JobNote, statuses: &Statuses) -> Result<Vec<JobNote>, JobError> {
    let mut notes = Vec::with_capacity(note.jobs.len());
    for name in &note.jobs {
        let Some(note) = ledger::read(&context.place, name).await? else {
            return Err(ledger::missing(name).into());
        };
        let known = note.arn.as_ref().and_then(|arn| statuses.get(arn));
        notes.push(observe(context, &note, known).await?);
    }
    Ok(notes)
}

/// Makes records of what the job has written, and notes what was found.
async fn read_output(
    context: &JobContext,
    keys: &RunKeys,
    note: JobNote,
    scoring: &Scoring,
) -> Result<JobNote, JobError> {
    let read = convert(context, keys, &note, scoring).await?;
    tracing::info!(job = note.job, answers = read.answers, unread = read.unread, "read a job's output");
    let (note, _) = ledger::change(&context.place, &note.job, |note| {
        let is_new = note.read.is_none();
        note.read.get_or_insert_with(|| read.clone());
        is_new
    })
    .await?;
    Ok(note)
}

/// Notes that a run is done, so that nobody looks at its jobs again. A job in trouble is looked at until people were told
/// of it.
///
/// # Errors
/// When a note cannot be read or written.
pub async fn settle(context: &JobContext, jobs: &[String]) -> Result<(), JobError> {
    for name in jobs {
        let settle = |note: &mut JobNote| {
            let is_told = note.told.trouble || !note.state.is_trouble();
            is_told && !std::mem::replace(&mut note.settled, true)
        };
        ledger::change(&context.place, name, settle).await?;
    }
    Ok(())
}
