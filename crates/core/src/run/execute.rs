//! One run from its claim to its summary.
//!
//! What is dropped where, and who is told of the result, is left to others; a run on a laptop and a run in Lambda meet
//! here.

use super::conclude::conclude;
use super::prepared::PreparedRun;
use super::reopen::is_worth_reopening;
use crate::collect::Asking;
use crate::collect::Progress;
use crate::collect::Stop;
use crate::collect::compare_all;
use crate::collect::expected;
use crate::collect::{Collected, Collection, Earlier};
use crate::collect::{SoFar, unbounded, unpriced, used_up};
use crate::compare;
use crate::compare::BaselineRun;
use crate::compare::{Compared, compared};
use crate::dataset::{Survey, survey};
use crate::publish::Finished;
use crate::record::Comparison;
use crate::record::{for_each_json, for_each_line, read_pairs};
use crate::score_record::Scoring;
use crate::spec::Execution;
use crate::spec::RunError;
use crate::spec::SpecFile;
use crate::summary::Summariser;
use crate::summary::{RunStatus, Summary, read_summary};
use assay_model::pricing::Spending;
use assay_problem::{Problem, Problems};
use assay_store::{self as store, Claim, Claimed, Stage, StoreError};
use std::sync::Arc;

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
    let PreparedRun { execution, baseline } = run;
    let (place, keys, holder) = (&execution.place, &execution.keys, &execution.holder);
    let mut claimed = Claim::acquire(place, keys, holder).await?;
    if matches!(claimed, Claimed::Done) && is_worth_reopening(execution).await? {
        claimed = Claim::reopen(place, keys, holder).await?;
    }
    let claim = match claimed {
        Claimed::Held(claim) => claim,
        Claimed::Busy => return Ok(Outcome::Busy),
        Claimed::Done => return Ok(Outcome::Done),
    };
    // A budget that is used up, or a claim that is lost, ends this run and no other.
    let stop = &stop.child();
    // Whoever loses the claim stops at once: two must not ask the same.
    let alive = claim.keep_alive(stop.waiting.clone());
    match take_further(execution, baseline, &claim, stop, progress).await {
        Ok(Reached::Summary(reached)) => {
            let (summary, summariser, comparisons) = *reached;
            Ok(Outcome::Finished(Box::new(Finished::new(summary, summariser, comparisons, claim, alive))))
        }
        Ok(Reached::Stop(reasons)) => {
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
            // Whoever comes next need not wait for the lease to end; if this fails too, it has to.
            let _ = claim.release().await;
            Err(error)
        }
    }
}

/// Where work on a run ends.
enum Reached {
    Summary(Box<(Summary, Summariser, Vec<compare::Comparison>)>),
    Stop(Vec<String>),
}

async fn take_further(
    execution: &Execution,
    baseline: &BaselineRun,
    claim: &Claim,
    stop: &Stop,
    progress: &Progress,
) -> Result<Reached, RunError> {
    let store = &*execution.place.store;
    if claim.stage().await > Stage::Collecting
        && let Some(summary) = read_summary(store, &execution.keys).await?
    {
        // The summary is there already; the summariser is for the metrics, which have no part in labels.
        let summariser = gather(execution, Vec::new()).await?;
        let Compared { comparisons, .. } = compared(execution, baseline, &summariser).await?;
        return Ok(Reached::Summary(Box::new((summary, summariser, comparisons))));
    }
    // What a reopened run replaces in the end.
    let before = match claim.is_reopened().await {
        true => store::version(store, &execution.keys.summary()).await?,
        false => None,
    };
    let (survey, problems) = look(execution).await?;
    // Bad lines alone do not keep the good ones from being asked, unless the spec says so.
    let refused = survey.samples == 0
        || survey.too_many_models
        || problems.errors > survey.problems.errors
        || (execution.spec.strict && survey.problems.errors > 0);
    write_spec(execution).await?;
    let collected = if refused {
        Collected { complete: true, ..Collected::default() }
    } else {
        collect(execution, &survey, stop, progress).await?
    };
    let mut collected = collected;
    if !refused && collected.complete {
        let spending = collected.spending.clone();
        let compared = compare_all(Asking { execution, progress, stop, spending: spending.as_ref() }).await?;
        collected.warnings.extend(compared.warning);
        collected.complete = compared.complete;
    }
    note_spent(execution, progress, &mut collected);
    let concludes = collected.used_up.is_some() && execution.concludes_when_spent;
    if !collected.complete && !concludes {
        let reasons = collected.problems.iter().chain(&collected.warnings);
        return Ok(Reached::Stop(reasons.map(ToString::to_string).collect()));
    }
    let labels = match execution.spec.labels.as_slice() {
        [] => survey.labels.iter().cloned().collect(),
        labels => labels.to_vec(),
    };
    let mut summariser = gather(execution, labels).await?;
    let compared = compared(execution, baseline, &summariser).await?;
    let mut summary = conclude(execution, &survey, problems, collected, &mut summariser, &compared);
    if refused {
        summary.status = RunStatus::Failed;
    }
    // Only whoever still holds the claim may write the summary; of two that crossed, the first stands.
    if !claim.advance(Stage::Collecting).await? {
        return Err(RunError::Lost);
    }
    let body = serde_json::to_vec_pretty(&summary).map_err(RunError::Encoding)?;
    let path = execution.keys.summary();
    let written = match before {
        Some(version) => store::replace(&execution.place, &path, body, version).await?,
        None => store::create(store, &path, body).await?,
    };
    if !written && let Some(first) = read_summary(store, &execution.keys).await? {
        summary = first;
    }
    if !claim.advance(Stage::Summarised).await? {
        return Err(RunError::Lost);
    }
    Ok(Reached::Summary(Box::new((summary, summariser, compared.comparisons))))
}

/// The first pass over the dataset, and everything that is wrong. A dataset that is gone is a problem of the run, not
/// of the function.
async fn look(execution: &Execution) -> Result<(Survey, Problems), RunError> {
    let mut problems = execution.problems.clone();
    if problems.errors > 0 {
        return Ok((Survey::default(), problems));
    }
    let place = &execution.dataset.place;
    let survey = match survey(&execution.dataset, execution.limit, |problem| problems.add(problem.clone())).await {
        Ok(survey) => survey,
        Err(StoreError::Missing { place }) => {
            let problem = Problem::error(place, "the dataset was deleted before it was read");
            problems.add(problem.remedy("drop it again"));
            return Ok((Survey::default(), problems));
        }
        Err(error) => return Err(error.into()),
    };
    let recorded = if execution.ask_again { 0 } else { survey.recorded_samples };
    let unanswered = survey.samples - recorded;
    if unanswered > 0 || execution.spec.metered_examiners().next().is_some() {
        let unpriced = unpriced(execution);
        if !(unpriced.is_empty() || execution.concludes_when_spent) {
            return Err(RunError::Unpriced { problems: unpriced });
        }
        unpriced.into_iter().chain(unbounded(execution)).for_each(|problem| problems.add(problem));
    }
    let nobody = execution.spec.models.is_empty() || execution.recorded_only;
    if unanswered > 0 && nobody {
        if recorded > 0 {
            let problem = Problem::warning(place, format!("{unanswered} lines have no recorded answer"));
            problems.add(problem.remedy("they are left out, as there is no model to ask"));
        } else if execution.recorded_only {
            let problem = Problem::error(place, "there are no recorded answers");
            problems.add(problem.remedy("add `modelResponses` to the lines, or leave `--recorded` out"));
        } else {
            let problem = Problem::error(place, "there is no model to ask");
            problems.add(problem.remedy("name `models` in assay.yaml, or give the lines `modelResponses`"));
        }
    }
    Ok((survey, problems))
}

async fn collect(
    execution: &Execution,
    survey: &Survey,
    stop: &Stop,
    progress: &Progress,
) -> Result<Collected, RunError> {
    let scoring = Scoring::of(&execution.spec).map_err(|problems| RunError::Broken(problems.join("; ")))?;
    let scoring = scoring.with_labels(survey.labels.iter().cloned());
    let (mut earlier, so_far) = earlier(execution).await?;
    let spend = |budget| Arc::new(Spending::new(budget, so_far.total(), stop.asking.clone()));
    earlier.spending = execution.spec.budget.map(spend);
    let asked = if execution.recorded_only { 0 } else { execution.spec.models.len() as u64 };
    let total = if execution.ask_again {
        survey.samples * asked
    } else {
        survey.recorded_answers + (survey.samples - survey.recorded_samples) * asked
    };
    Progress::add(&progress.total, total);
    Progress::add(&progress.answered, earlier.finals.len() as u64);
    let from_file = survey.recorded_answers > 0 && !execution.ask_again;
    Progress::add(&progress.recorded, u64::from(from_file));
    let keys = &execution.keys;
    let collection = Collection { execution, keys, scoring: &scoring, earlier: &earlier, stop, progress };
    Ok(Collected { expected: expected(execution, survey), ..collection.run().await? })
}

/// Tells of a budget that is used up.
fn note_spent(execution: &Execution, progress: &Progress, collected: &mut Collected) {
    let used_up_now = |spending: &Arc<Spending>| spending.is_used_up() && !collected.complete;
    let Some(spending) = collected.spending.clone().filter(used_up_now) else { return };
    let said = used_up(spending.budget(), Progress::read(&progress.answered), Progress::read(&progress.total));
    let problem = Problem::error(&execution.dataset.place, said).in_field("budget");
    collected.used_up = Some(spending.budget());
    collected.problems.push(problem.remedy(match execution.concludes_when_spent {
        true => "raise `budget` in the spec; the same event then goes on with the run",
        false => "raise `budget` and the same command goes on",
    }));
}

/// What an earlier delivery has written, and what that has spent where the run has a budget.
pub(super) async fn earlier(execution: &Execution) -> Result<(Earlier, SoFar), RunError> {
    let mut earlier = Earlier::default();
    let mut so_far = SoFar::default();
    let next_part = for_each_line(&*execution.place.store, &execution.keys, |record| {
        let key = record.key();
        if execution.spec.budget.is_some() {
            so_far.add(&record, &execution.prices);
        }
        let asks_again = execution.retry_failed && record.failure.is_some();
        for who in record.answerers() {
            if !earlier.answerers.contains(who) {
                earlier.answerers.insert(who.to_owned());
            }
        }
        if record.is_final() && !asks_again {
            earlier.kept.remove(&key);
            earlier.finals.insert(key);
        } else if earlier.finals.contains(&key) {
        } else if record.has_evidence() {
            earlier.kept.entry(key).or_default().take(record);
        } else {
            // A record has everything of the pieces before it, so there is nothing to keep.
            earlier.kept.remove(&key);
        }
    })
    .await?;
    earlier.next_part = next_part;
    if execution.spec.budget.is_some() {
        for_each_json(&*execution.place.store, &execution.keys.pairwise(), |compared: Comparison| {
            so_far.add_comparison(&compared, &execution.prices);
        })
        .await?;
    }
    Ok((earlier, so_far))
}

/// The numbers of all records, answered with these class labels.
async fn gather(execution: &Execution, labels: Vec<String>) -> Result<Summariser, RunError> {
    let mut summariser = Summariser::with_labels(labels);
    for_each_line(&*execution.place.store, &execution.keys, |record| summariser.add(&record)).await?;
    if execution.spec.judge.as_ref().is_some_and(|judge| judge.pairwise.is_some()) {
        summariser.compared(read_pairs(&*execution.place.store, &execution.keys).await?.0);
    }
    Ok(summariser)
}

async fn write_spec(execution: &Execution) -> Result<(), RunError> {
    let file = SpecFile {
        run: &execution.run,
        suite: &execution.suite,
        application: &execution.application,
        dataset: &execution.identity,
        limit: execution.limit,
        spec: &execution.spec,
        job: None,
    };
    file.write(&execution.place, &execution.keys).await
}
