//! The sweep over all jobs: starts those that wait, notices those whose output was missed, that failed, were stopped or take
//! too long, and those that somebody else started. What it finds is told by whoever sweeps, one thing after the other.

use crate::collect::{Collected, Statuses, collect};
use crate::context::{JobContext, JobError};
use crate::control::{ControlError, JobListing};
use crate::note::{JobNote, JobState};
use crate::observe::age;
use crate::submit::submit;
use crate::trouble::{Trouble, trouble_of};
use crate::{foreign, ledger};
use assay_core::collect::Stop;
use assay_core::publish::Finished;
use assay_core::spec::RunError;
use assay_core::summary::RunStatus;
use assay_problem::Classified;
use assay_store::keys::{JOBS, RunKeys};
use assay_store::{Claim, Claimed};
use jiff::{Span, Timestamp};
use object_store::ObjectMeta;
use object_store::path::Path;
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How far back jobs are looked for. People may take 30 days.
const DAYS_BACK: i64 = 45;
/// So many notes are read at a time.
const AT_A_TIME: usize = 16;
/// After so many jobs in a row that could not be looked at for a passing reason, the service or the store is down.
const MOST_IN_A_ROW: u32 = 3;
/// After so long a run whose jobs are not all noted will not be any more.
const CUT_OFF: Duration = Duration::from_secs(3600);

/// Notes of which nothing is to be expected any more, by their key and state: a function that stays warm need not read them
/// again.
pub type Settled = HashMap<Path, Option<String>>;

/// Something that a sweep has found.
#[derive(Debug)]
pub enum Found {
    /// A run has a summary and is to be told; then [`crate::settle`] its jobs.
    Finished {
        /// The run.
        finished: Box<Finished>,
        /// Its jobs.
        jobs: Vec<String>,
        /// Whether its jobs alone are why it failed: they were told one by one.
        is_told: bool,
    },
    /// A job is in trouble, and people are to be told, with [`crate::tell_trouble`].
    Trouble {
        /// Its note.
        note: Box<JobNote>,
        /// What to tell.
        trouble: Trouble,
    },
}

/// A sweep under way. There is one at a time, by a claim of its own.
#[derive(Debug)]
pub struct Sweep {
    /// Jobs that are still to be looked at, with their notes' keys and states.
    names: VecDeque<(String, Path, Option<String>)>,
    /// Notes that were read and are to be looked at.
    notes: VecDeque<JobNote>,
    /// Jobs of the service that have no note. They are asked about once the noted ones were looked after.
    others: VecDeque<JobListing>,
    found: VecDeque<Found>,
    statuses: Statuses,
    /// Runs that were looked at already: their jobs need not be looked at one by one.
    runs: HashSet<String>,
    /// Kinds of jobs, people's or not, of which no more can be started now.
    full: HashSet<bool>,
    /// What went wrong first. It keeps no other job from being looked at.
    failed: Option<JobError>,
    /// How many jobs in a row could not be looked at for a passing reason.
    failed_in_a_row: u32,
    claim: Claim,
    lost: CancellationToken,
    _alive: AbortOnDropHandle<()>,
}

impl Sweep {
    /// Lists the notes and the jobs that the service has; none where another sweep is at work.
    ///
    /// # Errors
    /// When the notes cannot be listed. Where the jobs of the service cannot, the noted ones are looked after all the same.
    pub async fn begin(context: &JobContext, settled: &Settled) -> Result<Option<Self>, JobError> {
        let own = RunKeys::at(Path::from_iter([JOBS.trim_end_matches('/'), "sweep"]));
        let Claimed::Held(claim) = Claim::acquire(&context.place, &own, &context.holder).await? else {
            return Ok(None);
        };
        let lost = CancellationToken::new();
        let alive = claim.keep_alive(lost.clone());
        let (listed, failed) = match listed(context).await {
            Ok(listed) => (listed, None),
            Err(error) => (Vec::new(), Some(error.into())),
        };
        let notes = match ledger::list(&context.place).await {
            Ok(notes) => notes,
            Err(error) => {
                let _ = claim.release().await;
                return Err(error.into());
            }
        };
        let written =
            |meta: &ObjectMeta| Some((ledger::name_of(&meta.location)?.to_owned(), meta.last_modified.timestamp()));
        let noted: HashMap<String, i64> = notes.iter().filter_map(written).collect();
        let names = notes.into_iter().filter(|meta| settled.get(&meta.location) != Some(&meta.e_tag));
        let names = names.filter_map(|meta| {
            let name = ledger::name_of(&meta.location)?.to_owned();
            Some((name, meta.location, meta.e_tag))
        });
        Ok(Some(Self {
            names: names.collect(),
            notes: VecDeque::new(),
            others: listed.iter().filter(|job| !is_noted(job, &noted)).cloned().collect(),
            found: VecDeque::new(),
            statuses: listed.into_iter().map(|job| (job.arn, job.status)).collect(),
            runs: HashSet::new(),
            full: HashSet::new(),
            failed,
            failed_in_a_row: 0,
            claim,
            lost,
            _alive: alive,
        }))
    }

    /// The next thing that is to be told; none once every job was looked at, or there is no time left: the next sweep goes
    /// on. A job that cannot be looked at keeps no other from it; [`Sweep::end`] tells of the first.
    pub async fn next(&mut self, context: &JobContext, settled: &mut Settled, stop: &Stop) -> Option<Found> {
        loop {
            if stop.asking.is_cancelled() || self.lost.is_cancelled() || self.failed_in_a_row >= MOST_IN_A_ROW {
                return None;
            }
            if let Some(found) = self.found.pop_front() {
                return Some(found);
            }
            let note = self.note(context, settled).await?;
            match self.look(context, note).await {
                Ok(()) => self.failed_in_a_row = 0,
                Err(error) => self.fail(error),
            }
        }
    }

    /// Something that was found could not be told: the next sweep finds it again.
    pub fn fail(&mut self, error: JobError) {
        tracing::error!(%error, "a job could not be looked at");
        self.failed_in_a_row = if error.is_transient() { self.failed_in_a_row + 1 } else { 0 };
        self.failed.get_or_insert(error);
    }

    /// Lets the next sweep begin.
    ///
    /// # Errors
    /// What went wrong first.
    pub async fn end(self) -> Result<(), JobError> {
        // Should this fail, the next sweep waits for the lease to end.
        let _ = self.claim.release().await;
        self.failed.map_or(Ok(()), Err)
    }

    /// The note of the next job, several read at a time; then those of jobs of others, which get one.
    async fn note(&mut self, context: &JobContext, settled: &mut Settled) -> Option<JobNote> {
        while self.notes.is_empty() && !self.names.is_empty() {
            let next: Vec<_> = self.names.drain(..AT_A_TIME.min(self.names.len())).collect();
            let read = next.iter().map(|(name, ..)| ledger::read(&context.place, name));
            for ((name, key, state), read) in next.iter().zip(futures::future::join_all(read).await) {
                match read {
                    Ok(Some(note)) if note.settled => drop(settled.insert(key.clone(), state.clone())),
                    Ok(Some(note)) => self.notes.push_back(note),
                    Ok(None) => {}
                    Err(error) => {
                        tracing::error!(job = name, "passed over a note");
                        self.fail(error.into());
                    }
                }
            }
        }
        if let Some(note) = self.notes.pop_front() {
            return Some(note);
        }
        while let Some(job) = self.others.pop_front() {
            match context.control.describe(&job.arn).await {
                Ok(description) => match foreign::note_down(context, foreign::described(context, &description)).await {
                    Ok(note) if note.settled => {}
                    Ok(note) => return Some(note),
                    Err(error) => self.fail(error.into()),
                },
                // Where one may not be looked at, or the service has enough, the others need not be tried.
                Err(error) if error.is_transient() || error.is_denied() => {
                    self.others.clear();
                    self.fail(error.into());
                }
                Err(error) => tracing::warn!(job = job.name, %error, "a job of somebody else cannot be looked at"),
            }
        }
        None
    }

    /// Looks at one job and at its run.
    async fn look(&mut self, context: &JobContext, mut note: JobNote) -> Result<(), JobError> {
        if note.state == JobState::Waiting {
            if !is_whole(context, &note).await? {
                if age(note.noted_at) > CUT_OFF {
                    let said = "the start of its run was cut off before every job was noted; drop the dataset again";
                    self.tell_unreadable(note, said.to_owned());
                }
                return Ok(());
            }
            if !self.full.contains(&note.is_human) {
                let (submitted, error) = submit(context, &note.job).await?;
                note = submitted;
                if note.state == JobState::Waiting {
                    self.full.insert(note.is_human);
                }
                if let Some(error) = error.filter(ControlError::is_denied) {
                    self.tell_unreadable(note.clone(), error.to_string());
                }
            }
        }
        let run = format!("{}/{}", note.suite, note.run);
        // Once its run is told, nobody looks at the other jobs any more: what is to be told of them is told before.
        let is_first = self.runs.insert(run);
        let looked_at = if is_first { note.jobs.clone() } else { vec![note.job.clone()] };
        let mut collected = None;
        if is_first {
            match Box::pin(collect(context, &note.job, &self.statuses)).await {
                Ok(Collected::Finished(finished)) => collected = Some(finished),
                Ok(Collected::Open { .. } | Collected::Busy | Collected::Done) => {}
                // Whoever took the run over goes on with it.
                Err(JobError::Run(RunError::Lost)) => {}
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => self.tell_unreadable(note.clone(), error.to_string()),
            }
        }
        // What collecting has found out is in the notes by now.
        let mut notes = Vec::with_capacity(looked_at.len());
        for name in &looked_at {
            notes.extend(ledger::read(&context.place, name).await?);
        }
        if let Some(finished) = collected {
            let is_told = finished.summary.status == RunStatus::Failed
                && notes.len() == looked_at.len()
                && notes.iter().all(|note| note.state.is_trouble());
            self.found.push_back(Found::Finished { finished, jobs: looked_at, is_told });
        }
        for note in notes.into_iter().rev() {
            if let Some(trouble) = trouble_of(context, &note) {
                // Before the run: whoever reads both wants to know first why.
                self.found.push_front(Found::Trouble { note: Box::new(note), trouble });
            }
        }
        Ok(())
    }

    /// Has people told that a job cannot be taken further, unless they were told the same before.
    fn tell_unreadable(&mut self, note: JobNote, said: String) {
        tracing::error!(job = note.job, error = said, "a job cannot be taken further");
        if note.told.unreadable.as_ref() != Some(&said) {
            self.found.push_back(Found::Trouble { note: Box::new(note), trouble: Trouble::Unreadable(said) });
        }
    }
}

/// Whether every job of the run is noted: the first note is written last, and until then nothing of the run is started.
async fn is_whole(context: &JobContext, note: &JobNote) -> Result<bool, JobError> {
    match note.jobs.first() {
        Some(first) if *first != note.job => Ok(ledger::read(&context.place, first).await?.is_some()),
        _ => Ok(true),
    }
}

/// Whether a job has a note, by the names of all notes and when each was last written: one of before the job is another's,
/// whose name was used again.
fn is_noted(job: &JobListing, noted: &HashMap<String, i64>) -> bool {
    let id = job.arn.rsplit('/').next().unwrap_or_default();
    let is_of = |written: &i64| job.created_at.is_none_or(|created| *written >= created.as_second());
    noted.get(&job.name).is_some_and(is_of) || noted.contains_key(&foreign::named_by_id(&job.name, id))
}

/// Every job that the service has of the last weeks, page by page.
async fn listed(context: &JobContext) -> Result<Vec<JobListing>, ControlError> {
    let since = Timestamp::now() - Span::new().hours(24 * DAYS_BACK);
    let (mut all, mut page) = (Vec::new(), None);
    loop {
        let (found, next) = context.control.list(since, page).await?;
        all.extend(found);
        match next {
            Some(next) => page = Some(next),
            None => return Ok(all),
        }
    }
}
