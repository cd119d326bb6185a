//! The first pass over the dataset: what there is, and everything that is wrong before a model is called.

use crate::collect::{unbounded, unpriced};
use crate::dataset::{Survey, survey};
use crate::spec::{Execution, RunError};
use assay_problem::{Problem, Problems};
use assay_store::StoreError;

/// What is known of a run before a model is called.
#[derive(Debug)]
pub(super) struct Surveyed {
    /// What the dataset has.
    pub survey: Survey,
    /// Everything that is wrong, in the spec and in the dataset.
    pub problems: Problems,
    /// Whether the run fails without a call.
    pub is_refused: bool,
}

/// Surveys the dataset. A dataset that is gone is a problem of the run, not of the function.
///
/// # Errors
/// When the store fails, or the price of a model is unknown that is to be kept to a budget.
pub(super) async fn survey_dataset(execution: &Execution) -> Result<Surveyed, RunError> {
    let mut problems = execution.problems.clone();
    let found = match problems.errors {
        0 => read(execution, &mut problems).await?,
        _ => None,
    };
    let survey = found.unwrap_or_default();
    // Bad lines alone do not keep the good ones from being sent, unless the spec says so.
    let is_refused = survey.samples == 0
        || survey.too_many_models
        || problems.errors > survey.problems.errors
        || (execution.spec.strict && survey.problems.errors > 0);
    Ok(Surveyed { survey, problems, is_refused })
}

async fn read(execution: &Execution, problems: &mut Problems) -> Result<Option<Survey>, RunError> {
    let place = &execution.dataset.place;
    let survey = match survey(&execution.dataset, execution.limit, |problem| problems.add(problem.clone())).await {
        Ok(survey) => survey,
        Err(StoreError::Missing { place }) => {
            let problem = Problem::error(place, "the dataset was deleted before it was read");
            problems.add(problem.remedy("drop it again"));
            return Ok(None);
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
        problems.add(match (recorded, execution.recorded_only) {
            (1.., _) => Problem::warning(place, format!("{unanswered} lines have no recorded answer"))
                .remedy("they are left out, as there is no model to ask"),
            (0, true) => Problem::error(place, "there are no recorded answers")
                .remedy("add `modelResponses` to the lines, or leave `--recorded` out"),
            (0, false) => Problem::error(place, "there is no model to ask")
                .remedy("name `models` in assay.yaml, or give the lines `modelResponses`"),
        });
    }
    Ok(Some(survey))
}
