//! A finished run against others: each model against the suite's baseline, and of several models the first one against each
//! other. The gate, the reports and the notice take their comparisons from here.

use super::baseline::BaselineRun;
use super::paired::Options;
use super::regression::Regression;
use super::run_answers::RunAnswers;
use super::versus::{compare_runs, pairs_within};
use crate::compare::Comparison;
use crate::spec::RunError;
use assay_store::Place;
use assay_store::keys::RunKeys;
use serde_json::Value;

/// What comparing a run has found.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// Each model against the baseline.
    pub regression: Regression,
    /// The same comparisons, then those between models of the run.
    pub comparisons: Vec<Comparison>,
}

/// Compares the finished run at `keys` in `place`, of so many `models`: with the baseline, unless there is none or the run is
/// the baseline itself, then its models with each other. The level is that of the run's gate. Memory holds the numbers of two
/// runs at most, and no texts.
///
/// # Errors
/// When the run itself cannot be read. Where the gate asks for the comparison (`is_required`), also when the store of the
/// baseline fails; otherwise [`broken`](field@Regression::broken) says so.
pub async fn compare_finished(
    (place, keys): (&Place, &RunKeys),
    baseline: &BaselineRun,
    models: usize,
    is_required: bool,
) -> Result<Compared, RunError> {
    let (mut regression, before) = match read_baseline(baseline, is_required).await? {
        Ok(before) => (Regression::default(), Some(before)),
        Err(regression) => (regression, None),
    };
    if before.is_none() && models < 2 {
        return Ok(Compared { regression, comparisons: Vec::new() });
    }
    let Some(after) = RunAnswers::read(place, keys).await? else {
        return Ok(Compared { regression, comparisons: Vec::new() });
    };
    if let Some(before) = before {
        regression = against(&before, &after).await?;
    }
    let mut comparisons = regression.comparisons.clone();
    comparisons.extend(compare_runs((&after, &after), &pairs_within(&after), Options::default()).await?);
    Ok(Compared { regression, comparisons })
}

/// The baseline's numbers, or why there is nothing to compare with.
async fn read_baseline(baseline: &BaselineRun, is_required: bool) -> Result<Result<RunAnswers, Regression>, RunError> {
    let (place, keys) = match baseline {
        BaselineRun::None => {
            let noted = Regression::noted("no baseline yet; set one with `assay baseline set`");
            return Ok(Err(Regression { has_no_baseline: true, ..noted }));
        }
        BaselineRun::Unusable(reason) => return Ok(Err(Regression::broken(reason))),
        BaselineRun::Run(place, keys) => (place, keys),
    };
    match RunAnswers::read(place, keys).await {
        Ok(Some(before)) if !before.models.is_empty() => Ok(Ok(before)),
        Ok(_) => Ok(Err(Regression::broken(&format!("there are no records in `{}`", place.name_of(keys.root()))))),
        Err(error @ RunError::Record { .. }) => Ok(Err(Regression::broken(&error.to_string()))),
        Err(error) if !is_required => Ok(Err(Regression::broken(&error.to_string()))),
        Err(error) => Err(error),
    }
}

/// Each model of the run against its counterpart in the baseline.
async fn against(before: &RunAnswers, after: &RunAnswers) -> Result<Regression, RunError> {
    if before.run == after.run {
        return Ok(Regression::noted("this run is the baseline itself"));
    }
    if evaluated_by(before) != evaluated_by(after) {
        let (other, own) = (evaluated_by(before), evaluated_by(after));
        return Ok(Regression::noted(&format!(
            "the baseline {} was evaluated by {other}, this run by {own}: they are not compared",
            before.run
        )));
    }
    let usual = Options::default();
    let of_gate = after.spec.pointer("/spec/gate/no_regression/alpha").and_then(Value::as_f64);
    let options = Options { alpha: of_gate.unwrap_or(usual.alpha), ..usual };
    let mut notes = Vec::new();
    let mut pairs = Vec::new();
    for model in after.models.keys() {
        match counterpart(before, after, model) {
            Some(other) => pairs.push((other, model.as_str())),
            None => notes.push(format!("{model}: the baseline has no answers of this model")),
        }
    }
    let comparisons = compare_runs((before, after), &pairs, options).await?;
    Ok(Regression { comparisons, notes, ..Regression::default() })
}

/// Who has asked the models of a run: their questions differ, as a managed job sends no system prompt.
fn evaluated_by(run: &RunAnswers) -> String {
    let job = run.spec.get("job");
    let name = job.and_then(|job| job.get("name").or_else(|| job.get("kind"))).and_then(Value::as_str);
    name.map_or_else(|| "Assay".to_owned(), |name| format!("the managed job `{name}`"))
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
