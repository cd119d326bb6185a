//! A run against its suite's baseline, for the gate.

use super::answers::RunAnswers;
use super::baseline::BaselineRun;
use super::error::RunError;
use super::execution::Execution;
use super::versus::{RunSide, compare_sides};
use crate::compare::{Comparison, Options};

/// What the comparison with the baseline found.
#[derive(Debug, Clone, Default)]
pub struct Regression {
    /// The comparison of each model that the baseline knows.
    pub comparisons: Vec<Comparison>,
    /// Why nothing can be said, where a baseline is there.
    pub broken: Option<String>,
    /// What could not be compared and is no failure.
    pub notes: Vec<String>,
}

/// Compares every model of the run with the baseline, where the gate asks for it. The records have to be complete.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn regression(execution: &Execution) -> Result<Regression, RunError> {
    let Some(wanted) = execution.spec.gate.as_ref().and_then(|gate| gate.no_regression.as_ref()) else {
        return Ok(Regression::default());
    };
    let broken = |reason: &str| Regression {
        broken: Some(format!("the baseline cannot be used: {reason}; set another with `assay baseline set`")),
        ..Regression::default()
    };
    let (place, keys) = match &execution.baseline {
        BaselineRun::None => {
            let notes = vec!["no baseline yet; set one with `assay baseline set`".to_owned()];
            return Ok(Regression { notes, ..Regression::default() });
        }
        BaselineRun::Unusable(reason) => return Ok(broken(reason)),
        BaselineRun::Run(place, keys) => (place, keys),
    };
    let before = match RunAnswers::read(place, keys).await {
        Ok(Some(before)) if !before.models.is_empty() => before,
        Ok(_) => return Ok(broken(&format!("there are no records in `{}`", place.name_of(keys.root())))),
        Err(error @ RunError::Record { .. }) => return Ok(broken(&error.to_string())),
        Err(error) => return Err(error),
    };
    let Some(after) = RunAnswers::read(&execution.place, &execution.keys).await? else {
        return Ok(Regression::default());
    };
    let mut found = Regression::default();
    for model in after.models.keys() {
        let Some(other) = counterpart(&before, &after, model) else {
            found.notes.push(format!("{model}: the baseline has no answers of this model"));
            continue;
        };
        let sides = (RunSide { run: &before, model: other }, RunSide { run: &after, model });
        let options = Options { alpha: wanted.alpha, top: 0 };
        found.comparisons.push(compare_sides(sides.0, sides.1, options).await?);
    }
    Ok(found)
}

/// The model of the run before that `model` is compared with: itself; where each run has a single model, that one, as
/// when a model is replaced by its successor.
pub fn counterpart<'a>(before: &'a RunAnswers, after: &RunAnswers, model: &str) -> Option<&'a str> {
    let mut models = before.models.keys().map(String::as_str);
    match before.models.get_key_value(model) {
        Some((same, _)) => Some(same),
        None if before.models.len() == 1 && after.models.len() == 1 => models.next(),
        None => None,
    }
}
