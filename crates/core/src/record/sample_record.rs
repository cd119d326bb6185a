//! A record: one sample, one model, everything that was answered, and the scores of it.

use super::answer_key::{AnswerKey, answer_key};
use super::evidence::{Piece, RecordEvidence};
use super::failure::Failure;
use crate::dataset::Sample;
use assay_model::{ModelError, Response};
use assay_score::{CheckResult, Score, check_score};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the record's format. A reader refuses a higher one.
pub(crate) const RECORD_FORMAT: u32 = 1;

/// What one model made of one sample. One line of `records/part-NNNNN.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// The version of the format: 1.
    pub format: u32,
    /// The model that was asked, or that the dataset names beside a recorded answer.
    pub model: String,
    /// The question and what is known about the right answer.
    pub sample: Sample,
    /// Whether the answer came with the dataset: then no model was called.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recorded: bool,
    /// What was collected; its lists stand among the record's keys.
    #[serde(flatten)]
    pub evidence: RecordEvidence,
    /// Set for a piece of a record that was not whole yet: one answer, written as soon as it was paid for. Pieces of a
    /// record are numbered from 0; whatever record of the same sample and model comes after them has all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub piece: Option<u32>,
    /// Why there is no answer. The scores are empty then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// A score by each scorer of the spec: the mean over the repeats.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, Score>,
    /// The checks of the spec and of the line. A check has passed when every repeat passed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckResult>,
}

impl Record {
    /// A record of answers, not scored yet.
    pub fn answered(sample: Sample, model: &str, responses: Vec<Response>) -> Self {
        Self {
            format: RECORD_FORMAT,
            model: model.to_owned(),
            sample,
            recorded: false,
            evidence: RecordEvidence::of(responses),
            piece: None,
            failure: None,
            scores: BTreeMap::new(),
            checks: Vec::new(),
        }
    }

    /// A record of an answer that came with the dataset.
    pub fn recorded(sample: Sample, model: &str, response: String) -> Self {
        let response = Response { text: Some(response), ..Response::default() };
        Self { recorded: true, ..Self::answered(sample, model, vec![response]) }
    }

    /// A record of a question that was not answered.
    pub fn failed(sample: Sample, model: &str, responses: Vec<Response>, error: &ModelError) -> Self {
        Self { failure: Some(error.into()), ..Self::answered(sample, model, responses) }
    }

    /// The piece `number` of a record of what `model` answers to `sample`. Of the sample it keeps what tells it from
    /// others: the rest is in the dataset, and comes with the whole record.
    pub fn piece(sample: &Sample, model: &str, number: u32, piece: Piece) -> Self {
        let sample = Sample { id: sample.id.clone(), line: sample.line, ..Sample::default() };
        let mut record = Self::failed(sample, model, Vec::new(), &ModelError::Stopped);
        record.piece = Some(number);
        record.evidence.add(piece);
        record
    }

    /// What this record answers.
    pub fn key(&self) -> AnswerKey {
        answer_key(&self.sample.id, &self.model)
    }

    /// The models, embeddings models and guardrails that have returned a result for it. A response that came with the
    /// dataset does not show that its model can be called.
    pub fn answerers(&self) -> impl Iterator<Item = &str> {
        let own = !self.recorded && !self.evidence.responses.is_empty();
        own.then_some(self.model.as_str()).into_iter().chain(self.evidence.examiners())
    }

    /// Whether asking again cannot change it: it is answered, or refused for good.
    pub fn is_final(&self) -> bool {
        self.failure.as_ref().is_none_or(|failure| !failure.class.is_passing())
    }

    /// Whether every check passed; `None` when nothing was checked.
    pub fn passed(&self) -> Option<bool> {
        (!self.checks.is_empty()).then(|| self.checks.iter().all(|check| check.passed))
    }

    /// The weight of the checks that passed by the weight of all, from 0 to 1; `None` when nothing was checked.
    pub fn check_score(&self) -> Option<f64> {
        check_score(&self.checks)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::record::{Failure, Toxicity};

    #[test]
    fn a_failed_sample_has_no_scores_and_is_asked_again_if_that_may_help() {
        let throttled = ModelError::Throttled { message: "x".to_owned(), retry_after: None };
        let record = Record::failed(Sample::default(), "m", Vec::new(), &throttled);
        assert!(!record.is_final());
        let rejected = ModelError::Rejected { message: "x".to_owned() };
        assert!(Record::failed(Sample::default(), "m", Vec::new(), &rejected).is_final());
    }

    #[test]
    fn whoever_answered_is_told_and_a_recorded_answer_is_nobodys() {
        let sample = || Sample { id: "a".to_owned(), ..Sample::default() };
        let mut record = Record::recorded(sample(), "m", "x".to_owned());
        record.evidence.toxicity.push(Toxicity {
            response: 0,
            source: "g".to_owned(),
            severities: BTreeMap::new(),
            failure: Some(Failure::from(&ModelError::Stopped)),
        });
        assert_eq!(record.answerers().count(), 0);
        record.evidence.toxicity[0].failure = None;
        record.recorded = false;
        assert_eq!(record.answerers().collect::<Vec<_>>(), ["m", "g"]);
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let text = Some("thirty\u{2028}days \u{1b}[1m".to_owned());
        let mut record = Record::answered(Sample::default(), "m", vec![Response { text, ..Response::default() }]);
        record.scores.insert("f1".to_owned(), Score::Value(0.1 + 0.2));
        record.evidence.toxicity.push(Toxicity {
            response: 0,
            source: "g".to_owned(),
            severities: [(assay_score::ToxicityCategory::Hate, 1.0 / 3.0)].into(),
            failure: None,
        });
        let text = serde_json::to_string(&record).unwrap();
        assert!(!text.contains('\n') && text.contains(r#""severities":{"HATE":0.333"#), "{text}");
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }

    #[test]
    fn a_piece_counts_as_not_answered_and_holds_no_more_than_it_has_to() {
        let sample = Sample { id: "a".to_owned(), prompt: "long".to_owned(), ..Sample::default() };
        let piece = Record::piece(&sample, "m", 3, Piece::Response(Response::default()));
        assert!(!piece.is_final());
        assert_eq!((piece.key(), piece.evidence.responses.len()), (answer_key("a", "m"), 1));
        assert!(!serde_json::to_string(&piece).unwrap().contains("long"));
    }
}
