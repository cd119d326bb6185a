//! A record: one sample, one model, everything that was answered, and the scores of it.

use super::spec::RunSpec;
use crate::dataset::Sample;
use crate::model::{FailureClass, ModelError, Response};
use crate::scorer::{Check, CheckResult, CheckSet, Evidence, Score, Scorer, check_score};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of the record's format. A reader refuses a higher one.
pub const RECORD_FORMAT: u32 = 1;

/// What one model made of one sample. One line of `records/part-NNNNN.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`RECORD_FORMAT`].
    pub format: u32,
    /// The model that was asked, or that the dataset names beside a recorded answer.
    pub model: String,
    /// The question and what is known about the right answer.
    pub sample: Sample,
    /// Whether the answer came with the dataset: then no model was called.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recorded: bool,
    /// The answers, one for each repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// Why there is no answer. The scores are empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// A score by each scorer of the spec: the mean over the repeats.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, Score>,
    /// The checks of the spec and of the line. A check has passed when every repeat passed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckResult>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What can be done about it.
    pub class: FailureClass,
    /// What the service said.
    pub message: String,
}

/// A sample and a model, as 16 bytes: what "already answered" is told by.
pub type AnswerKey = [u8; 16];

/// The key of what `model` answers to the sample `id`.
pub fn answer_key(id: &str, model: &str) -> AnswerKey {
    let mut hash = Sha256::new();
    hash.update((id.len() as u64).to_le_bytes());
    hash.update(id);
    hash.update(model);
    let mut key = AnswerKey::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

impl Record {
    /// A record of answers, not scored yet.
    pub fn answered(sample: Sample, model: &str, responses: Vec<Response>) -> Self {
        Self {
            format: RECORD_FORMAT,
            model: model.to_owned(),
            sample,
            recorded: false,
            responses,
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
        let failure = Failure { class: error.class(), message: error.to_string() };
        Self { failure: Some(failure), ..Self::answered(sample, model, responses) }
    }

    /// What this record answers.
    pub fn key(&self) -> AnswerKey {
        answer_key(&self.sample.id, &self.model)
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

/// How the answers of a run are judged.
#[derive(Debug, Clone)]
pub struct Scoring {
    scorers: Vec<Scorer>,
    checks: CheckSet,
}

impl Scoring {
    /// By scorers alone.
    pub fn by(scorers: &[Scorer]) -> Self {
        Self { scorers: scorers.to_vec(), checks: CheckSet::default() }
    }

    /// By the scorers and checks of a spec.
    ///
    /// # Errors
    /// Every check that cannot be used.
    pub fn of(spec: &RunSpec) -> Result<Self, Vec<String>> {
        Ok(Self { scorers: spec.scorers.clone(), checks: CheckSet::compile(&spec.checks)? })
    }

    /// Scores a record anew from its responses; whatever scores it had are replaced.
    pub fn judge(&self, record: &mut Record) {
        record.scores.clear();
        record.checks.clear();
        if record.failure.is_some() {
            return;
        }
        // One evidence for all scorers of an answer: they share work through it.
        let answers: Vec<Answer<'_>> =
            record.responses.iter().map(|response| answer(response, &record.sample)).collect();
        for scorer in &self.scorers {
            let scores = answers.iter().map(|answer| score(*scorer, answer)).collect();
            record.scores.insert(scorer.name().to_owned(), mean(scores));
        }
        record.checks = self.check(&record.sample.checks, &record.responses);
    }

    fn check(&self, own: &[Check], responses: &[Response]) -> Vec<CheckResult> {
        // The line's checks were compiled when the line was read, so they compile again.
        let own = if own.is_empty() { CheckSet::default() } else { CheckSet::compile(own).unwrap_or_default() };
        let mut results: Vec<CheckResult> = Vec::new();
        for response in responses {
            let round = match &response.text {
                Some(text) => [self.checks.evaluate(text), own.evaluate(text)].concat(),
                None => {
                    let all = [self.checks.evaluate(""), own.evaluate("")].concat();
                    all.into_iter().map(|result| failed(result, no_text(response))).collect()
                }
            };
            if results.is_empty() {
                results = round;
                continue;
            }
            for (result, again) in results.iter_mut().zip(round) {
                if result.passed && !again.passed {
                    *result = again;
                }
            }
        }
        results
    }
}

fn failed(result: CheckResult, reason: String) -> CheckResult {
    CheckResult { passed: false, reason: Some(reason), ..result }
}

/// What scorers see of an answer, or why they see nothing.
type Answer<'a> = Result<Evidence<'a>, String>;

fn answer<'a>(response: &'a Response, sample: &'a Sample) -> Answer<'a> {
    let text = response.text.as_ref().ok_or_else(|| no_text(response))?;
    Ok(Evidence { labels: &sample.labels, ..Evidence::new(text, &sample.references) })
}

fn score(scorer: Scorer, answer: &Answer<'_>) -> Score {
    match answer {
        Ok(evidence) => scorer.score(evidence),
        Err(reason) => Score::Unscored(reason.clone()),
    }
}

fn no_text(response: &Response) -> String {
    match &response.stop_reason {
        Some(reason) => format!("the answer has no text (stop reason {reason})"),
        None => "the answer has no text".to_owned(),
    }
}

/// The mean of what could be scored; unscored only when nothing could.
fn mean(mut scores: Vec<Score>) -> Score {
    if scores.len() == 1 {
        return scores.remove(0);
    }
    let values: Vec<f64> = scores.iter().filter_map(Score::value).collect();
    if values.is_empty() {
        return scores.pop().unwrap_or_else(|| Score::Unscored("there is no answer".to_owned()));
    }
    Score::Value(values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scorer::Assertion;

    fn response(text: Option<&str>) -> Response {
        Response { text: text.map(str::to_owned), stop_reason: Some("max_tokens".to_owned()), ..Response::default() }
    }

    fn judged(responses: Vec<Response>) -> Record {
        let sample = Sample {
            id: "a".to_owned(),
            references: vec!["thirty days".to_owned()],
            checks: vec![Check::from(Assertion::MaxLength(20)).weighing(3.0)],
            ..Sample::default()
        };
        let spec = RunSpec { checks: vec![Assertion::Icontains("THIRTY".to_owned()).into()], ..RunSpec::default() };
        let mut record = Record::answered(sample, "m", responses);
        Scoring::of(&spec).unwrap().judge(&mut record);
        record
    }

    #[test]
    fn repeats_are_averaged_and_a_check_has_to_hold_each_time() {
        let record = judged(vec![response(Some("thirty days")), response(Some("fifty days"))]);
        assert_eq!(record.scores["relevance"], Score::Value(0.75));
        assert_eq!(record.checks.iter().map(|c| c.passed).collect::<Vec<_>>(), [false, true]);
        assert_eq!((record.passed(), record.check_score()), (Some(false), Some(0.75)));
    }

    #[test]
    fn an_answer_without_text_is_unscored_and_says_why() {
        let record = judged(vec![response(None)]);
        let Score::Unscored(reason) = &record.scores["response_length"] else { unreachable!() };
        assert!(reason.contains("no text (stop reason max_tokens)"));
        assert!(record.checks.iter().all(|check| !check.passed));
    }

    #[test]
    fn a_failed_sample_has_no_scores_and_is_asked_again_if_that_may_help() {
        let throttled = ModelError::Throttled { message: "x".to_owned(), retry_after: None };
        let record = Record::failed(Sample::default(), "m", Vec::new(), &throttled);
        assert!(!record.is_final());
        let rejected = ModelError::Rejected { message: "x".to_owned() };
        assert!(Record::failed(Sample::default(), "m", Vec::new(), &rejected).is_final());
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let mut record = judged(vec![response(Some("thirty\u{2028}days \u{1b}[1m"))]);
        record.scores.insert("f1".to_owned(), Score::Value(0.1 + 0.2));
        let text = serde_json::to_string(&record).unwrap();
        assert!(!text.contains('\n'));
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}
