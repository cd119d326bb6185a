//! A run against its suite's baseline: for the gate, where it asks for that, and for the reports.

use super::baseline::BaselineRun;
use super::run_answers::RunAnswers;
use super::versus::{RunSide, compare_sides};
use crate::compare::{Comparison, Options};
use crate::spec::Execution;
use crate::spec::RunError;
use assay_store::Place;
use assay_store::keys::{self, RunKeys};

/// What the comparison with the baseline found.
#[derive(Debug, Clone, Default)]
pub struct Regression {
    /// The comparison of each model that the baseline knows.
    pub comparisons: Vec<Comparison>,
    /// Why nothing can be said, where a baseline is there.
    pub broken: Option<String>,
    /// What could not be compared and is no failure.
    pub notes: Vec<String>,
    /// Whether the suite has no baseline at all.
    pub has_no_baseline: bool,
}

impl Regression {
    fn broken(reason: &str) -> Self {
        let broken = format!("the baseline cannot be used: {reason}; set another with `assay baseline set`");
        Self { broken: Some(broken), ..Self::default() }
    }

    fn noted(note: &str) -> Self {
        Self { notes: vec![note.to_owned()], ..Self::default() }
    }

    /// What to keep in mind of a probe's run that was compared with nothing, with the command that sets a baseline. A dataset
    /// that somebody drops may be the only one of its suite; a probe is asked every week to be compared. `key` is the
    /// dataset's, `run` how people name the folder of the run.
    pub fn lack(&self, key: &str, run: &str) -> Option<String> {
        (self.has_no_baseline && key.starts_with(keys::PROBES)).then(|| {
            format!(
                "the suite has no baseline yet, so nobody can tell whether this run is worse than before; where its answers \
                 are as they should be, make it the baseline: `assay baseline set {run}`"
            )
        })
    }
}

/// Compares every model of the run with the baseline. The records have to be complete.
///
/// # Errors
/// When the store fails, or a record cannot be read. Where no gate asks for the comparison, a baseline that cannot be
/// read is no error: it is told in [`Regression::broken`].
pub(super) async fn regression(execution: &Execution, baseline: &BaselineRun) -> Result<Regression, RunError> {
    let gate = execution.spec.gate.as_ref().and_then(|gate| gate.no_regression.as_ref());
    let (alpha, is_asked) = (gate.map(|gate| gate.alpha), gate.is_some());
    against_baseline(baseline, &execution.place, &execution.keys, alpha, is_asked).await
}

/// Compares every model of the finished run at `keys` in `place` with the baseline, for its reports; nothing where there
/// is no baseline or the run is the baseline itself. The level is that of the run's gate.
///
/// # Errors
/// When the run itself cannot be read; where the gate asks for the comparison (`is_asked`), also when the baseline cannot.
pub async fn compare_with_baseline(
    baseline: &BaselineRun,
    place: &Place,
    keys: &RunKeys,
    is_asked: bool,
) -> Result<Regression, RunError> {
    against_baseline(baseline, place, keys, None, is_asked).await
}

async fn against_baseline(
    baseline: &BaselineRun,
    place: &Place,
    keys: &RunKeys,
    alpha: Option<f64>,
    is_asked: bool,
) -> Result<Regression, RunError> {
    let (other, other_keys) = match baseline {
        BaselineRun::None => {
            let noted = Regression::noted("no baseline yet; set one with `assay baseline set`");
            return Ok(Regression { has_no_baseline: true, ..noted });
        }
        BaselineRun::Unusable(reason) => return Ok(Regression::broken(reason)),
        BaselineRun::Run(other, other_keys) => (other, other_keys),
    };
    let before = match RunAnswers::read(other, other_keys).await {
        Ok(Some(before)) if !before.models.is_empty() => before,
        Ok(_) => {
            return Ok(Regression::broken(&format!("there are no records in `{}`", other.name_of(other_keys.root()))));
        }
        Err(error @ RunError::Record { .. }) => return Ok(Regression::broken(&error.to_string())),
        Err(error) if !is_asked => return Ok(Regression::broken(&error.to_string())),
        Err(error) => return Err(error),
    };
    let Some(after) = RunAnswers::read(place, keys).await? else { return Ok(Regression::default()) };
    if before.run == after.run {
        return Ok(Regression::noted("this run is the baseline itself"));
    }
    if evaluated_by(&before) != evaluated_by(&after) {
        let (other, own) = (evaluated_by(&before), evaluated_by(&after));
        return Ok(Regression::noted(&format!(
            "the baseline {} was evaluated by {other}, this run by {own}: they are not compared",
            before.run
        )));
    }
    let of_gate = || after.spec.pointer("/spec/gate/no_regression/alpha").and_then(serde_json::Value::as_f64);
    let usual = Options::default();
    let options = Options { alpha: alpha.or_else(of_gate).unwrap_or(usual.alpha), ..usual };
    let mut found = Regression::default();
    for model in after.models.keys() {
        let Some(other) = counterpart(&before, &after, model) else {
            found.notes.push(format!("{model}: the baseline has no answers of this model"));
            continue;
        };
        let sides = (RunSide { run: &before, model: other }, RunSide { run: &after, model });
        found.comparisons.push(compare_sides(sides.0, sides.1, options).await?);
    }
    Ok(found)
}

/// Who has asked the models of a run: their questions differ, as a managed job sends no system prompt.
fn evaluated_by(run: &RunAnswers) -> String {
    let job = run.spec.get("job");
    let name = job.and_then(|job| job.get("name").or_else(|| job.get("kind"))).and_then(serde_json::Value::as_str);
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
