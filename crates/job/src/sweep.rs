//! The sweep over all jobs: starts those that wait, notices those whose output was missed, that failed, were stopped or take
//! too long, and those that somebody else started. What it finds is told by whoever sweeps, one thing after the other.

use crate::collect::{Collected, Statuses, collect};
use crate::context::{JobContext, JobError};
use crate::control::{ControlError, JobListing};
use crate::note::{JobNote, JobState};
use crate::submit::submit;
use crate::trouble::{Trouble, trouble_of};
use crate::{foreign, ledger};
use assay_core::run::{Finished, RunError};
use jiff::{Span, Timestamp};
use object_store::path::Path;
use std::collections::{HashMap, HashSet, VecDeque};

/// How far back jobs are looked for. People may take 30 days.
const DAYS_BACK: i64 = 45;
/// How many jobs of others are asked about in one sweep; the next one goes on.
const MOST_FOREIGN: usize = 200;

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

/// A sweep under way.
#[derive(Debug)]
pub struct Sweep {
    /// Jobs that are still to be looked at, with their notes' keys and states.
    names: VecDeque<(String, Path, Option<String>)>,
    found: VecDeque<Found>,
    statuses: Statuses,
    /// Runs that were looked at already: their jobs need not be looked at one by one.
    runs: HashSet<String>,
    /// Kinds of jobs, people's or not, for which the service has no room.
    full: HashSet<bool>,
    /// Why the jobs of the service could not be listed, where that is not for a passing reason.
    unlisted: Option<ControlError>,
}

impl Sweep {
    /// Lists the notes, and the jobs that the service has; those of others get a note.
    ///
    /// # Errors
    /// When the store fails, or the service does not answer.
    pub async fn begin(context: &JobContext, settled: &Settled) -> Result<Self, JobError> {
        let (listed, unlisted) = match listed(context).await {
            Ok(listed) => (listed, None),
            Err(error) if error.is_passing() => return Err(error.into()),
            // Jobs that are noted can be looked after all the same.
            Err(error) => (Vec::new(), Some(error)),
        };
        let noted: HashMap<String, i64> = ledger::list(&context.place)
            .await?
            .iter()
            .filter_map(|meta| Some((ledger::name_of(&meta.location)?.to_owned(), meta.last_modified.timestamp())))
            .collect();
        let unknown = listed.iter().filter(|job| !is_noted(job, &noted));
        for job in unknown.take(MOST_FOREIGN) {
            match context.control.describe(&job.arn).await {
                Ok(description) => drop(foreign::note_down(context, foreign::described(context, &description)).await?),
                Err(error) => tracing::warn!(job = job.name, %error, "a job of somebody else cannot be looked at"),
            }
        }
        let notes = ledger::list(&context.place).await?;
        let names = notes.into_iter().filter(|meta| settled.get(&meta.location) != Some(&meta.e_tag));
        let names = names.filter_map(|meta| {
            let name = ledger::name_of(&meta.location)?.to_owned();
            Some((name, meta.location, meta.e_tag))
        });
        Ok(Self {
            names: names.collect(),
            found: VecDeque::new(),
            statuses: listed.into_iter().map(|job| (job.arn, job.status)).collect(),
            runs: HashSet::new(),
            full: HashSet::new(),
            unlisted,
        })
    }

    /// The next thing that is to be told; none once every job was looked at. A run that cannot be taken further is told of
    /// and keeps no other from being looked at.
    ///
    /// # Errors
    /// When the store or the service fails altogether.
    pub async fn next(&mut self, context: &JobContext, settled: &mut Settled) -> Result<Option<Found>, JobError> {
        loop {
            if let Some(found) = self.found.pop_front() {
                return Ok(Some(found));
            }
            let Some((name, key, state)) = self.names.pop_front() else { return Ok(None) };
            let note = match ledger::read(&context.place, &name).await {
                Ok(Some(note)) => note,
                Ok(None) => continue,
                Err(error @ ledger::LedgerError::Unreadable { .. }) => {
                    tracing::error!(job = name, %error, "passed over a note");
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if note.settled {
                settled.insert(key, state);
                continue;
            }
            self.look(context, note).await?;
        }
    }

    /// Why the sweep saw the noted jobs alone, if it did: people have to mend that.
    pub fn unlisted(&self) -> Option<&ControlError> {
        self.unlisted.as_ref()
    }

    /// Looks at one job and at its run.
    async fn look(&mut self, context: &JobContext, mut note: JobNote) -> Result<(), JobError> {
        if note.state == JobState::Waiting && !self.full.contains(&note.is_human) {
            note = submit(context, &note.job).await?;
            if note.state == JobState::Waiting {
                self.full.insert(note.is_human);
            }
        }
        let run = format!("{}/{}", note.suite, note.run);
        // Once its run is told, nobody looks at the other jobs any more: what is to be told of them is told before.
        let is_first = self.runs.insert(run);
        let looked_at = if is_first { note.jobs.clone() } else { vec![note.job.clone()] };
        if is_first {
            match Box::pin(collect(context, &note.job, &self.statuses)).await {
                Ok(Collected::Finished(finished)) => {
                    let jobs = note.jobs.clone();
                    let mut is_told = true;
                    for name in &jobs {
                        is_told &=
                            ledger::read(&context.place, name).await?.is_some_and(|note| note.state.is_trouble());
                    }
                    self.found.push_back(Found::Finished { finished, jobs, is_told });
                }
                Ok(Collected::Open { .. } | Collected::Busy | Collected::Done) => {}
                // Whoever took the run over goes on with it.
                Err(JobError::Run(RunError::Lost)) => {}
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => {
                    let said = error.to_string();
                    tracing::error!(job = note.job, error = said, "a run of jobs cannot be taken further");
                    if note.told.unreadable.as_ref() != Some(&said) {
                        let trouble = Trouble::Unreadable(said);
                        self.found.push_back(Found::Trouble { note: Box::new(note.clone()), trouble });
                    }
                }
            }
        }
        for name in looked_at.iter().rev() {
            // What collecting has found out is in the note by now.
            let Some(note) = ledger::read(&context.place, name).await? else { continue };
            if let Some(trouble) = trouble_of(context, &note) {
                // Before the run: whoever reads both wants to know first why.
                self.found.push_front(Found::Trouble { note: Box::new(note), trouble });
            }
        }
        Ok(())
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
