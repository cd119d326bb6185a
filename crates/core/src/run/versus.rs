//! Two sides of runs against each other: numbers first, then the texts of the samples that changed most.

use super::answers::RunAnswers;
use super::error::RunError;
use super::record::Record;
use super::records::for_each_record;
use super::worst::excerpt;
use crate::compare::{self, Answers, ChangedSample, Comparison, Options, SampleSide, Side};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// One model of a run.
#[derive(Debug, Clone, Copy)]
pub struct RunSide<'a> {
    /// The run.
    pub run: &'a RunAnswers,
    /// The model.
    pub model: &'a str,
}

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

/// Compares two sides.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn compare_sides(before: RunSide<'_>, after: RunSide<'_>, options: Options) -> Result<Comparison, RunError> {
    let sides = (before.side(), after.side());
    let answers = (before.answers(), after.answers());
    let counted = answers.clone();
    // Drawing takes a moment, in which a claim has to be kept alive.
    let compared =
        tokio::task::spawn_blocking(move || compare::compare((sides.0, &answers.0), (sides.1, &answers.1), options));
    let mut comparison = compared.await.map_err(|error| RunError::Broken(error.to_string()))?;
    comparison.caveats = caveats(before, after, &comparison, (&counted.0, &counted.1));
    tell(&mut comparison, before, |sample, record| look(&mut sample.before, record)).await?;
    tell(&mut comparison, after, |sample, record| {
        sample.category.clone_from(&record.sample.category);
        sample.prompt = excerpt(&record.sample.prompt);
        sample.reference = record.sample.references.first().map(|text| excerpt(text));
        look(&mut sample.after, record);
    })
    .await?;
    Ok(comparison)
}

/// The first model of a run against each of its others.
///
/// # Errors
/// When the store fails, or a record cannot be read.
pub async fn compare_models(run: &RunAnswers) -> Result<Vec<Comparison>, RunError> {
    let mut models = run.models.keys();
    let Some(first) = models.next() else { return Ok(Vec::new()) };
    let mut comparisons = Vec::new();
    for model in models {
        comparisons
            .push(compare_sides(RunSide { run, model: first }, RunSide { run, model }, Options::default()).await?);
    }
    Ok(comparisons)
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

/// Reads the records of one side again, and shows those of the listed samples.
async fn tell(
    comparison: &mut Comparison,
    side: RunSide<'_>,
    show: impl Fn(&mut ChangedSample, &Record),
) -> Result<(), RunError> {
    let listed = comparison.regressions.iter_mut().chain(&mut comparison.improvements);
    let mut listed: BTreeMap<String, &mut ChangedSample> =
        listed.map(|sample| (sample.sample.clone(), sample)).collect();
    if listed.is_empty() {
        return Ok(());
    }
    let mut answered = HashSet::new();
    for_each_record(&*side.run.place.store, &side.run.keys, |record| {
        if record.model != side.model || answered.contains(&record.sample.id) {
            return;
        }
        let Some(sample) = listed.get_mut(&record.sample.id) else { return };
        show(sample, &record);
        if record.failure.is_none() {
            answered.insert(record.sample.id);
        }
    })
    .await?;
    Ok(())
}

fn look(side: &mut SampleSide, record: &Record) {
    let failed = record.checks.iter().filter(|check| !check.passed);
    side.failed_checks = failed.map(|check| check.check.clone()).collect();
    let text = record.responses.first().and_then(|response| response.text.as_deref());
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
    if one["dataset"] != other["dataset"] {
        caveats.push("the datasets differ: samples are compared where id and question are the same".to_owned());
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
