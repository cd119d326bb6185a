//! One run from its claim to its summary: claim, survey, resume, collect, compare pairs, summarise, evaluate the gate, commit.
//! Each step is a function in a file of its own, comparing pairs in [`collect`](crate::collect). A run on a laptop and a run in
//! Lambda are this one.
//!
//! Which run it is, and publishing its result, is left to others.

use super::claim::claim_run;
use super::collect::{collect, settle};
use super::commit::{commit, committed_summary, recommit};
use super::conclude::conclude;
use super::evaluate_gate::evaluate_gate;
use super::prepared::PreparedRun;
use super::resume::resume;
use super::summarise::{SummaryInput, summarise};
use super::survey::survey_dataset;
use crate::collect::{Asking, Collected, Progress, Stop, compare_pairs, expected};
use crate::publish::{Committed, Finished};
use crate::spec::{Execution, Gate, RunError, SpecFile};
use assay_store::{self as store, Claim, Claimed};

/// What came of a run.
#[derive(Debug)]
pub enum Outcome {
    /// It is done; the summary is written. The claim says what is left to tell.
    Finished(Box<Finished>),
    /// It is time to stop; everything that was answered is written, and the claim is given back.
    Incomplete {
        /// Answers there are.
        answered: u64,
        /// Answers there should be.
        total: u64,
        /// Why, where it is not for lack of time.
        reasons: Vec<String>,
    },
    /// Somebody else works on it.
    Busy,
    /// It was done before, and everybody was told.
    Done,
}

/// Runs it, or goes on with it.
///
/// # Errors
/// When the store fails or the run was taken over: then the same event has to come again.
pub async fn execute(run: &PreparedRun, stop: &Stop, progress: &Progress) -> Result<Outcome, RunError> {
    let claim = match claim_run(&run.execution).await? {
        Claimed::Held(claim) => claim,
        Claimed::Busy => return Ok(Outcome::Busy),
        Claimed::Done => return Ok(Outcome::Done),
    };
    // A budget that is used up, or a claim that is lost, ends this run and no other.
    let stop = &stop.child();
    // Whoever loses the claim stops at once: two must not send the same requests.
    let alive = claim.keep_alive(stop.waiting.clone());
    match advance(run, &claim, stop, progress).await {
        Ok(Reached::Committed(committed)) => Ok(Outcome::Finished(Box::new(Finished::new(*committed, claim, alive)))),
        Ok(Reached::Interrupted(reasons)) => {
            if !claim.release().await? {
                return Err(RunError::Lost);
            }
            Ok(Outcome::Incomplete {
                answered: Progress::read(&progress.answered),
                total: Progress::read(&progress.total),
                reasons,
            })
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
    /// Why, where it is not for lack of time.
    Interrupted(Vec<String>),
}

/// Takes the run from its claim to its summary, or as far as `stop` allows.
async fn advance(run: &PreparedRun, claim: &Claim, stop: &Stop, progress: &Progress) -> Result<Reached, RunError> {
    let PreparedRun { execution, baseline } = run;
    let spec = &execution.spec;
    let at = (&execution.place, &execution.keys);
    if let Some(summary) = committed_summary(at, claim).await? {
        let is_required = spec.gate.as_ref().is_some_and(Gate::requires_baseline);
        let committed = recommit(at, summary, baseline, is_required, spec.compares_pairs()).await?;
        return Ok(Reached::Committed(Box::new(committed)));
    }
    // What a reopened run replaces in the end.
    let before = match claim.is_reopened().await {
        true => store::version(&*execution.place.store, &execution.keys.summary()).await?,
        false => None,
    };
    let surveyed = survey_dataset(execution).await?;
    spec_file(execution).write(&execution.place, &execution.keys).await?;
    let collected = match surveyed.is_refused {
        true => None,
        false => {
            let earlier = resume(execution, stop).await?;
            let spending = earlier.spending.clone();
            let responses = collect(execution, &surveyed.survey, earlier, stop, progress).await?;
            let asking = Asking { execution, progress, stop, spending: spending.as_ref() };
            let pairs = if responses.complete { Some(compare_pairs(asking).await?) } else { None };
            Some(settle(execution, responses, pairs, spending.as_deref(), progress))
        }
    };
    if let Some(reasons) = collected.as_ref().and_then(|collected| interruption(execution, collected)) {
        return Ok(Reached::Interrupted(reasons));
    }
    let labels = match spec.labels.as_slice() {
        [] => surveyed.survey.labels.iter().cloned().collect(),
        labels => labels.to_vec(),
    };
    let expected = collected.as_ref().map(|_| expected(execution, &surveyed.survey)).unwrap_or_default();
    let input = SummaryInput { labels, expected: &expected, calls: Some((spec, &execution.prices)) };
    let mut numbers = summarise(at.0, at.1, input).await?;
    let is_partial = collected.as_ref().is_some_and(|collected| collected.used_up.is_some());
    let gate = spec.gate.as_ref().map(Gate::online);
    let evaluated = evaluate_gate(at, baseline, gate.as_ref(), &mut numbers, is_partial).await?;
    let summary = conclude(execution, surveyed, collected, &numbers, &evaluated);
    let (summariser, comparisons) = (numbers.summariser, evaluated.compared.comparisons);
    let committed = commit(at, claim, before, Committed { summary, summariser, comparisons }).await?;
    Ok(Reached::Committed(Box::new(committed)))
}

/// Why the run ends here for now; none where it goes on to its summary.
fn interruption(execution: &Execution, collected: &Collected) -> Option<Vec<String>> {
    let concludes = collected.used_up.is_some() && execution.concludes_when_spent;
    let reasons = collected.problems.iter().chain(&collected.warnings);
    (!collected.complete && !concludes).then(|| reasons.map(ToString::to_string).collect())
}

/// What is written of the spec beside the records.
fn spec_file(execution: &Execution) -> SpecFile<'_> {
    SpecFile {
        run: &execution.run,
        suite: &execution.suite,
        application: &execution.application,
        dataset: &execution.identity,
        limit: execution.limit,
        spec: &execution.spec,
        job: None,
    }
}
