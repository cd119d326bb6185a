//! Two sides of runs against each other: numbers first, then the texts of the samples that changed most.

use super::paired::{LEAST_SHARED, Options, compare};
use super::run_answers::RunAnswers;
use super::{Answers, ChangedSample, Comparison, SampleSide, Side};
use crate::record::{Record, for_each_record};
use crate::spec::RunError;
use crate::summary::excerpt;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Keys of a spec that change no answer and no score.
const WITHOUT_EFFECT: [&str; 11] = [
    "suite",
    "application",
    "dataset",
    "gate",
    "strict",
    "failure_limit",
    "models",
    "budget",
    "prices",
    "jobs",
    "online",
];

/// How many models of a run are compared with its first one.
pub(crate) const MOST_COMPARED: usize = 20;

/// Compares pairs of models, the first of each pair in the run `before`, the second in the run `after`; the two may be the same
/// run.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn compare_runs(
    (before, after): (&RunAnswers, &RunAnswers),
    pairs: &[(&str, &str)],
    options: Options,
) -> Result<Vec<Comparison>, RunError> {
    let mut comparisons = Vec::with_capacity(pairs.len());
    for (one, other) in pairs {
        let sides = (RunSide { run: before, model: one }, RunSide { run: after, model: other });
        comparisons.push(compare_numbers(sides.0, sides.1, options).await?);
    }
    if std::ptr::eq(before, after) {
        show_texts(&mut comparisons, before, &[Which::Before, Which::After]).await?;
    } else {
        show_texts(&mut comparisons, before, &[Which::Before]).await?;
        show_texts(&mut comparisons, after, &[Which::After]).await?;
    }
    Ok(comparisons)
}

/// The first model of a run with each of its others, [`MOST_COMPARED`] at most: the first of the spec, or where the spec names
/// none of them, by name.
pub(super) fn pairs_within(run: &RunAnswers) -> Vec<(&str, &str)> {
    let models = run.in_order();
    let Some((first, others)) = models.split_first() else { return Vec::new() };
    others.iter().take(MOST_COMPARED).map(|other| (*first, *other)).collect()
}

/// One model of a run.
#[derive(Debug, Clone, Copy)]
struct RunSide<'a> {
    run: &'a RunAnswers,
    model: &'a str,
}

/// A comparison whose samples have no texts yet.
async fn compare_numbers(before: RunSide<'_>, after: RunSide<'_>, options: Options) -> Result<Comparison, RunError> {
    let sides = (before.side(), after.side());
    let answers = (before.answers(), after.answers());
    let counted = answers.clone();
    // Drawing takes a moment, in which a claim has to be kept alive.
    let compared = tokio::task::spawn_blocking(move || compare((sides.0, &answers.0), (sides.1, &answers.1), options));
    let mut comparison = compared.await.map_err(|error| RunError::Broken(error.to_string()))?;
    comparison.caveats = caveats(before, after, &comparison, (&counted.0, &counted.1));
    Ok(comparison)
}

impl RunSide<'_> {
    fn side(&self) -> Side {
        Side {
            run: self.run.run.clone(),
            suite: self.run.suite.clone(),
            model: self.model.to_owned(),
            finished_at: self.run.finished_at,
        }
    }

    fn answers(&self) -> Arc<Answers> {
        self.run.models.get(self.model).cloned().unwrap_or_default()
    }
}

/// A side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Before,
    After,
}

/// Reads the records of a run again, once, and shows those of the samples that are listed on these sides.
async fn show_texts(comparisons: &mut [Comparison], run: &RunAnswers, sides: &[Which]) -> Result<(), RunError> {
    // Which model's answer to which sample is shown where: the number of the comparison, and the side.
    let mut listed: HashMap<(String, String), Vec<(usize, Which)>> = HashMap::new();
    for (number, comparison) in comparisons.iter().enumerate() {
        for side in sides {
            let model = match side {
                Which::Before => &comparison.before.model,
                Which::After => &comparison.after.model,
            };
            for sample in comparison.regressions.iter().chain(&comparison.improvements) {
                listed.entry((model.clone(), sample.sample.clone())).or_default().push((number, *side));
            }
        }
    }
    if listed.is_empty() {
        return Ok(());
    }
    let mut answered = HashSet::new();
    for_each_record(&*run.place.store, &run.keys, |record| {
        let key = (record.model.clone(), record.sample.id.clone());
        let Some(places) = listed.get(&key).filter(|_| !answered.contains(&key)) else { return };
        for (number, side) in places {
            let Some(comparison) = comparisons.get_mut(*number) else { continue };
            let mut samples = comparison.regressions.iter_mut().chain(&mut comparison.improvements);
            if let Some(sample) = samples.find(|sample| sample.sample == key.1) {
                show(sample, *side, &record);
            }
        }
        if record.failure.is_none() {
            answered.insert(key);
        }
    })
    .await?;
    Ok(())
}

fn show(sample: &mut ChangedSample, side: Which, record: &Record) {
    if side == Which::Before {
        return look(&mut sample.before, record);
    }
    sample.category.clone_from(&record.sample.category);
    sample.prompt = excerpt(&record.sample.prompt);
    sample.reference = record.sample.references.first().map(|text| excerpt(text));
    look(&mut sample.after, record);
}

fn look(side: &mut SampleSide, record: &Record) {
    let failed = record.checks.iter().zip(1..).filter(|(check, _)| !check.passed);
    (side.failed_checks, side.failed_check_numbers) =
        failed.map(|(check, number)| (check.check.clone(), number)).unzip();
    let text = record.evidence.responses.first().and_then(|response| response.text.as_deref());
    side.response = match &record.failure {
        Some(failure) => format!("(no answer: {})", failure.class.name()),
        None => excerpt(text.unwrap_or_default()),
    };
}

/// What to keep in mind: everything beside the answers that may make the sides differ.
fn caveats(
    before: RunSide<'_>,
    after: RunSide<'_>,
    comparison: &Comparison,
    answers: (&Answers, &Answers),
) -> Vec<String> {
    let mut caveats = Vec::new();
    let (one, other) = (&before.run.spec, &after.run.spec);
    let shared = comparison.shared;
    if one["dataset"] != other["dataset"] {
        let all = shared + comparison.only_after + comparison.changed;
        caveats.push(format!(
            "the datasets differ: {shared} of {all} samples have the same id and question in both, and only these are compared"
        ));
    }
    if shared < LEAST_SHARED && !comparison.is_within_run() {
        caveats.push(format!(
            "{shared} shared samples are too few to tell whether anything got worse; make a run that answered this dataset the \
             baseline with `assay baseline set`"
        ));
    }
    if comparison.changed > 0 {
        let changed = comparison.changed;
        caveats.push(format!("{changed} samples have another question or other references now and are left out"));
    }
    if one["assay"] != other["assay"] {
        caveats.push("the runs were scored by different versions of Assay".to_owned());
    }
    let differing = differing(&one["spec"], &other["spec"]);
    if !differing.is_empty() {
        caveats.push(format!("the specs differ in {}", differing.join(", ")));
    }
    if inference(one, before.model) != inference(other, after.model) {
        caveats.push("the models were asked with different parameters".to_owned());
    }
    let is_within_run = comparison.is_within_run();
    for (time, side, answers) in [("before", before, answers.0), ("after", after, answers.1)] {
        let side = if is_within_run { format!("of {}", side.model) } else { time.to_owned() };
        let recorded = answers.iter().filter(|(_, answer)| answer.recorded).count();
        if recorded > 0 {
            caveats
                .push(format!("{recorded} answers {side} were recorded in the dataset: no model was called for them"));
        }
        let failed = answers.iter().filter(|(_, answer)| !answer.answered).count();
        if failed > 0 {
            caveats.push(format!("{failed} samples {side} have no answer: they have no scores and fail their checks"));
        }
    }
    caveats
}

/// The keys in which two specs differ, those without effect left out.
fn differing(one: &Value, other: &Value) -> Vec<String> {
    let keys = |spec: &Value| spec.as_object().map(|spec| spec.keys().cloned().collect()).unwrap_or_default();
    let mut all: Vec<String> = keys(one);
    all.extend(keys(other));
    all.sort();
    all.dedup();
    all.retain(|key| !WITHOUT_EFFECT.contains(&key.as_str()) && one.get(key) != other.get(key));
    all.iter().map(|key| format!("`{key}`")).collect()
}

/// How a model was asked, but for how fast.
fn inference(spec: &Value, model: &str) -> Option<Value> {
    let models = spec.pointer("/spec/models").and_then(Value::as_array)?;
    let mut asked = models.iter().find(|asked| asked["id"] == model)?.as_object()?.clone();
    asked.retain(|key, _| !["id", "requests_per_minute"].contains(&key.as_str()));
    Some(Value::Object(asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_changes_no_answer_makes_no_difference() {
        let one = json!({"suite": "a", "budget": {"tokens": 5}, "repeats": 1});
        let other = json!({"suite": "b", "prices": {"m": {}}, "repeats": 2});
        assert_eq!(differing(&one, &other), ["`repeats`"]);
    }
}
