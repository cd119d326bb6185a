//! The records of a finished or running run as ids and numbers, for comparing.
//!
//! What a comparison makes of them is left to `compare`; which runs are compared to the doors.

use crate::compare::{Answer, Answers};
use crate::record::{Record, for_each_record};
use crate::spec::RunError;
use crate::summary::read_summary;
use assay_store::keys::RunKeys;
use assay_store::{self as store, Place};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What all models of a run answered.
#[derive(Debug, Clone)]
pub struct RunAnswers {
    /// Where the run lies.
    pub place: Place,
    /// Its keys there.
    pub keys: RunKeys,
    /// Its id.
    pub run: String,
    /// Its suite.
    pub suite: String,
    /// When it finished; now, where it has not.
    pub finished_at: Timestamp,
    /// Whether it has a summary.
    pub is_finished: bool,
    /// The whole of `spec.json`.
    pub(super) spec: Value,
    /// What each model answered, by its id.
    pub models: BTreeMap<String, Arc<Answers>>,
}

impl RunAnswers {
    /// Reads the run; none where there is no `spec.json`. Memory grows with the number of samples, not with their
    /// texts.
    ///
    /// # Errors
    /// When the store fails, or a file of the run cannot be read.
    pub async fn read(place: &Place, keys: &RunKeys) -> Result<Option<Self>, RunError> {
        let store = &*place.store;
        let Some(body) = store::read(store, &keys.spec()).await? else { return Ok(None) };
        let spec: Value = serde_json::from_slice(&body).map_err(|error| RunError::Record {
            part: keys.spec().to_string(),
            line: error.line() as u64,
            reason: error.to_string(),
        })?;
        let finished = read_summary(store, keys).await?.map(|summary| summary.finished_at);
        let has_checks =
            spec.pointer("/spec/checks").and_then(Value::as_array).is_some_and(|checks| !checks.is_empty());
        let template = spec.pointer("/spec/prompt").and_then(Value::as_str).unwrap_or_default();
        let reading = Reading { has_checks, asks_metadata: template.contains("metadata.") };
        let mut models: BTreeMap<String, Answers> = BTreeMap::new();
        for_each_record(store, keys, |record| {
            let scores = record.scores.iter().filter_map(|(name, score)| Some((name.as_str(), score.value()?)));
            let answers = models.entry(record.model.clone()).or_default();
            answers.add(&record.sample.id, reading.answer(&record), scores);
        })
        .await?;
        let text = |name: &str| spec[name].as_str().unwrap_or_default().to_owned();
        Ok(Some(Self {
            place: place.clone(),
            keys: keys.clone(),
            run: text("run"),
            suite: text("suite"),
            finished_at: finished.unwrap_or_else(Timestamp::now),
            is_finished: finished.is_some(),
            spec,
            models: models.into_iter().map(|(model, answers)| (model, Arc::new(answers))).collect(),
        }))
    }
}

impl RunAnswers {
    /// The models: those that the managed job names, then those of the spec, each in its order, then others by name.
    pub fn in_order(&self) -> Vec<&str> {
        let lists = ["/job/models", "/spec/models"].map(|place| self.spec.pointer(place).and_then(Value::as_array));
        let listed = lists.into_iter().flatten().flatten();
        let listed: Vec<&str> = listed.filter_map(|model| model["id"].as_str()).collect();
        let place = |model: &str| listed.iter().position(|id| *id == model).unwrap_or(listed.len());
        let mut models: Vec<&str> = self.models.keys().map(String::as_str).collect();
        models.sort_by_key(|model| place(model));
        models
    }
}

/// What has to be known of a spec to read a record.
struct Reading {
    has_checks: bool,
    asks_metadata: bool,
}

impl Reading {
    fn answer(&self, record: &Record) -> Answer {
        let answered = record.failure.is_none();
        let is_checked = self.has_checks || !record.sample.checks.is_empty();
        Answer {
            line: record.sample.line,
            question: self.question(record),
            answered,
            recorded: record.recorded,
            passed: if answered { record.passed() } else { is_checked.then_some(false) },
            failing: record.checks.iter().filter(|check| !check.passed).count() as u32,
        }
    }

    /// A digest of everything that an answer is asked for and judged by.
    fn question(&self, record: &Record) -> u128 {
        let sample = &record.sample;
        let metadata = self.asks_metadata.then_some(&sample.metadata);
        let parts = (&sample.prompt, &sample.system, &sample.context, &sample.references, &sample.labels);
        let text = serde_json::to_vec(&(parts, &sample.checks, metadata)).unwrap_or_default();
        let mut first = [0; 16];
        first.copy_from_slice(&Sha256::digest(text)[..16]);
        u128::from_le_bytes(first)
    }
}
