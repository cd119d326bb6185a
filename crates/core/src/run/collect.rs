//! Calls the models for everything that is not answered yet, with the progress shown.

use crate::collect::{Collected, Collection, PairsCollected, Progress, ResumeState, Stop, used_up};
use crate::dataset::Survey;
use crate::score_record::Scoring;
use crate::spec::{Execution, RunError};
use assay_model::pricing::Spending;
use assay_problem::Problem;

/// Collects a response to every sample from every model, and the evidence about it.
///
/// # Errors
/// When the store fails, or a model's client cannot be made.
pub(super) async fn collect(
    execution: &Execution,
    survey: &Survey,
    earlier: ResumeState,
    stop: &Stop,
    progress: &Progress,
) -> Result<Collected, RunError> {
    let scoring = Scoring::of(&execution.spec).map_err(|problems| RunError::Broken(problems.join("; ")))?;
    let scoring = scoring.with_labels(survey.labels.iter().cloned());
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
    Collection { execution, keys, scoring: &scoring, earlier: &earlier, stop, progress }.run().await
}

/// Adds what comparing pairs has come to, and notes a budget that is used up.
pub(super) fn settle(
    execution: &Execution,
    responses: Collected,
    pairs: Option<PairsCollected>,
    spending: Option<&Spending>,
    progress: &Progress,
) -> Collected {
    let mut collected = responses;
    if let Some(pairs) = pairs {
        collected.warnings.extend(pairs.warning);
        collected.complete = pairs.complete;
    }
    if let Some(spending) = spending.filter(|spending| spending.is_used_up() && !collected.complete) {
        let said = used_up(spending.budget(), Progress::read(&progress.answered), Progress::read(&progress.total));
        let problem = Problem::error(&execution.dataset.place, said).in_field("budget");
        collected.used_up = Some(spending.budget());
        collected.problems.push(problem.remedy(match execution.concludes_when_spent {
            true => "raise `budget` in the spec; the same event then goes on with the run",
            false => "raise `budget` and the same command goes on",
        }));
    }
    collected
}
