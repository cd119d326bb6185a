//! Records in, summary out: the same whatever the order of the records and however often a run was cut off.

use super::file::{Answers, SimilaritySummary};
use super::judge_summary::JudgeSummary;
use super::judged::JudgeTally;
use super::model_summary::{FailureSummary, LatencySummary, ModelSummary, ScoreSummary};
use super::pair_summary::pair_summaries;
use super::together::Together;
use super::worst::Worst;
use crate::record::{Calls, Expected, Fold, Folded, PairTally, Record};
use crate::spec::JudgeSpec;
use assay_model::FailureClass;
use assay_score::stats::{self, Distribution, Scale};
use assay_score::{Measure, Score};
use std::collections::{BTreeMap, BTreeSet};

/// Confidence of all intervals.
const CONFIDENCE: f64 = 0.95;
/// How many categories are told apart; further ones are counted under `(other)`.
const MOST_CATEGORIES: usize = 200;

/// Gathers records into numbers.
#[derive(Debug, Default)]
pub struct Summariser {
    models: BTreeMap<String, Tally>,
    failed: Fold<Option<Failed>>,
    judge: JudgeTally,
    pairs: PairTally,
    labels: Vec<String>,
    /// All calls, also those for records that are not whole.
    calls: Calls,
    unmetered: Unmetered,
}

/// Who was asked about answers without a word of tokens: what that cost is unknown.
#[derive(Debug, Default)]
pub struct Unmetered {
    /// The judge.
    pub judge: bool,
    /// The embeddings model.
    pub similarity: bool,
    /// Guardrails: they count units of text, and tell none.
    pub guardrails: BTreeSet<String>,
}

/// A question that was not answered, as its last record tells.
#[derive(Debug)]
struct Failed {
    model: String,
    class: FailureClass,
    message: String,
    /// What was answered before something failed has been paid for.
    calls: Calls,
}

/// The numbers of one model.
#[derive(Debug, Default)]
pub struct Tally {
    /// Samples with an answer.
    pub answered: u64,
    /// Those whose answer came with the dataset.
    pub recorded: u64,
    /// Answers that at least one scorer could not judge.
    pub unscored: u64,
    /// Samples that were checked, and those that passed every check.
    pub checked: (u64, u64),
    /// Each scorer, by name.
    pub scores: BTreeMap<String, Scores>,
    /// Milliseconds of every call.
    pub latency_ms: Distribution,
    /// The tokens of all calls, by what was asked for.
    pub calls: Calls,
    categories: BTreeMap<String, BTreeMap<String, Scores>>,
    stop_reasons: BTreeMap<String, u64>,
    worst: Worst,
    together: Together,
    /// The check scores of all samples that were checked.
    check_scores: Distribution,
}

/// The scores of one scorer.
#[derive(Debug, Default)]
pub struct Scores {
    /// Every value.
    pub values: Distribution,
    unscored: BTreeMap<String, u64>,
}

impl Summariser {
    /// One that knows the labels that may be answered; without them no answer is classified.
    pub fn with_labels(labels: Vec<String>) -> Self {
        Self { labels, ..Self::default() }
    }

    /// Takes a record. An answer that comes twice counts once; a failure counts unless an answer comes too.
    pub fn add(&mut self, record: &Record) {
        let calls = Calls::of(record);
        let tally = self.models.entry(record.model.clone()).or_default();
        let before = match self.failed.take(record) {
            Folded::Repeated => return,
            Folded::Piece(kept) => {
                match kept {
                    Some(failed) => failed.calls += calls,
                    None => *kept = Failed::of(record, calls),
                }
                None
            }
            Folded::Failure(kept, before) => {
                *kept = Failed::of(record, calls);
                before.flatten()
            }
            Folded::Response(before) => {
                tally.add(record, &self.labels);
                self.judge.add(record);
                before.flatten()
            }
        };
        self.unmetered.note(record);
        // A later record of the same question repeats what was called for the earlier one.
        for sum in [&mut tally.calls, &mut self.calls] {
            *sum += calls;
            if let Some(before) = &before {
                *sum -= before.calls;
            }
        }
    }

    /// The numbers of each model.
    pub fn tallies(&self) -> impl Iterator<Item = (&str, &Tally)> {
        self.models.iter().map(|(model, tally)| (model.as_str(), tally))
    }

    /// Takes the comparisons of answers in pairs.
    pub fn compared(&mut self, pairs: PairTally) {
        self.unmetered.judge |= pairs.is_unmetered();
        self.pairs = pairs;
    }

    /// What is to be said of the judge.
    pub fn judge(&self, spec: &JudgeSpec) -> JudgeSummary {
        let mut summary = self.judge.summary(spec);
        summary.usage = self.calls.judge;
        if let Some(usage) = self.pairs.usage() {
            *summary.usage.get_or_insert_default() += usage;
        }
        summary.pairs = pair_summaries(&self.pairs);
        summary
    }

    /// How many verdicts and comparisons told what they took.
    pub fn verdicts(&self) -> u64 {
        self.calls.verdicts + self.pairs.paid()
    }

    /// Who told no tokens.
    pub fn unmetered(&self) -> &Unmetered {
        &self.unmetered
    }

    /// What the embeddings by `model` took.
    pub fn similarity(&self, model: String) -> SimilaritySummary {
        SimilaritySummary { model, usage: self.calls.similarity, cost: None }
    }

    /// Where the answers came from.
    pub fn answers(&self) -> Answers {
        let recorded = self.models.values().map(|tally| tally.recorded).sum();
        let all: u64 = self.models.values().map(|tally| tally.answered).sum();
        Answers { asked: all - recorded, recorded }
    }

    /// The summary of each model, by its id. `expected` tells what each had to answer; models that are not in it
    /// had to answer what they answered.
    pub fn summaries(&mut self, expected: &BTreeMap<String, Expected>) -> Vec<ModelSummary> {
        for model in expected.keys() {
            self.models.entry(model.clone()).or_default();
        }
        let mut failures: BTreeMap<&str, BTreeMap<String, FailureSummary>> = BTreeMap::new();
        for Failed { model, class, message, .. } in self.failed.all_unfinished().flatten() {
            let classes = failures.entry(model).or_default();
            let class = classes
                .entry(class.name().to_owned())
                .or_insert_with(|| FailureSummary { count: 0, example: message.clone() });
            class.count += 1;
            // The same example whatever the order.
            if *message < class.example {
                class.example.clone_from(message);
            }
        }
        let models = self.models.iter_mut();
        models
            .map(|(model, tally)| {
                let failures = failures.remove(model.as_str()).unwrap_or_default();
                let failed: u64 = failures.values().map(|class| class.count).sum();
                let mut expected = expected.get(model).copied().unwrap_or_default();
                expected.samples = expected.samples.max(tally.answered + failed);
                expected.checked = expected.checked.max(tally.checked.0);
                tally.summary(model, expected, failures)
            })
            .collect()
    }
}

impl Failed {
    /// What a record without a response tells.
    fn of(record: &Record, calls: Calls) -> Option<Self> {
        let failure = record.failure.as_ref()?;
        Some(Self { model: record.model.clone(), class: failure.class, message: failure.message.clone(), calls })
    }
}

impl Unmetered {
    fn note(&mut self, record: &Record) {
        self.judge |= record.evidence.verdicts.iter().any(|found| found.usage.is_none() && found.failure.is_none());
        self.similarity |= record.evidence.similarity.iter().any(|found| found.unmetered);
        for found in record.evidence.toxicity.iter().filter(|found| found.failure.is_none()) {
            if !self.guardrails.contains(&found.source) {
                self.guardrails.insert(found.source.clone());
            }
        }
    }
}

impl Tally {
    fn add(&mut self, record: &Record, labels: &[String]) {
        self.answered += 1;
        self.recorded += u64::from(record.recorded);
        self.unscored += u64::from(record.scores.values().any(|score| score.value().is_none()));
        if let Some(passed) = record.passed() {
            self.checked.0 += 1;
            self.checked.1 += u64::from(passed);
        }
        if let Some(score) = record.check_score() {
            // A share is finite.
            let _ = self.check_scores.push(score);
        }
        for response in &record.evidence.responses {
            if let Some(latency) = response.latency_ms {
                // Milliseconds of an answer are finite.
                let _ = self.latency_ms.push(latency as f64);
            }
            if let Some(reason) = &response.stop_reason {
                *self.stop_reasons.entry(reason.clone()).or_default() += 1;
            }
        }
        for (name, score) in &record.scores {
            self.scores.entry(name.clone()).or_default().add(score);
        }
        if let Some(category) = &record.sample.category {
            let full = self.categories.len() >= MOST_CATEGORIES && !self.categories.contains_key(category);
            let category = if full { "(other)" } else { category };
            let scores = self.categories.entry(category.to_owned()).or_default();
            for (name, score) in &record.scores {
                scores.entry(name.clone()).or_default().add(score);
            }
        }
        self.worst.see(record);
        self.together.add(record, labels);
    }

    fn summary(&mut self, model: &str, expected: Expected, failures: BTreeMap<String, FailureSummary>) -> ModelSummary {
        let summaries = |scores: &BTreeMap<String, Scores>| -> BTreeMap<String, ScoreSummary> {
            scores.iter().map(|(name, scores)| (name.clone(), scores.summary(name))).collect()
        };
        let (passed, checked) = (self.checked.1, expected.checked);
        ModelSummary {
            model: model.to_owned(),
            samples: expected.samples,
            answered: self.answered,
            failed: expected.samples - self.answered,
            // A sample with checks that failed to be answered has not passed them.
            pass_rate: (checked > 0).then(|| passed as f64 / checked as f64),
            pass_rate_interval: stats::wilson(passed, checked, CONFIDENCE),
            checked,
            check_score: (checked > 0)
                .then(|| self.check_scores.mean().unwrap_or_default() * self.checked.0 as f64 / checked as f64),
            scores: summaries(&self.scores),
            classification: self.together.classification(),
            corpus: self.together.corpus(),
            categories: self.categories.iter().map(|(name, scores)| (name.clone(), summaries(scores))).collect(),
            usage: self.calls.own,
            cost: None,
            latency: latency(&self.latency_ms),
            regressed: None,
            against_first: None,
            stop_reasons: self.stop_reasons.clone(),
            failures,
            worst: std::mem::take(&mut self.worst).into_samples(),
        }
    }
}

impl Scores {
    fn add(&mut self, score: &Score) {
        let reason = match score {
            Score::Value(value) => match self.values.push(*value) {
                Ok(()) => return,
                Err(error) => error.to_string(),
            },
            Score::Unscored(reason) => reason.clone(),
        };
        *self.unscored.entry(reason).or_default() += 1;
    }

    /// Answers without a score.
    pub fn unscored(&self) -> u64 {
        self.unscored.values().sum()
    }

    fn summary(&self, name: &str) -> ScoreSummary {
        let scale = name.parse::<Measure>().map_or(Scale::Unbounded, |measure| measure.scale());
        let interval = stats::interval(&self.values, scale, CONFIDENCE);
        ScoreSummary {
            n: self.values.count(),
            unscored: self.unscored(),
            mean: self.values.mean(),
            interval: interval.map(|(interval, _)| interval),
            interval_method: interval.map(|(_, method)| method),
            min: self.values.min(),
            p50: self.values.percentile(50.0),
            p90: self.values.percentile(90.0),
            max: self.values.max(),
            unscored_reasons: self.unscored.clone(),
        }
    }
}

fn latency(values: &Distribution) -> Option<LatencySummary> {
    Some(LatencySummary {
        n: values.count(),
        mean_ms: values.mean()?,
        p50_ms: values.percentile(50.0)?,
        p90_ms: values.percentile(90.0)?,
        p99_ms: values.percentile(99.0)?,
        max_ms: values.max()?,
    })
}
